/** What kind of value an environment variable takes, by its name and its default. */
import type { EnvKind, EnvVar, ServiceSeed } from '../model/facts.ts';
import { basename } from '../repo/path.ts';
import { isSecretName } from '../secrets/names.ts';

/** What the other variables of the service say about one. */
export interface Neighbours {
  /** Words that name the project itself: `KEEP` in KEEP_JWT_SECRET. */
  readonly own: ReadonlySet<string>;
  /** SECRET_KEY is the second half of a cloud account's key pair. */
  readonly cloudKeys: boolean;
  /** First words of names that speak of somebody's account: `MOLLIE` beside MOLLIE_API_URL, or where mollie is imported. */
  readonly vendors?: ReadonlySet<string>;
}

export interface KindHints {
  readonly default?: string | undefined;
  readonly neighbours?: Neighbours;
}

const PLATFORM = new Set(['PORT', 'HOST', 'WEB_CONCURRENCY', 'PYTHONPATH', 'PYTHON_VERSION', 'PYTHONUNBUFFERED', 'PYTHONDONTWRITEBYTECODE', 'DYNO', 'HOME', 'PATH', 'USER', 'LOGNAME', 'SHELL', 'PWD', 'HOSTNAME', 'LANG', 'LC_ALL', 'TERM', 'TMPDIR', 'TEMP', 'TMP', 'VIRTUAL_ENV', 'CI', 'APPDATA', 'LOCALAPPDATA', 'USERPROFILE', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME', 'GITHUB_ACTIONS', 'GITLAB_CI', 'GUNICORN_CMD_ARGS', 'DJANGO_SETTINGS_MODULE', 'FLASK_APP', 'FLASK_RUN_FROM_CLI', 'WERKZEUG_RUN_MAIN', 'WERKZEUG_SERVER_FD', 'PYTEST_CURRENT_TEST', 'K_SERVICE', 'K_REVISION', 'KUBERNETES_SERVICE_HOST', 'AWS_LAMBDA_FUNCTION_NAME', 'AWS_EXECUTION_ENV', 'FUNCTIONS_WORKER_RUNTIME', 'RENDER', 'VERCEL', 'SERVER_SOFTWARE', 'INVOCATION_ID', 'PROMETHEUS_MULTIPROC_DIR', '_', 'SHLVL', 'OLDPWD', 'COLUMNS', 'LINES', 'EDITOR', 'DISPLAY', 'SYSTEMROOT', 'WINDIR', 'COMSPEC', 'PROGRAMFILES']); // biome-ignore format: a list of names
const PLATFORM_PREFIX = /^(?:RENDER|RAILWAY|HEROKU|FLY|VERCEL|WEBSITE)_(?!.*(?:KEY|TOKEN|SECRET|PASSWORD))/;

const STORE =
  '(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|PSQL|MYSQL|MARIADB|MONGO|MONGODB|SQLALCHEMY|SQL|SQLALCHEMY_DATABASE)';
const URL = new RegExp(`(?:^|_)${STORE}(?:_(?:ASYNC|SYNC|CONN|CONNECTION))?_(?:URL|URI|DSN|STRING|STR|CONN)$`);
const PARTS: readonly (readonly [RegExp, NonNullable<EnvVar['property']>])[] = [
  [new RegExp(`(?:^|_)${STORE}_(?:HOST|HOSTNAME|SERVER|SERVICE|ADDR|ADDRESS)$`), 'host'],
  [new RegExp(`(?:^|_)${STORE}_PORT$`), 'port'],
  [new RegExp(`(?:^|_)${STORE}_(?:USER|USERNAME|LOGIN)$`), 'user'],
  [new RegExp(`(?:^|_)${STORE}_(?:PASSWORD|PASS|PWD|PASSWD|PW)$`), 'password'],
  [new RegExp(`(?:^|_)${STORE}_(?:DB|NAME|DATABASE|DBNAME|DB_NAME|DATABASE_NAME)$`), 'database'],
];
const LIBPQ: Readonly<Record<string, NonNullable<EnvVar['property']>>> = {
  PGHOST: 'host',
  PGPORT: 'port',
  PGUSER: 'user',
  PGPASSWORD: 'password',
  PGDATABASE: 'database',
};
/** Stores that a name with DB in it also stands for; no attached database answers for them. */
const OTHER_STORE =
  /(?:^|_)(?:VECTOR|CHROMA|CHROMADB|REDIS|GRAPH|INFLUX|INFLUXDB|DUCK|DUCKDB|MILVUS|QDRANT|NEO4J|ARANGO|TINY|LANCE|LANCEDB|WEAVIATE|DYNAMO|DYNAMODB)(?:_|$)/;

// REDISTOGO_URL and REDISCLOUD_URL are what Heroku's add-ons set.
const REDIS = '(?:REDIS(?:TOGO|CLOUD|GREEN)?|VALKEY|KEYDB)';
const REDIS_URL = new RegExp(
  `(?:^|_)${REDIS}(?:_\\w+)?_(?:URL|URI|DSN)$|(?:^|_)(?:CELERY_)?BROKER(?:_URL|_URI)?$|(?:^|_)CELERY_(?:RESULT_)?BACKEND(?:_URL)?$|^RESULT_BACKEND$|^RQ_REDIS_URL$`,
);
const REDIS_PARTS: readonly (readonly [RegExp, NonNullable<EnvVar['property']>])[] = [
  [new RegExp(`(?:^|_)${REDIS}_(?:HOST|HOSTNAME|SERVER|ADDR|ADDRESS)$`), 'host'],
  [new RegExp(`(?:^|_)${REDIS}_PORT$`), 'port'],
  [new RegExp(`(?:^|_)${REDIS}_(?:USER|USERNAME)$`), 'user'],
  [new RegExp(`(?:^|_)${REDIS}_(?:PASSWORD|PASS|PWD)$`), 'password'],
];

/** Last words of names that speak about a secret without being one. */
const ABOUT = new Set(['EXPIRE', 'EXPIRES', 'EXPIRY', 'EXPIRATION', 'EXP', 'MINUTES', 'MINUTE', 'MINS', 'SECONDS', 'SECOND', 'SECS', 'HOURS', 'HOUR', 'DAYS', 'DAY', 'TTL', 'LIFETIME', 'AGE', 'ALGORITHM', 'ALGORITHMS', 'ALG', 'LENGTH', 'LEN', 'MIN', 'MAX', 'SIZE', 'LIMIT', 'LIMITS', 'COUNT', 'URL', 'URI', 'URLS', 'ENDPOINT', 'PREFIX', 'SUFFIX', 'HEADER', 'HEADERS', 'NAME', 'PATH', 'PATHS', 'FILE', 'FILENAME', 'DIR', 'DIRECTORY', 'FOLDER', 'TYPE', 'TYPES', 'ISSUER', 'ISS', 'AUDIENCE', 'AUD', 'ENABLED', 'DISABLED', 'REQUIRED', 'ROUNDS', 'ITERATIONS', 'REGION', 'SCHEME', 'SCHEMES', 'ROTATION', 'PROVIDER', 'MANAGER', 'LEEWAY', 'VERSION', 'FORMAT', 'FIELD', 'INTERVAL', 'TIMEOUT', 'KID', 'POLICY', 'DELAY', 'MODE', 'LOCATION', 'SAMESITE', 'SECURE', 'DOMAIN', 'METHOD', 'METHODS', 'HASHER', 'VALIDITY', 'DURATION', 'TEMPLATE', 'BACKEND', 'STORAGE', 'BUCKET', 'BLACKLIST', 'REGEX', 'PATTERN', 'ENCODING', 'STRATEGY']); // biome-ignore format: a list of names
const FLAG = /^(?:MAX|MIN|NUM|IS|HAS|CHECK|VERIFY)_|(?:^|_)(?:ENABLE|DISABLE|USE|ALLOW|SKIP|REQUIRE|MAX)_/;

/** Words of an application's own secrets: any random value will do as long as it stays the same. */
const OWN_SECRET = new Set(['SECRET', 'SECRETS', 'KEY', 'SALT', 'APP', 'APPLICATION', 'DJANGO', 'FLASK', 'FASTAPI', 'JWT', 'AUTH', 'AUTHENTICATION', 'SESSION', 'SESSIONS', 'COOKIE', 'COOKIES', 'CSRF', 'WTF', 'TOKEN', 'ACCESS', 'REFRESH', 'SIGNING', 'SIGNATURE', 'SERVER', 'BACKEND', 'MIDDLEWARE', 'SECURITY', 'PASSWORD', 'RESET', 'VERIFICATION', 'VERIFY', 'EMAIL', 'USER', 'USERS', 'HASH', 'HASHING', 'HMAC', 'NEXTAUTH', 'ID', 'INVITE', 'STATE', 'MANAGER', 'TOKENS', 'SUPER', 'SITE', 'WEB', 'MY', 'OAUTH2', 'JWS']); // biome-ignore format: a list of names
/** Words that say whose or which of several, never a vendor. */
const WHICH = new Set(['ADMIN', 'INTERNAL', 'PROD', 'PRODUCTION', 'STAGING', 'DEV', 'DEVELOPMENT', 'LOCAL', 'DEFAULT', 'MAIN', 'MASTER', 'ROOT', 'GLOBAL', 'OLD', 'NEW', 'PREVIOUS', 'LOGIN', 'SIGNUP', 'UNSUBSCRIBE', 'DOWNLOAD', 'UPLOAD', 'MAGIC', 'LINK', 'CURSOR', 'CRON', 'WORKER', 'SERVICE', 'PROJECT', 'FRONTEND', 'PUBLIC', 'CONFIRMATION', 'ACTIVATION', 'REGISTRATION', 'REMEMBER', 'OTP', 'PEPPER', 'RANDOM', 'SUPERUSER', 'ENV', 'COMMON', 'SHARED', 'SYSTEM', 'GATEWAY', 'STORE', 'HS256']); // biome-ignore format: a list of names
/** With the name of a framework it is the application's own secret, whatever stands before. */
const OWN_MARK = new Set(['DJANGO', 'FLASK', 'FASTAPI', 'CSRF']);

const SECRET_WORD =
  /^(?:KEYS?|APIKEYS?|TOKENS?|PASSWORDS?|PASSWD|PASSPHRASE|PASS|PWD|PW|SECRETS?|DSN|CREDENTIALS?|PEM|SALT|SID|PRIVKEY|MNEMONIC|MACAROON|SIGNATURE)$/;
const NOT_OWN =
  /(?:^|_)(?:FERNET|ENCRYPTION|ENCRYPT|CRYPT|PEM|RSA|PRIVATE|PUBLIC|CLIENT|WEBHOOK|API|AWS|S3|CONSUMER|BUCKET|SHOPIFY|STRIPE|PAYPAL|GITHUB|GITLAB|GOOGLE|FACEBOOK|META|INSTAGRAM|TWITTER|LINKEDIN|MICROSOFT|AZURE|APPLE|SLACK|DISCORD|TELEGRAM|TWILIO|SPOTIFY|DROPBOX|ZOOM|NOTION|PUSHER|CLOUDINARY|RAZORPAY|VAPID|CAPTCHA|RECAPTCHA|HCAPTCHA|TURNSTILE)(?:_|$)/;
const ACCOUNT = /(?:^|_)(?:SMTP|MAIL|EMAIL|EMAIL_HOST)_(?:USER|USERNAME|LOGIN)$|(?:^|_)ADMIN_(?:USER|USERNAME|LOGIN)$/;
const ADDRESS =
  /(?:^|_)(?:EMAIL|EMAILS|MAIL|PHONE|PHONE_NUMBER|FROM_NUMBER|CLIENT_ID|APP_ID|PROJECT_ID|TENANT_ID|ACCOUNT_ID|CERT_ID|DEV_ID|SUPERUSER|SUPERUSER_EMAIL|MAIL_SERVER|SMTP_HOST|SMTP_SERVER|EMAIL_HOST|MAIL_FROM|EMAILS_FROM_EMAIL)$/;
const OWN_ADDRESS =
  /(?:^|_)(?:CORS|ORIGIN|ORIGINS|ALLOWED_HOSTS?|ALLOWED_DOMAINS?|TRUSTED_HOSTS|CSRF_TRUSTED_ORIGINS|FRONTEND|CLIENT_URL|PUBLIC_URL|BASE_URL|SITE_URL|APP_URL|BACKEND_URL|SERVER_URL|REDIRECT_URI|REDIRECT_URL|CALLBACK_URL|WEBHOOK_BASE_URL|DOMAIN|FRONTEND_HOST)(?:_|$)/;
const LOCAL = /localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal/;

/**
 * The kind by https://render.com/docs/blueprint-spec#environment-variables: what the platform can generate or wire by
 * itself, what a person must supply, and what has a usable default.
 */
export function envKind(name: string, hints: KindHints = {}): EnvKind {
  const upper = flat(name);
  if (PLATFORM.has(upper) || PLATFORM_PREFIX.test(upper)) return 'platform';
  const value = hints.default;
  if (envProperty(upper) !== undefined && !(value !== undefined && DATA_FILE.test(value))) {
    if (REDIS_URL.test(upper) || REDIS_PARTS.some(([form]) => form.test(upper))) return redisOr(upper, value);
    return 'database';
  }
  return secretKind(upper, value, hints.neighbours) ?? plainOrSupply(upper, value);
}

/** In upper case, with one underscore between the words: nested settings put two, `REDIS__URL`. */
function flat(name: string): string {
  return name.toUpperCase().replace(/_{2,}/g, '_');
}

/** A file of data rather than the name of a database: `GeoLite2-City.mmdb`, `data/cities.csv`. */
const DATA_FILE = /^(?!\w[\w+]*:\/\/)[\w./ -]*\.(?:mmdb|bin|dat|csv|tsv|json|ya?ml|xml|txt|pkl|parquet|zip|gz|index)$/i;

/** Which part of a database or Redis connection a name stands for; undefined for any other name. */
export function envProperty(name: string): EnvVar['property'] {
  const upper = flat(name);
  if (LIBPQ[upper]) return LIBPQ[upper];
  if (REDIS_URL.test(upper) && !/_(?:ENABLED|TYPE)$/.test(upper)) return 'url';
  for (const [form, property] of REDIS_PARTS) if (form.test(upper)) return property;
  if (OTHER_STORE.test(upper)) return undefined;
  if (URL.test(upper)) return 'url';
  for (const [form, property] of PARTS) if (form.test(upper)) return property;
  return undefined;
}

/** A database of the tests: the deployed service has none. */
export function isTestVariable(name: string): boolean {
  return /(?:^|_)TEST(?:S|ING)?(?:_|$)/.test(name.toUpperCase());
}

/** What only an account at somebody else has. */
const ACCOUNT_OF =
  /^[A-Z0-9]+_(?:API_(?:KEY|URL|TOKEN|SECRET)|(?:PUBLIC|PUBLISHABLE|ANON|SERVICE_ROLE)_KEY|CLIENT_(?:ID|SECRET)|PROJECT_(?:ID|URL)|(?:ACCOUNT|TENANT|MERCHANT)_ID|WEBHOOK_SECRET|ISSUER|JWKS_URL)$/;
/** A word that so many names begin with is the project's own prefix. */
const PREFIX = 4;

function prefixes(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) {
    const [word = '', ...rest] = name.toUpperCase().split('_');
    if (rest.length > 0) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count >= PREFIX && count * 2 > names.length).map(([word]) => word);
}

/** What the names of one service tell about each other. */
export function neighboursOf(
  names: readonly string[],
  repository: string,
  seed: ServiceSeed,
  usesBoto: boolean,
  imported: (words: readonly string[]) => ReadonlySet<string> = () => new Set(),
): Neighbours {
  const words = [basename(repository), seed.name, seed.root, seed.entry.module];
  const own = new Set(words.flatMap((w) => w.toUpperCase().split(/[^A-Z0-9]+/)).filter((w) => w.length > 2));
  const pair = names.some((n) => /^(?:ACCESS_KEY|ACCESS_KEY_ID)$/.test(n.toUpperCase()));
  for (const word of prefixes(names)) own.add(word);
  const first = (name: string): string => name.toUpperCase().split('_')[0] ?? '';
  const foreign = (word: string): boolean => !own.has(word) && !OWN_SECRET.has(word);
  const told = names.filter((n) => ACCOUNT_OF.test(n.toUpperCase())).map(first);
  // The project's own words are imported everywhere: they are not asked for.
  const secrets = names.filter((n) => isSecretName(n.toUpperCase())).map(first);
  const brought = imported([...new Set(secrets)].filter((w) => w.length > 2 && foreign(w)));
  const vendors = new Set([...told, ...brought].filter(foreign));
  return { own, cloudKeys: pair && usesBoto, vendors };
}

function redisOr(name: string, value: string | undefined): EnvKind {
  // A broker that speaks AMQP is no Redis.
  if (value !== undefined && /^(?:amqps?|pyamqp|sqs|kafka|memory|rpc|db\+|file)/.test(value)) {
    return /^(?:memory|rpc|file)/.test(value) ? 'plain' : 'secret-supply';
  }
  return name === 'BROKER' ? 'plain' : 'redis';
}

/** Names of what somebody else hands out. */
const SUPPLIED: readonly RegExp[] = [
  /(?:SLACK|DISCORD|TEAMS).*_WEBHOOK_URL$/,
  /(?:^|_)(?:AMQP|RABBITMQ|CLOUDAMQP|SENTRY)_(?:URL|DSN)$/,
  /(?:^|_)(?:(?:AWS|S3)_ACCESS_KEY|ACCESS_KEY_ID)$/,
  ACCOUNT,
];
/** Keys and tokens of other kinds. */
const NO_SECRET =
  /(?:^|_)(?:KEY_PREFIX|CACHE_KEY|PRIMARY_KEY|SORT_KEY|PARTITION_KEY|STOP_TOKENS?|SPECIAL_TOKENS?|OUTPUT_TOKENS|INPUT_TOKENS|COMPLETION_TOKENS|NEW_TOKENS|PROMPT_TOKENS|CONTEXT_TOKENS|CHUNK_TOKENS)$/;

function secretKind(name: string, value: string | undefined, neighbours: Neighbours | undefined): EnvKind | undefined {
  if (value !== undefined && /^(?:true|false)$/i.test(value)) return undefined;
  if (value !== undefined && /^\d+$/.test(value) && /(?:^|_)TOKENS$/.test(name)) return undefined;
  // `IS_CAS_PASSWORD: "none"` is the password of something called IS CAS: a flag holds no text.
  const flag = value === undefined || /^(?:|-?\d+|true|false|yes|no|on|off)$/i.test(value);
  if (FLAG.test(name) && (flag || !/^(?:IS|HAS)_/.test(name))) return undefined;
  const words = name.split('_').filter((w) => w !== '');
  const last = words.at(-1) ?? '';
  if (SUPPLIED.some((form) => form.test(name))) return 'secret-supply';
  if (ABOUT.has(last)) return undefined;
  const named = words.some((w) => SECRET_WORD.test(w));
  const ends = SECRET_WORD.test(last) || /^(?:AUTH|B64|BASE64|URLENC|ENC|JSON)$/.test(last);
  // And what other languages and other spellings call so.
  if (!(named && ends) && !isSecretName(name)) return undefined;
  if (NO_SECRET.test(name)) return undefined;
  return isOwnSecret(words, name, value, neighbours) ? 'secret-generate' : 'secret-supply';
}

function isOwnSecret(
  words: readonly string[],
  name: string,
  value: string | undefined,
  neighbours: Neighbours | undefined,
): boolean {
  if (NOT_OWN.test(name)) return false;
  if (neighbours?.cloudKeys && /^(?:SECRET_KEY|SECRET_ACCESS_KEY|ACCESS_KEY)$/.test(name)) return false;
  if (
    !words.some((w) => w === 'SECRET' || w === 'SECRETS' || w === 'SALT') &&
    !/(?:^|_)(?:JWT|SESSION|COOKIE|SIGNING|HMAC|APP)_KEY$/.test(name)
  )
    return false;
  const foreign = words.filter((w) => !OWN_SECRET.has(w) && !WHICH.has(w) && !neighbours?.own.has(w));
  if (foreign.length === 0) return true;
  if (words.some((w) => OWN_MARK.has(w))) return true;
  // An unknown word in front may be the name of whoever issues it: a person is asked.
  if (foreign.some((w) => neighbours?.vendors?.has(w))) return false;
  // Nobody ships a working default for somebody else's key.
  return /(?:^|_)SECRET_KEY$/.test(name) && value !== undefined && value !== '';
}

/** Whose host or page it is: the platform gives it, so that no default of the sources is right. */
const OWN_HOSTS = /(?:^|_)(?:ALLOWED_HOSTS?|TRUSTED_HOSTS|CSRF_TRUSTED_ORIGINS|(?:CORS_)?(?:ALLOWED_)?ORIGINS)$/;

function plainOrSupply(name: string, value: string | undefined): EnvKind {
  if (OWN_HOSTS.test(name) && !value?.includes('*')) return 'supply';
  if (value !== undefined && /^(?:-?\d+(?:\.\d+)?|true|false)$/i.test(value)) return 'plain';
  if (OWN_ADDRESS.test(name) && !/_(?:METHODS|HEADERS|REGEX|CREDENTIALS|MAX_AGE)$/.test(name)) {
    return value === undefined || value === '' || value === '[]' || LOCAL.test(value) ? 'supply' : 'plain';
  }
  if (ADDRESS.test(name)) return value === undefined || value === '' ? 'supply' : 'plain';
  if (/(?:^|_)(?:URL|URI|ENDPOINT|HOST|DOMAIN)$/.test(name) && (value === undefined || LOCAL.test(value)))
    return 'supply';
  return 'plain';
}
