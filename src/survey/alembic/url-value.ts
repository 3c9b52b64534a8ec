/** What kind of thing stands in `sqlalchemy.url`, and how to show it. */
import { interpolatedNames } from '../../syntax/ini.ts';

const SAMPLE_USER = /^(?:user|username|your_?user(?:name)?|db_?user|<.*>)$/i;
const SAMPLE_PASSWORD = /^(?:pass|password|passwd|your_?password|db_?pass(?:word)?|<.*>)$/i;
const SAMPLE_DATABASE =
  /^(?:dbname|db_?name|database|databaseName|mydatabase|mydb|your_?(?:db|database)(?:_?name)?|<.*>)$/i;

/** `driver://user:pass@localhost/dbname` is what Alembic's own template writes: a placeholder. */
export function classifyUrl(value: string): 'literal' | 'placeholder' | 'interpolated' | 'empty' {
  const url = unquoted(value.trim());
  if (url === '') return 'empty';
  if (interpolatedNames(url).some((name) => name !== 'here')) return 'interpolated';
  const parts = partsOf(url);
  if (!parts || parts.scheme === 'driver' || /[<>{}$]/.test(url)) return 'placeholder';
  const sample =
    SAMPLE_USER.test(parts.user) && SAMPLE_PASSWORD.test(parts.password) && SAMPLE_DATABASE.test(parts.database);
  return sample ? 'placeholder' : 'literal';
}

export interface UrlParts {
  /** 'postgresql+psycopg2' */
  readonly scheme: string;
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly database: string;
}

/** The parts of an SQLAlchemy URL; undefined when it is none. https://docs.sqlalchemy.org/en/20/core/engines.html#database-urls */
export function partsOf(url: string): UrlParts | undefined {
  const mark = url.indexOf('://');
  if (mark <= 0) return undefined;
  const rest = url.slice(mark + 3);
  const login = rest.includes('@') ? rest.slice(0, rest.lastIndexOf('@')) : '';
  const place = rest.slice(login === '' ? 0 : login.length + 1);
  const slash = place.indexOf('/');
  const [user = '', ...password] = login.split(':');
  return {
    scheme: url.slice(0, mark),
    user,
    password: password.join(':'),
    host: slash < 0 ? place : place.slice(0, slash),
    database: slash < 0 ? '' : (place.slice(slash + 1).split('?')[0] ?? ''),
  };
}

/** The URL with user, password and query values hidden. */
export function maskUrl(value: string): string {
  return unquoted(value.trim())
    .replace(/:\/\/[^\n]*@/g, '://***@')
    .replace(/([?&][\w.-]+=)[^&\s]+/g, '$1***');
}

function unquoted(text: string): string {
  const [first] = text;
  return text.length > 1 && (first === '"' || first === "'") && text.endsWith(first) ? text.slice(1, -1) : text;
}
