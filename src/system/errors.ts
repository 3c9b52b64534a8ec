/** One table from the kind of an error to exit code, message and hint. What a user reads is one line, never a stack. */

interface Entry {
  /** 1 is reserved for "changes pending"; 2 is trouble; 3: all is done, but could not be told. */
  readonly exit: 2 | 3 | 130;
  /** `%s` is the detail: a path, a name, a list. */
  readonly message: string;
  readonly hint: string;
}

const TABLE = {
  usage: { exit: 2, message: '%s', hint: '`nayek --help` lists commands and options' },
  'not-a-directory': { exit: 2, message: '%s is not a folder', hint: 'give the folder of a repository' },
  'not-one-repository': {
    exit: 2,
    message: '%s',
    hint: 'give the folder of one repository; several at a time: nayek batch plan <folders>',
  },
  empty: { exit: 2, message: '%s', hint: 'give the folder that holds the sources' },
  'no-python': { exit: 2, message: '%s', hint: 'give the folder that holds the Python sources' },
  'no-service': { exit: 2, message: '%s', hint: 'give the folder of the service with -C' },
  template: { exit: 2, message: '%s', hint: 'render the template first and patch its output' },
  unreadable: { exit: 2, message: '%s cannot be read', hint: 'check that it exists and its permissions' },
  'broken-recipe': { exit: 2, message: '%s', hint: '`nayek explain` lists parts and options' },
  settings: { exit: 2, message: '%s', hint: 'docs/settings.md lists what nayek.yaml may say' },
  'broken-rule': { exit: 2, message: '%s', hint: 'docs/rules.md tells what a rule holds' },
  plugin: { exit: 2, message: '%s', hint: 'docs/plugins.md tells what a module of parts holds' },
  'broken-plan': { exit: 2, message: '%s', hint: 'save it again with --dry-run --format json -o plan.json' },
  drift: { exit: 2, message: 'changed since the plan was made: %s', hint: 'plan again; nothing was written' },
  dirty: {
    exit: 2,
    message: 'uncommitted changes in files to be patched: %s',
    hint: 'commit or stash them, or pass --allow-dirty; nothing was written',
  },
  outside: { exit: 2, message: '%s is not a regular file inside the repository', hint: 'nothing was written' },
  forbidden: { exit: 2, message: 'the plan would write what nayek never writes: %s', hint: 'nothing was written' },
  locked: { exit: 2, message: '%s', hint: 'wait until it ends; nothing was written' },
  'read-only': { exit: 2, message: 'cannot write %s', hint: 'check permissions and free space; nothing was changed' },
  'nothing-to-undo': { exit: 2, message: 'nothing to undo in %s', hint: 'no patch of nayek is recorded there' },
  'undo-changed': {
    exit: 2,
    message: 'changed since the patch: %s',
    hint: 'pass --force to restore them anyway (a copy is kept); nothing was written',
  },
  journal: { exit: 2, message: '%s', hint: 'restore the file by hand, then remove that folder' },
  'failed-part': { exit: 2, message: '%s', hint: 'leave the part out with --skip; nothing was written' },
  'not-converged': {
    exit: 2,
    message: 'internal error: %s',
    hint: 'please report it; --skip the part to go on; nothing was written',
  },
  manifest: { exit: 2, message: '%s', hint: 'docs/batch.md lists the keys of a manifest' },
  git: { exit: 2, message: '%s', hint: 'check the address, the ref and your access' },
  forge: { exit: 2, message: '%s', hint: 'check `gh auth status` or `glab auth status`' },
  engine: { exit: 2, message: '%s', hint: 'check the address, the password and that the server runs' },
  batch: { exit: 2, message: '%s', hint: '`nayek batch --help` lists commands and options' },
  system: { exit: 2, message: 'the system says %s', hint: 'check permissions, limits and free space' },
  unreported: { exit: 3, message: '%s', hint: 'nothing was lost but the report' },
  internal: { exit: 2, message: 'internal error: %s', hint: 'please report it with the output of --debug' },
  interrupted: { exit: 130, message: 'interrupted%s', hint: 'nothing was changed' },
} as const satisfies Readonly<Record<string, Entry>>;

export type ErrorKind = keyof typeof TABLE;

/** All messages and hints of the table, as ids of the catalogues: `{0}` for `%s`. */
export function errorTexts(): string[] {
  return Object.values(TABLE).flatMap(({ message, hint }) => [message.replace('%s', '{0}'), hint]);
}

/** An error that the user is told about in one line. */
export class NayekError extends Error {
  readonly kind: ErrorKind;
  readonly hint: string;

  /** `detail` is what `%s` stands for in the table; a hint given here replaces the table's. */
  constructor(kind: ErrorKind, detail: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(
      TABLE[kind].message.replace('%s', () => detail),
      { cause: options.cause },
    );
    this.name = 'NayekError';
    this.kind = kind;
    this.hint = options.hint ?? TABLE[kind].hint;
  }

  get exitCode(): 2 | 3 | 130 {
    return TABLE[this.kind].exit;
  }
}

/** How a system refuses what is asked of it. https://man7.org/linux/man-pages/man3/errno.3.html */
const REFUSED: ReadonlySet<string> = new Set([
  ...['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EBUSY'],
  ...[
    'ENAMETOOLONG',
    'ELOOP',
    'ENOTDIR',
    'EISDIR',
    'ENOENT',
    'EEXIST',
    'ENOTEMPTY',
    'ESTALE',
    'ENODEV',
    'ENXIO',
    'EXDEV',
  ],
]);

/** Anything thrown, as a NayekError. */
export function asNayekError(error: unknown): NayekError {
  if (error instanceof NayekError) return error;
  const { code, syscall, path } = (error ?? {}) as NodeJS.ErrnoException;
  // Not what a program with a fault gets, such as EBADF or EINVAL.
  if (code !== undefined && syscall !== undefined && REFUSED.has(code)) {
    return new NayekError('system', `${code} (${[syscall, path].filter(Boolean).join(' ')})`, { cause: error });
  }
  return new NayekError('internal', error instanceof Error ? error.message : String(error), { cause: error });
}

/** True for an error that the system gave: it has a code such as ENOSPC. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof (error as NodeJS.ErrnoException | undefined)?.code === 'string';
}
