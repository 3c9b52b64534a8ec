/** Values in the place of what only the user knows: of a shape that a program takes, and good for nothing. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Evidence } from '../model/facts.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { sourceLine } from '../repo/source-line.ts';
import { isCompose } from '../survey/commands.ts';
import { isNotDeployed } from '../survey/deployed.ts';
import { literally } from '../system/pattern.ts';

/** Types of fields and conversions, and a value that each takes. */
const TYPED: readonly (readonly [RegExp, string])[] = [
  [/^(?:int|PositiveInt|NonNegativeInt|conint)$/, '587'],
  [/^(?:float|Decimal|PositiveFloat)$/, '1.5'],
  [/^bool$/, 'false'],
  [/^(?:HttpUrl|AnyUrl|AnyHttpUrl)$/, 'https://stand-in.example'],
  [/^(?:EmailStr|NameEmail)$/, 'stand-in@stand-in.example'],
  [/^(?:list|List|set|Set|tuple|Tuple|Sequence)$/, '[]'],
  [/^(?:dict|Dict|Mapping|Json|loads)$/, '{}'],
  [/^b64decode$/, 'c3RhbmQtaW4='],
  [/^(?:UUID|UUID4)$/, '3f0e5c1a-7a4b-4b0e-9b53-2f5d8e6c1a90'],
  [/^(?:IPv4Address|IPvAnyAddress)$/, '127.0.0.1'],
];

/** Source of a regular expression: `int(NAME)`, `json.loads(os.environ["NAME"])`, `b64decode(settings.NAME)`. */
function takenBy(name: string): string {
  return `\\b(int|float|loads|b64decode)\\(\\s*(?:[\\w.]+[.([]\\s*)?["']?${name}\\b`;
}

