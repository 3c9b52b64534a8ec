/** What a command line starts: `module:attr` under a server, a script, a module, a console command. */

import { readShell } from '../commands/lexer.ts';
import { optionValue } from '../commands/options.ts';
import { type Program, programOf, scriptOf } from '../commands/program.ts';
import { SCRIPTS } from '../knowledge/frameworks.ts';
import { applicationWord } from '../knowledge/servers.ts';
import type { Service } from '../model/facts.ts';

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

/** Options of servers that take no value. */
const FLAGS = new Set([
  '--reload', '--factory', '--preload', '--proxy-headers', '--no-access-log', '--access-log', '--no-server-header', '--debug', '--daemon', '--no-use-colors',
  '--use-colors', '--no-date-header', '--call', '--http2', '--fast', '--dev', '--capture-output', '--enable-stdio-inheritance',
]); // biome-ignore format: a list of names
const IMPORT_STRING = /^([A-Za-z_][\w.]*):([A-Za-z_][\w.]*)(\([^)]*\))?$/;

/** Programs of frameworks that run a file: `streamlit run app.py`. */
const SCRIPT_PROGRAMS: ReadonlySet<string> = new Set(SCRIPTS.flatMap(([, { words }]) => words?.[0] ?? []));

/** The word by which servers are told the application of a service: `module:attr`, or the call of a factory. */
export function applicationWordOf({ entry }: Pick<Service, 'entry'>): string {
  return `${entry.module}:${entry.attr}${entry.factory ? '()' : ''}`;
}

/** The applications and scripts that a shell line starts, in order. */
export function startTargets(line: string, depth = 0): StartTarget[] {
  const out: StartTarget[] = [];
  let folder: string | undefined;
  for (const { words } of readShell(line).commands) {
    const program = programOf(words);
    const inner = scriptOf(program);
    if (program.name === 'cd' && program.args[0]) folder = program.args[0];
    else if (inner !== undefined && depth < 3) out.push(...startTargets(inner, depth + 1));
    else {
      const target = targetOf(program);
      if (target) out.push(folder && !target.folder ? { ...target, folder } : target);
    }
  }
  return out;
}

/** True where the program of a framework is told to serve. */
function servesItself({ name, args }: Program): boolean {
  if (name === 'flask' || name === 'litestar') return args.includes('run');
  if (name === 'fastapi' && args[0] === 'dev') return true;
  return args[0] === 'run' && (name === 'fastapi' || SCRIPT_PROGRAMS.has(name));
}

/** What the program of a framework serves. */
function ofFramework(program: Program): StartTarget | undefined {
  const { name, args } = program;
  const script = args.slice(1).find((a) => a.endsWith('.py'));
  switch (name) {
    case 'fastapi':
      return { server: name, ...(script ? { script } : {}), ...(args[0] === 'dev' ? { development: true } : {}) };
    case 'flask': {
      const said = optionValue(args, ['--app', '-A']) ?? assignedIn(program, 'FLASK_APP');
      const development = args.includes('--debug') ? { development: true } : {};
      return said
        ? { server: name, ...imported(said.replace(/\.py$/, '').replaceAll('/', '.')), ...development }
        : undefined;
    }
    case 'litestar': {
      const said = optionValue(args, ['--app']) ?? assignedIn(program, 'LITESTAR_APP');
      return said ? { server: name, ...imported(said) } : undefined;
    }
    default:
      return script === undefined ? undefined : { server: name, script };
  }
}

/** What one program starts; undefined when it serves nothing and is no Python program. */
export function targetOf(program: Program): StartTarget | undefined {
  const { name, args, module } = program;
  if (applicationWord(name)) return ofServer(name, args);
  if (servesItself(program)) return ofFramework(program);
  if (module) return /^[A-Za-z_][\w.]*$/.test(name) ? { server: 'python', module: name } : undefined;
  if (!/^python[\d.]*$/.test(name)) return undefined;
  const script = args.find((arg) => !arg.startsWith('-'))?.replaceAll('\\', '/');
  return script?.endsWith('.py') ? { server: 'python', script } : undefined;
}

function ofServer(name: string, args: readonly string[]): StartTarget | undefined {
  const folder = optionValue(args, ['--chdir', '--app-dir', '--working-dir']);
  const factory = args.includes('--factory') ? { factory: true } : {};
  const development = args.includes('--reload') ? { development: true } : {};
  const extra = { ...factory, ...development, ...(folder ? { folder } : {}) };
  const target = applicationWord(name);
  if (target && typeof target !== 'string') {
    const said = optionValue(args, target);
    return said ? { server: name, ...imported(said), ...extra } : undefined;
  }
  const direct = args.find((a) => IMPORT_STRING.test(a));
  if (direct) return { server: name, ...imported(direct), ...extra };
  // Of a bare module `application` is served.
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    if (word.startsWith('-')) {
      if (!word.includes('=') && !FLAGS.has(word)) i++;
    } else if (/^[A-Za-z_]\w*(?:\.\w+)*$/.test(word) && target === 'module') {
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

function assignedIn({ assigned }: Program, name: string): string | undefined {
  return assigned.find(([key]) => key === name)?.[1];
}
