/**
 * Which distribution gives a module, and what a distribution brings. The names of modules are those of the wheels' own
 * RECORD; what is brought is what a resolver installs: brings.json tells the day, `npm run brings` makes it anew.
 */
import resolved from './brings.json' with { type: 'json' };

export { isStandard } from '../system/standard-modules.ts';

/** Module → the distributions that give it, the usual one first. Only where the name is another one. */
const MODULES: Readonly<Record<string, readonly string[]>> = {
  PIL: ['pillow'],
  OpenSSL: ['pyopenssl'],
  Crypto: ['pycryptodome', 'pycrypto'],
  MySQLdb: ['mysqlclient'],
  allauth: ['django-allauth'],
  attr: ['attrs'],
  bs4: ['beautifulsoup4', 'bs4'],
  corsheaders: ['django-cors-headers'],
  cv2: ['opencv-python-headless', 'opencv-python', 'opencv-contrib-python', 'opencv-contrib-python-headless'],
  crispy_forms: ['django-crispy-forms'],
  dateutil: ['python-dateutil'],
  debug_toolbar: ['django-debug-toolbar'],
  decouple: ['python-decouple'],
  discord: ['discord-py', 'py-cord'],
  django_filters: ['django-filter'],
  docx: ['python-docx'],
  dotenv: ['python-dotenv', 'dotenv'],
  email_validator: ['email-validator'],
  environ: ['django-environ', 'environ-config'],
  faiss: ['faiss-cpu', 'faiss-gpu'],
  firebase_admin: ['firebase-admin'],
  fitz: ['pymupdf'],
  flask_bcrypt: ['flask-bcrypt'],
  flask_jwt_extended: ['flask-jwt-extended'],
  flask_sqlalchemy: ['flask-sqlalchemy'],
  git: ['gitpython'],
  github: ['pygithub'],
  'google.generativeai': ['google-generativeai'],
  'google.genai': ['google-genai'],
  'google.auth': ['google-auth'],
  'google.oauth2': ['google-auth'],
  'google.cloud.storage': ['google-cloud-storage'],
  'google.cloud.bigquery': ['google-cloud-bigquery'],
  'google.cloud.firestore': ['google-cloud-firestore', 'firebase-admin'],
  'google.protobuf': ['protobuf'],
  googleapiclient: ['google-api-python-client'],
  google_auth_oauthlib: ['google-auth-oauthlib'],
  jose: ['python-jose'],
  jwt: ['pyjwt'],
  langchain_community: ['langchain-community'],
  magic: ['python-magic'],
  multipart: ['python-multipart', 'multipart'],
  mysql: ['mysql-connector-python'],
  nacl: ['pynacl'],
  passlib: ['passlib', 'libpass'],
  psycopg2: ['psycopg2-binary', 'psycopg2'],
  psycopg: ['psycopg', 'psycopg-binary'],
  pydantic_settings: ['pydantic-settings'],
  pymysql: ['pymysql'],
  pythonjsonlogger: ['python-json-logger'],
  rest_framework: ['djangorestframework'],
  rest_framework_simplejwt: ['djangorestframework-simplejwt', 'djangorestframework-jwt'],
  sentry_sdk: ['sentry-sdk'],
  serial: ['pyserial'],
  sklearn: ['scikit-learn'],
  slugify: ['python-slugify', 'unicode-slugify', 'slugify'],
  socketio: ['python-socketio'],
  engineio: ['python-engineio'],
  speech_recognition: ['speechrecognition'],
  telegram: ['python-telegram-bot'],
  telebot: ['pytelegrambotapi'],
  whisper: ['openai-whisper'],
  yaml: ['pyyaml', 'ruamel-yaml'],
  zmq: ['pyzmq'],
};

/** Server, or what it needs → those that bring it and that brings.json does not list; with an extra where only that does. */
const BESIDES: Readonly<Record<string, readonly string[]>> = {
  uvicorn: [
    'uvicorn-worker', 'fastapi-cli', 'litestar[standard]', 'litestar[full]', 'fastmcp', 'gradio', 'nicegui', 'chromadb',
    'langserve[server]', 'langserve[all]', 'prefect', 'datasette', 'reflex', 'ray[serve]', 'bentoml', 'marimo',
    'open-webui', 'google-adk', 'strawberry-graphql[debug-server]', 'mlflow',
  ],
  gunicorn: ['uvicorn-worker', 'mlflow', 'apache-superset', 'apache-airflow', 'rasa', 'label-studio', 'netbox'],
  hypercorn: ['quart', 'emmett'],
  waitress: ['mlflow', 'pyramid'],
  granian: ['emmett', 'reflex'],
  flask: ['connexion[flask]', 'mlflow', 'apache-superset'],
  uwsgi: ['pyuwsgi'],
  eventlet: ['gunicorn[eventlet]'],
  gevent: ['gunicorn[gevent]', 'gevent-websocket', 'locust'],
  tornado: ['gunicorn[tornado]', 'jupyter-server', 'notebook', 'streamlit', 'bokeh'],
  websockets: ['gradio', 'gradio-client'],
}; // biome-ignore format: a table