/** The type that the line gives its variable: `port: int`, `port: int | None = Field(…)`, `int(os.environ["PORT"])`. */
function typedValue(name: string, line: string): string | undefined {
  const field = /^\s*\w+\s*:\s*(?:\w+\.)?(?:Optional\[|Annotated\[)?\s*(?:\w+\.)?(\w+)/.exec(line)?.[1];
  const called = /\b(int|float)\(\s*(?:os\.|environ|getenv|config|env)/.exec(line)?.[1];
  const cast = /\b(?:cast|type|converter)\s*=\s*(int|float|bool)\b/.exec(line)?.[1];
  const taken = new RegExp(takenBy(literally(name))).exec(line)?.[1];
  const choices = chosenFrom(line);
  if (choices) return choices;
  const types = [field, called, cast, taken].filter((type) => type !== undefined);
  return TYPED.find(([form]) => types.some((type) => form.test(type)))?.[1];
}

/** `kind: Literal["mysql", "postgresql"]`: PostgreSQL is what runs here, else the first. */
function chosenFrom(line: string): string | undefined {
  const listed = /^\s*\w+\s*:\s*(?:\w+\.)?(?:Optional\[)?(?:\w+\.)?Literal\[([^\]\n]*)\]/.exec(line)?.[1];
  const texts = [...(listed ?? '').matchAll(/(["'])([^"'\\\n]+)\1/g)].map(([, , text = '']) => text);
  return texts.find((text) => /^postgres(?:ql)?$/i.test(text)) ?? texts[0];
}

/** What the sources tell of a value that only the user knows. */
export interface Hints {
  /** How the code reads it, as it is written; behind it, the lines that ask how it begins. */
  readonly line?: string;
  /** What the code takes where it is not set: of the same form as what a person would set. */
  readonly like?: string;
  /** The command of a shell that makes one. */
  readonly make?: string;
  /** What the code takes the value into. */
  readonly parts?: { readonly separator: string; readonly count: number };
}

/** `host` is the name that the service is asked by. */
export function standIn(name: string, host: string, hints: Hints = {}): string {
  const made = hints.make === undefined ? '' : output(hints.make);
  const whole = made === '' ? shaped(name, host, hints) : made;
  const value = hints.parts ? inParts(whole, hints.parts) : whole;
  const asked = [...(hints.line ?? '').matchAll(/\.startswith\(([^()\n]*|\([^()\n]*\))\)/g)].map(([, all = '']) => all);
  const begins = asked.flatMap((all) => Array.from(all.matchAll(/(["'])([^"'\\]+)\1/g), ([, , text = '']) => text));
  return begins.some((text) => value.startsWith(text)) ? value : `${begins[0] ?? ''}${value}`;
}

/** As many parts as the code takes it into, where it has not got them. */
function inParts(value: string, { separator, count }: NonNullable<Hints['parts']>): string {
  return value.split(separator).length === count ? value : Array<string>(count).fill('stand-in').join(separator);
}

function shaped(name: string, host: string, { line = '', like }: Hints): string {
  const typed = typedValue(name, line);
  if (typed !== undefined && !/ORIGINS?(?:_|$)|HOSTS?$/i.test(name)) return typed;
  if (/FERNET|ENCRYPTION_KEY|ENCRYPT_KEY/i.test(name)) return urlSafe(randomBytes(32));
  if (/(?:^|_)(?:ALLOWED_HOSTS?|TRUSTED_HOSTS?)$/i.test(name)) {
    const hosts = [host, 'localhost', '127.0.0.1'];
    return readsJson(line, like) ? JSON.stringify(hosts) : hosts.join();
  }
  // Flask answers 404 to another host. https://flask.palletsprojects.com/en/stable/config/#SERVER_NAME
  if (/(?:^|_)SERVER_NAME$/i.test(name)) return host;
  if (/ORIGINS?(?:_|$)|CORS/i.test(name)) return origins(line, like);
  const usable = /^(?:\d+(?:\.\d+)?|true|false)$/i.test(like ?? '') ? like : undefined;
  if (usable !== undefined) return usable;
  if (/EMAIL|(?:^|_)(?:SENDER|MAIL_FROM)|(?:^|_)FROM$/i.test(name)) return 'stand-in@stand-in.example';
  if (/PORT$|TIMEOUT|SECONDS|MINUTES|_SIZE$|_LIMIT$/i.test(name)) return '587';
  // https://cloudinary.com/documentation/cloudinary_sdks#configuration_parameters
  if (/CLOUDINARY_URL$/i.test(name)) return 'cloudinary://stand-in:stand-in@stand-in';
  if (/DSN$/i.test(name)) return '';
  const port = new RegExp(`\\b${literally(name)}["']?\\s*[:=]\\s*["']?[\\w.-]+:(\\d+)["']?\\s*$`, 'm').exec(line)?.[1];
  if (port !== undefined) return `stand-in.example:${port}`;
  const written = new RegExp(`\\b${literally(name)}\\b.*["']([a-z][a-z0-9+.-]*://[^/])`, 'i').exec(line)?.[1];
  const scheme = /^([a-z][a-z0-9+.-]*):\/\/(?!\/)/i.exec(like ?? written ?? '')?.[1];
  if (scheme !== undefined) return `${scheme}://stand-in.example`;
  if (/UR[LI]$|ENDPOINT$|WEBHOOK|_BASE$/i.test(name)) return 'https://stand-in.example';
  if (/HOST(?:NAME)?$|SERVER$|DOMAIN$/i.test(name)) return 'stand-in.example';
  return 'stand-in';
}

/** A list in JSON, or as texts are taken apart; where nothing is known of how it is read, in JSON. */
function origins(line: string, like: string | undefined): string {
  const plain = 'https://stand-in.example';
  return (line === '' && !like) || readsJson(line, like) ? `["${plain}"]` : plain;
}

/** True where the default is a list in JSON, or a typed field or a parser of JSON takes it. */
function readsJson(line: string, like: string | undefined): boolean {
  const written = like?.trim();
  if (written) return written.startsWith('[');
  return /^\s*\w+\s*:.*\b(?:list|set|tuple|frozenset|Sequence|Iterable)\b/i.test(line) || /\bjson\b/i.test(line);
}

/** What the report tells a person to run; '' where this machine has no such program. */
function output(command: string): string {
  const { status, stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8', timeout: 10_000, cwd: '/' });
  return status === 0 ? stdout.trim() : '';
}

/** As Fernet wants its key. https://cryptography.io/en/latest/fernet/ */
function urlSafe(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

/** The line that reads a variable, and those that ask how its value begins, or take it for a number or the like. */
export function sourceOf(repo: Snapshot, name: string, at: Evidence | undefined): string | undefined {
  const lines = (path: string): string[] => repo.read(path)?.text.split('\n') ?? [];
  const asks = new RegExp(`\\b${literally(name)}\\b["')\\]]*\\.startswith\\(|${takenBy(literally(name))}`);
  const asking = repo.matching(
    repo.paths.filter((p) => p.endsWith('.py') && !isNotDeployed(p)),
    asks,
  );
  // What compose gives it says its form: `MINIO_ENDPOINT=minio:9000`.
  const given = new RegExp(`^\\s*-?\\s*["']?${literally(name)}["']?\\s*[:=]`);
  const found = [
    ...(at ? [readAt(repo, at)] : []),
    ...asking.flatMap(lines).filter((l) => asks.test(l)),
    ...repo.paths
      .filter(isCompose)
      .flatMap(lines)
      .filter((l) => given.test(l)),
  ];
  return found.length === 0 ? undefined : found.join('\n');
}

/** A line, with the one before where that opens the call around it. */
function readAt(repo: Snapshot, at: Evidence): string {
  const before = sourceLine(repo, { ...at, line: at.line - 1 });
  return before.trimEnd().endsWith('(') ? `${before}\n${sourceLine(repo, at)}` : sourceLine(repo, at);
}
