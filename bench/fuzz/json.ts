/** Damage to a JSON document that keeps most of its structure, so that it gets past the first check. */

export type Random = (bound: number) => number;

/** What stands in no sound document, and is known to lead programs astray. */
const ODD: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    0.5,
    1e308,
    Number.MAX_SAFE_INTEGER,
    '',
    ' ',
    '0',
    'null',
    [],
    {},
    [[]],
    [null],
    { a: {} },
  ],
  ...['\u0000', '\x1b]0;x\x07', '\u202egnp', '\ud800', 'é\u0301', '%s%n', '$(id)', '`id`', '-rf', 'a\nb', '\\', '"'],
  ...['__proto__', 'constructor', 'toString', 'x'.repeat(5000), 'HEAD', 'refs/heads/x', '0'.repeat(40), '0'.repeat(64)],
];

/** Names that must never be written. */
export const BAD_NAMES: readonly string[] = [
  ...[
    '../victim/file',
    '../victim/new',
    '/etc/nayek-victim',
    'a/../../victim/file',
    './x',
    'a//b',
    '..',
    '.',
    '\\x',
    'C:x',
  ],
  ...[
    '.git/config',
    '.git/hooks/pre-commit',
    '.GIT/config',
    '.git\u200c/config',
    'git~1/config',
    '.git /config',
    '.git./x',
  ],
  ...['.nayek/steps/0001', '.env', 'deploy/.env', 'poetry.lock', 'uv.lock', '.venv/bin/python', 'node_modules/x.js'],
  ...['made/x.py', 'app.log', 'link/file', 'link', 'linked.py', 'app', 'app/main.py/x', 'n'.repeat(300), 'APP/main.py'],
];

type Container = unknown[] | Record<string, unknown>;

/** Changes `document` at one to three places. */
export function damage(document: Container, random: Random): void {
  for (let n = random(3); n >= 0; n--) damageOnce(document, random);
}

function damageOnce(document: Container, random: Random): void {
  const places = placesIn(document);
  const place = places[random(places.length)];
  if (!place) return;
  const { holder, key } = place;
  const value = (holder as Record<string, unknown>)[key];
  const set = (other: unknown): void => {
    (holder as Record<string, unknown>)[key] = other;
  };
  switch (random(8)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      break;
    case 1:
      if (Array.isArray(holder)) holder.push(structuredClone(value));
      else holder[`${key}x`] = value;
      break;
    case 2: {
      const other = places[random(places.length)];
      if (other) set(structuredClone((other.holder as Record<string, unknown>)[other.key]));
      break;
    }
    case 3:
      if (typeof value === 'string' && value !== '') set(spoilt(value, random));
      else if (typeof value === 'number') set(value + (random(2) ? 1 : -1));
      else set(ODD[random(ODD.length)]);
      break;
    case 4:
      set(BAD_NAMES[random(BAD_NAMES.length)]);
      break;
    default:
      set(structuredClone(ODD[random(ODD.length)]));
  }
}

function spoilt(text: string, random: Random): string {
  const at = random(text.length);
  const pieces = ['', 'x', '\n', '/', '..', '\u200c', text.slice(0, 3)];
  return text.slice(0, at) + pieces[random(pieces.length)] + text.slice(at + random(3));
}

interface Place {
  readonly holder: Container;
  readonly key: string;
}

function placesIn(document: Container): Place[] {
  const out: Place[] = [];
  const open: Container[] = [document];
  for (let holder = open.pop(); holder; holder = open.pop()) {
    for (const [key, value] of Object.entries(holder)) {
      out.push({ holder, key });
      if (typeof value === 'object' && value !== null) open.push(value as Container);
    }
  }
  return out;
}
