/** What a command line starts: `module:attr` under a server, a script, a module, a console command. */

export interface StartTarget {
  /** 'uvicorn', 'gunicorn', …, 'python' for a script or `-m` module. */
  readonly server: string;
  /** Dotted module. */
  readonly module?: string;
  readonly attr?: string;
  readonly factory?: boolean;
  /** Path of a script, as written. */
  readonly script?: string;
  /** Folder changes in the command itself: `cd x &&`, `--chdir`, `--app-dir`. */
  readonly folder?: string;
  /** A development server: `--reload`, `fastapi dev`, `flask run --debug`. */
  readonly development?: boolean;
}

const SERVERS = new Set(['uvicorn', 'gunicorn', 'hypercorn', 'granian', 'daphne', 'waitress-serve', 'sanic', 'uwsgi']);
/** Commands that run another command. */
const RUNNERS = new Set([
  'exec', 'nohup', 'sudo', 'time', 'env', 'poetry', 'uv', 'pipenv', 'pdm', 'rye', 'hatch', 'run', 'tini', 'dumb-init', '--', 'ddtrace-run',
  'opentelemetry-instrument', 'newrelic-admin', 'run-program', 'doppler', 'infisical', 'xvfb-run',
]); // biome-ignore format: a list of names
/** Options of servers that take no value. */
const FLAGS = new Set([
  '--reload', '--factory', '--preload', '--proxy-headers', '--no-access-log', '--access-log', '--no-server-header', '--debug', '--daemon', '--no-use-colors',
  '--use-colors', '--no-date-header', '--call', '--http2', '--fast', '--dev', '--capture-output', '--enable-stdio-inheritance',
]); // biome-ignore format: a list of names
const IMPORT_STRING = /^([A-Za-z_][\w.]*):([A-Za-z_][\w.]*)(\([^)]*\))?$/;

/** The applications and scripts that a shell line starts, in order. */
export function startTargets(line: string, depth = 0): StartTarget[] {
  const out: StartTarget[] = [];
  let folder: string | undefined;
  for (const words of simpleCommands(line)) {
    const at = words.findIndex((w) => !RUNNERS.has(w) && !w.startsWith('-') && !/^[A-Za-z_]\w*=/.test(w));
    const rest = at === -1 ? [] : words.slice(at);
    const name = basename(rest[0] ?? '');
    if (name === 'cd' && rest[1]) folder = rest[1];
    else if ((name === 'sh' || name === 'bash') && rest.includes('-c') && depth < 3) {
      out.push(...startTargets(rest[rest.indexOf('-c') + 1] ?? '', depth + 1));
    } else {
      const target = targetOf(name, rest.slice(1), words);
      if (target) out.push(folder && !target.folder ? { ...target, folder } : target);
    }
  }
  return out;
}

function targetOf(name: string, args: readonly string[], words: readonly string[]): StartTarget | undefined {
  if (/^python[\d.]*$/.test(name)) return ofPython(args, words);
  if (SERVERS.has(name)) return ofServer(name, args);
  if (name === 'fastapi' && (args[0] === 'run' || args[0] === 'dev')) {
    const script = args.slice(1).find((a) => a.endsWith('.py'));
    const development = args[0] === 'dev' ? { development: true } : {};
    return { server: 'fastapi', ...(script ? { script } : {}), ...development };
  }
  if (name === 'flask' && args.includes('run')) {
    const said = optionValue(args, ['--app', '-A']) ?? assigned(words, 'FLASK_APP');
    const development = args.includes('--debug') ? { development: true } : {};
    return said
      ? { server: 'flask', ...imported(said.replace(/\.py$/, '').replaceAll('/', '.')), ...development }
      : undefined;
  }
  if (name === 'litestar' && args.includes('run')) {
    const said = optionValue(args, ['--app']) ?? assigned(words, 'LITESTAR_APP');
    return said ? { server: 'litestar', ...imported(said) } : undefined;
  }
  return undefined;
}

function ofPython(args: readonly string[], words: readonly string[]): StartTarget | undefined {
  let i = 0;
  while (args[i]?.startsWith('-') && args[i] !== '-m' && args[i] !== '-c')
    i += args[i] === '-W' || args[i] === '-X' ? 2 : 1;
  if (args[i] === '-m') {
    const module = args[i + 1] ?? '';
    if (SERVERS.has(module) || module === 'fastapi' || module === 'flask')
      return targetOf(module, args.slice(i + 2), words);
    return /^[A-Za-z_][\w.]*$/.test(module) ? { server: 'python', module } : undefined;
  }
  const script = args[i]?.replaceAll('\\', '/');
  return script?.endsWith('.py') ? { server: 'python', script } : undefined;
}

function ofServer(name: string, args: readonly string[]): StartTarget | undefined {
  const folder = optionValue(args, ['--chdir', '--app-dir', '--working-dir']);
  const factory = args.includes('--factory') ? { factory: true } : {};
  const development = args.includes('--reload') ? { development: true } : {};
  const extra = { ...factory, ...development, ...(folder ? { folder } : {}) };
  if (name === 'uwsgi') {
    const said = optionValue(args, ['--module', '-w', '--wsgi']);
    return said ? { server: name, ...imported(said), ...extra } : undefined;
  }
  const direct = args.find((a) => IMPORT_STRING.test(a));
  if (direct) return { server: name, ...imported(direct), ...extra };
  // gunicorn and daphne accept a bare module: its `application` is served.
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    if (word.startsWith('-')) {
      if (!word.includes('=') && !FLAGS.has(word)) i++;
    } else if (/^[A-Za-z_]\w*(?:\.\w+)*$/.test(word) && (name === 'gunicorn' || name === 'daphne')) {
      return { server: name, module: word, attr: 'application', ...extra };
    }
  }
  return undefined;
}

function imported(said: string): Pick<StartTarget, 'module' | 'attr' | 'factory'> {
  const match = IMPORT_STRING.exec(said);
  if (!match) return /^[A-Za-z_][\w.]*$/.test(said) ? { module: said } : {};
  return { module: match[1] ?? '', attr: match[2] ?? '', ...(match[3] ? { factory: true } : {}) };
}

/** Value of the first of these options, as `--x v` or `--x=v`. */
function optionValue(args: readonly string[], names: readonly string[]): string | undefined {
  for (const [i, arg] of args.entries()) {
    if (names.includes(arg)) return args[i + 1];
    const name = names.find((n) => arg.startsWith(`${n}=`));
    if (name) return arg.slice(name.length + 1);
  }
  return undefined;
}

function assigned(words: readonly string[], name: string): string | undefined {
  return words.find((w) => w.startsWith(`${name}=`))?.slice(name.length + 1);
}

function basename(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1);
}

/** Words of each simple command of a shell line; quotes removed, operators split at, comments dropped. */
export function simpleCommands(line: string): string[][] {
  const out: string[][] = [];
  let words: string[] = [];
  let word: string | undefined;
  let quote = '';
  const endWord = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0) out.push(words);
    words = [];
  };
  for (const c of line) {
    if (quote !== '') {
      if (c === quote) quote = '';
      else word = (word ?? '') + c;
    } else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (c === ' ' || c === '\t') endWord();
    else if (c === ';' || c === '&' || c === '|' || c === '\n') endCommand();
    else if (c === '#' && word === undefined) break;
    else if ((c === '(' || c === ')') && (word === undefined || c === '(') && !/:\w+$/.test(word ?? '')) endCommand();
    else word = (word ?? '') + c;
  }
  endCommand();
  return out;
}
