/** Where a database or a Redis is, and the parts of it that an environment variable may ask for. */

export interface Connection {
  /** 'postgresql', 'redis', 'mysql+pymysql', … */
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Query of the URL with its '?', or ''. */
  readonly query: string;
}

/** As a platform hands it over. */
export function connectionUrl(to: Connection): string {
  const password = to.password === '' ? '' : `:${encodeURIComponent(to.password)}`;
  const user = to.user === '' && password === '' ? '' : `${encodeURIComponent(to.user)}${password}@`;
  return `${to.scheme}://${user}${to.host}:${to.port}${to.database === '' ? '' : `/${to.database}`}${to.query}`;
}

/** Undefined for a text that is no URL with a host. */
export function readConnection(url: string): Connection | undefined {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(url) ?? [];
  if (!scheme || rest === undefined || !URL.canParse(`x://${rest}`)) return undefined;
  const parsed = new URL(`x://${rest}`);
  if (parsed.hostname === '') return undefined;
  return {
    scheme,
    host: parsed.hostname,
    port: Number(parsed.port) || (scheme.startsWith('redis') ? 6379 : scheme.startsWith('mysql') ? 3306 : 5432),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    database: parsed.pathname.replace(/^\//, ''),
    query: parsed.search,
  };
}

/** A property of Render's `fromDatabase` and `fromService`. https://render.com/docs/blueprint-spec#environment-variables */
export function propertyOf(to: Connection, property: string): string | undefined {
  switch (property) {
    case 'connectionString':
    case 'connectionPoolString':
    case 'url':
      return connectionUrl(to);
    case 'host':
      return to.host;
    case 'port':
      return String(to.port);
    case 'hostport':
      return `${to.host}:${to.port}`;
    case 'user':
      return to.user;
    case 'password':
      return to.password;
    case 'database':
      return to.database;
    default:
      return undefined;
  }
}
