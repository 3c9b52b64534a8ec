/** What nayek must be told of a dependency manager: the type of a row of `managers.ts`. */
import type { LockContent } from './lock-content.ts';

/** A key path in a TOML file. `*` stands for any name: there it is the name of the group. */
export type KeyPath = readonly string[];

/** A list of requirements in a TOML file: an array of PEP 508 strings, or a table of `name = "version"`. */
export interface RequirementList {
  readonly style: 'strings' | 'table';
  readonly key: KeyPath;
  /** - `main`: always installed - `extra`: as `.[name]` - `group`: only when asked for. */
  readonly part: 'main' | 'extra' | 'group';
  /** Name of the group, where the key has no `*`. */
  readonly group?: string;
  /** Of a `*` at the top of the file: tables that are no list. Of the others those count that hold a server. */
  readonly besides?: readonly string[];
}

/** Who reads a kind of project file; each grammar has one reader and one way to add an entry. */
export type Grammar = 'toml' | 'requirements' | 'setup.cfg' | 'setup.py' | 'conda';

/** A kind of file that declares what is to be installed. */
export interface ProjectFile {
  readonly grammar: Grammar;
  /** File names; for requirements files a pattern tells them. */
  readonly names: readonly string[];
  /** Of a TOML file, in the order in which they are read. */
  readonly lists?: readonly RequirementList[];
  /** Of a TOML file: it is of this kind only where this table exists. */
  readonly mark?: KeyPath;
  /** Read where no other kind of the same file declares anything. */
  readonly last?: true;
  /** Keys that name requirement files instead of a list. */
  readonly files?: readonly KeyPath[];
  /** Table of the commands that an installation puts on the PATH. */
  readonly scripts?: KeyPath;
  /** Where it names the version of Python, first match first: the one in use, or one that is admitted. */
  readonly python?: { readonly says: 'version' | 'specifier'; readonly keys: readonly KeyPath[] };
}

/** A project to be installed. Paths are quoted, as seen from the folder that the command runs in. */
export interface Installing {
  /** Folder of the project file; '.' for the same one. */
  readonly folder: string;
  readonly file: string;
  /** True where a lock (or the repository's own build) says that the tool itself installs. */
  readonly locked: boolean;
  readonly extras: readonly string[];
  readonly groups: readonly string[];
  /** There is no project, only groups. */
  readonly alone?: boolean;
  /** Name of a workspace member that is installed alone. */
  readonly member?: string;
}

/** What a command does that adds packages. */
export interface Adding {
  /** Quoted, with a blank between two. */
  readonly packages: string;
  /** Extra or group that they go to; undefined for the main list. */
  readonly group?: string;
}

/** A tool with an environment of its own: what pip is not. */
export interface Tool {
  /** The file that it holds versions in. */
  readonly lock?: {
    readonly file: string;
    /** The project file that it belongs to, where that is not pyproject.toml. */
    readonly of?: string;
    /** - `toml`: `name = "x"` and `version = "1"` in two lines - `json`: Pipfile.lock. */
    readonly grammar: 'toml' | 'json';
    /** List of folders in the root's pyproject.toml whose projects share its lock. */
    readonly workspace?: KeyPath;
    /** The command that brings it up to date with the project file. */
    readonly renew: string;
    /** SHA-256 of what it was made from: where it stands, of what it is taken, with blanks between JSON's words or not. */
    readonly hash?: { readonly key: KeyPath; readonly of: LockContent; readonly blanks: boolean };
    /** An install from a lock with another hash stops. */
    readonly stopsWhenOld?: true;
  };
  /** Table that says where listed names come from: `{ path = … }`, `{ workspace = true }`. */
  readonly sources?: KeyPath;
  /** `uv sync`: the words behind the tool's name in a command that installs a project. */
  readonly installs: readonly string[];
  /** Words before a command that is to run in the environment: `uv run`. */
  readonly run: string;
  /** Options of that command that take a value. */
  readonly valued: readonly string[];
  /** The command that adds packages and brings the lock up to date; undefined where the file is edited by hand. */
  readonly add: ((adding: Adding) => string) | undefined;
  /** Words behind the tool's name in commands that bring a lock up to date. */
  readonly locks: readonly string[];
  /** Writes a requirements file from the lock; undefined when the tool cannot. */
  readonly export: ((target: string) => string) | undefined;
  /** Assignments, with a blank behind, that make the environment `.venv` beside the project file. */
  readonly beside: string;
  /** Assignments, with a blank behind, without which the active environment is not the one installed into; '' for none. */
  readonly active: string;
  /** Words before a command in an environment that the tool makes although another one is active; undefined: it makes none. */
  readonly own: string | undefined;
  /** Debian's package, where there is one that the commands work with. */
  readonly debian: string | undefined;
  /** Beginning of the variables that it is configured by: `UV_`. */
  readonly variables: string | undefined;
}

export interface Manager {
  /** Kinds of project files that it is the usual installer of, by the name of the form. */
  readonly projects: Readonly<Record<string, ProjectFile>>;
  /** The command that installs a project. */
  readonly install: (project: Installing) => string;
  /** False where Render and a plain server have no way to run that command. */
  readonly deploys: boolean;
  /** Name in the header of requirement files that it writes ("autogenerated by pip-compile"). */
  readonly header?: string;
  /** Compiles a list of requirements to one with every version. */
  readonly compile?: (source: string, target: string, hashes: boolean) => string;
  readonly tool?: Tool;
}
