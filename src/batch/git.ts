/**
 * The one place that runs git for a batch: nothing is asked, no hook, filter, submodule or large file is run or fetched,
 * and git sees only the part of the environment that it needs. Credentials come from git's credential helper alone.
 * https://git-scm.com/docs/git#_environment_variables
 */
import { spawn } from 'node:child_process';
import os from 'node:os';
import { mask } from '../secrets/mask.ts';
import { NayekError } from '../system/errors.ts';
import { findProgram } from '../system/program.ts';
import { say } from '../system/say.ts';

/** What git, ssh and credential helpers need to work; everything else of the environment stays outside. */
const PASSED = new Set([
  'PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TZ', 'TMPDIR', 'TEMP', 'TMP', 'XDG_CONFIG_HOME', 'XDG_RUNTIME_DIR', 'XDG_CACHE_HOME',
  'SSH_AUTH_SOCK', 'SSH_AGENT_PID', 'GIT_SSH', 'GIT_SSH_COMMAND', 'GIT_SSH_VARIANT', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM', 'GIT_SSL_CAINFO', 'GIT_SSL_CAPATH', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY',
  'NO_PROXY', 'DBUS_SESSION_BUS_ADDRESS', 'GNUPGHOME', 'GH_TOKEN', 'GH_HOST', 'GH_CONFIG_DIR', 'GH_ENTERPRISE_TOKEN', 'GITHUB_TOKEN',
  'GITLAB_TOKEN', 'GITLAB_HOST', 'GLAB_CONFIG_DIR', 'SYSTEMROOT', 'SYSTEMDRIVE', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'HOMEDRIVE',
  'HOMEPATH', 'PATHEXT', 'PROGRAMDATA', 'PROGRAMFILES', 'COMSPEC',
]); // biome-ignore format: a list of names

/** Settings that a repository or a user may have otherwise. */
const SETTINGS: readonly string[] = [
  `core.hooksPath=${os.devNull}`,
  'core.fsmonitor=false',
  'core.autocrlf=false',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'push.recurseSubmodules=no',
  'gc.auto=0',
  'maintenance.auto=false',
  'advice.detachedHead=false',
  'credential.interactive=false',
  'core.quotePath=false',
];

/** Milliseconds for a call that touches no network. */
const LOCAL_TIMEOUT = 120_000;

/** Bytes of output that are kept; a listing of a million refs is larger than any answer that is waited for here. */
const MAX_OUTPUT = 256 * 1024 * 1024;

/** Set in the environment of the worker processes of the pool. */
export const WORKER_VARIABLE = 'NAYEK_BATCH_WORKER';
const inWorker = process.env[WORKER_VARIABLE] === '1';

export interface GitOptions {
  readonly cwd?: string;
  /** Milliseconds; beyond it git and what it has started are killed. Default two minutes. */
  readonly timeout?: number;
  readonly input?: string | Buffer;
  /** Variables beside the allowlist, such as GIT_INDEX_FILE or GIT_AUTHOR_DATE. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends git when aborted. */
  readonly signal?: AbortSignal;
  /** Settings (`name=value`) beside the hygienic ones. */
  readonly settings?: readonly string[];
}

export interface GitAnswer {
  readonly status: number;
  readonly stdout: Buffer;
  /** Masked. */
  readonly stderr: string;
}

/** What a git call has said when it failed; `message` is one masked line. */
export class GitError extends NayekError {
  readonly status: number;
  /** Masked, several lines. */
  readonly stderr: string;
  /** True when it was killed because it took too long. */
  readonly timedOut: boolean;

  constructor(
    message: string,
    answer: { readonly status: number; readonly stderr: string; readonly timedOut: boolean },
  ) {
    super('git', message);
    this.status = answer.status;
    this.stderr = answer.stderr;
    this.timedOut = answer.timedOut;
  }
}