interface Brought {
  /** ISO date of the resolver's run. */
  readonly date: string;
  /** Version of that day, and its requires-python. */
  readonly newest: Readonly<Record<string, readonly string[]>>;
  /** What a requirement keeps below the newest version, with the specifier that does. */
  readonly holds: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Top-level modules of a distribution, where they are not its name alone; of a namespace, those below it. */
  readonly modules: Readonly<Record<string, readonly string[]>>;
  /** Requirement, with an extra where it has one → the names of all that comes with it, sorted, with blanks between. */
  readonly brings: Readonly<Record<string, string>>;
}

// The compiler gives each object of the JSON every key of the others.
const data = resolved as unknown as Brought;

/** The day on which `bringsOf` was true, ISO. */
export const BROUGHT_ON: string = data.date;

/** Distributions that give a dotted module, the usual one first; undefined where nobody knows. */
export function distributionsOf(module: string): readonly string[] | undefined {
  const parts = module.split('.');
  givers ??= giversOf();
  for (let length = parts.length; length > 0; length--) {
    const prefix = parts.slice(0, length).join('.');
    if (Object.hasOwn(MODULES, prefix)) return MODULES[prefix];
    const found = givers.get(prefix);
    if (found) return found;
  }
  return undefined;
}

/** True where one of the distributions (normalised names) is named like a module. */
export function namedLike(top: string, distributions: readonly string[]): boolean {
  const plain = top.toLowerCase().replaceAll('_', '-');
  const bare = plain.replaceAll('-', '');
  return distributions.some((name) => name.replaceAll('-', '').includes(bare) || plain.includes(name));
}

let givers: Map<string, string[]> | undefined;

/** Module → distributions; one that bears its name first. */
function giversOf(): Map<string, string[]> {
  const out = new Map<string, string[]>();
  for (const name of Object.keys(data.brings)) {
    if (name.includes('[')) continue;
    const own = name.replaceAll('-', '_');
    for (const module of data.modules[name] ?? [own]) {
      const known = out.get(module);
      if (!known) out.set(module, [name]);
      else if (module === own) known.unshift(name);
      else known.push(name);
    }
  }
  return out;
}

/** The newest version on the day of the data, where it is known. */
export function newestOf(name: string): string | undefined {
  return Object.hasOwn(data.newest, name) ? data.newest[name]?.[0] : undefined;
}

/** The specifier of the Pythons that the newest version runs on; '' for any. */
export function pythonOf(name: string): string | undefined {
  return Object.hasOwn(data.newest, name) ? data.newest[name]?.[1] : undefined;
}

/** The specifier by which a requirement keeps another one below its newest version; undefined where none does. */
export function heldBy(name: string, extras: readonly string[], other: string): string | undefined {
  const all = [name, ...extras.map((extra) => `${name}[${extra}]`)];
  return all.map((one) => data.holds[one]?.[other]).find((specifier) => specifier !== undefined);
}

/** What an install of a requirement brings, itself included; undefined where it is not known. `name` is normalised. */
export function bringsOf(name: string, extras: readonly string[]): readonly string[] | undefined {
  const bare = broughtBy(name);
  if (!bare || extras.length === 0) return bare;
  const more = extras.map((extra) => broughtBy(`${name}[${extra}]`));
  return more.includes(undefined) ? undefined : [bare, ...more].flatMap((m) => m ?? []);
}

/** Of a requirement as the data have it; a drift row asks for the same ones again and again. */
function broughtBy(one: string): readonly string[] | undefined {
  const known = lists.get(one);
  if (known) return known;
  const text = Object.hasOwn(data.brings, one) ? data.brings[one] : undefined;
  const list = text === '' ? [] : text?.split(' ');
  if (list) lists.set(one, list);
  return list;
}

const lists = new Map<string, readonly string[]>();

/** True where an install of a requirement (`name` normalised) is known to bring `wanted`. */
export function brings(name: string, extras: readonly string[], wanted: string): boolean {
  return ['', ...extras.map((extra) => `[${extra}]`)].some((suffix) => {
    const one = name + suffix;
    return broughtBy(one)?.includes(wanted) || BESIDES[wanted]?.includes(one) || false;
  });
}

/** How many known distributions bring one along. */
export function bringersOf(name: string): number {
  if (!counts) {
    counts = new Map();
    for (const [bringer, brought] of Object.entries(data.brings)) {
      if (bringer.includes('[')) continue;
      for (const one of brought.split(' ')) if (one !== bringer) counts.set(one, (counts.get(one) ?? 0) + 1);
    }
  }
  return counts.get(name) ?? 0;
}

let counts: Map<string, number> | undefined;