/** The environment that programs of a batch are given. Names are compared without case, as proxies are spelt both ways. */
export function allowedEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) if (PASSED.has(name.toUpperCase())) env[name] = value;
  return {
    ...env,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    // Empty is set: git then asks neither core.askPass nor SSH_ASKPASS.
    GIT_ASKPASS: '',
    SSH_ASKPASS_REQUIRE: 'never',
    GCM_INTERACTIVE: 'never',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:git:file',
    GIT_EDITOR: 'true',
    ...extra,
  };
}

/**
 * Output of a git call that succeeded, as text.
 * @throws GitError when it fails, takes too long or is not installed.
 */
export async function git(args: readonly string[], options: GitOptions = {}): Promise<string> {
  const answer = await tryGit(args, options);
  if (answer.status === 0) return answer.stdout.toString();
  throw failure(args, answer, false);
}

/**
 * A git call whose exit status says something.
 * @throws GitError when it takes too long, is aborted, or is not installed.
 */
export function tryGit(args: readonly string[], options: GitOptions = {}): Promise<GitAnswer> {
  const program = findProgram('git');
  const none = { status: -1, stderr: '', timedOut: false };
  if (!program) return Promise.reject(new GitError(say`git is not installed`, none));
  const timeout = options.timeout ?? LOCAL_TIMEOUT;
  return new Promise((resolve, reject) => {
    const settings = [...SETTINGS, ...(options.settings ?? [])].flatMap((setting) => ['-c', setting]);
    const child = spawn(program, [...settings, ...args], {
      cwd: options.cwd ?? os.tmpdir(),
      env: allowedEnvironment(options.env),
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      // A session of its own: no terminal to ask on, and one signal ends it with its transports. A worker process has
      // such a session already, and is ended with all that it has started.
      detached: !inWorker && process.platform !== 'win32',
      windowsHide: true,
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let size = 0;
    let why: 'timeout' | 'aborted' | 'output' | undefined;
    const end = (reason: NonNullable<typeof why>): void => {
      why ??= reason;
      if (inWorker) child.kill('SIGKILL');
      else killGroup(child.pid);
    };
    const timer = setTimeout(() => end('timeout'), timeout);
    const abort = (): void => end('aborted');
    options.signal?.addEventListener('abort', abort);
    if (options.signal?.aborted) abort();
    child.stdout?.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_OUTPUT) end('output');
      else out.push(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      if (err.length < 1000) err.push(chunk);
    });
    const settle = (status: number): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
      const answer = { status, stdout: Buffer.concat(out), stderr: mask(Buffer.concat(err).toString()) };
      if (!why) {
        resolve(answer);
        return;
      }
      const said = {
        timeout: say`took longer than ${timeout / 1000} s`,
        aborted: say`was stopped`,
        output: say`said too much`,
      };
      reject(new GitError(`git ${verb(args)} ${said[why]}`, { ...answer, timedOut: why === 'timeout' }));
    };
    child.on('error', (error) => {
      err.push(Buffer.from(error.message));
      settle(-1);
    });
    child.on('close', (status) => settle(status ?? -1));
    // A git that ends at once closes the pipe; its exit status says enough.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input);
  });
}

/** Ends a process that leads a group, with everything in it. */
export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** A failed answer as an error of one line. */
export function failure(args: readonly string[], answer: GitAnswer, timedOut = false): GitError {
  const lines = answer.stderr.split('\n').map((line) => line.trim());
  const telling = lines.find((line) => /^(?:fatal|error|remote: error)/i.test(line)) ?? lines.find((l) => l !== '');
  const said = (telling ?? `exit ${answer.status}`).replace(/^(?:fatal|error): /, '');
  return new GitError(`git ${verb(args)}: ${said}`, { ...answer, timedOut });
}

/** The sub-command: the first argument that is neither an option nor an option's value. */
function verb(args: readonly string[]): string {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '-C' || arg === '-c') i++;
    else if (!arg.startsWith('-')) return arg;
  }
  return '';
}
