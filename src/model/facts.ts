/** What is known of a repository. Worked out once from a snapshot, on demand; every fact says where it was seen. */

import type { DatabaseId } from '../knowledge/databases.ts';
import type { FrameworkId } from '../knowledge/frameworks.ts';
import type { DependencyForm, ManagerId } from '../knowledge/managers.ts';
import type { MigrationId } from '../knowledge/migrations.ts';
import type { CalledServer } from '../knowledge/server-calls.ts';
import type { WorkerId } from '../knowledge/workers.ts';
import type { ModuleGraph } from '../python/modules.ts';
import type { Evidence } from '../repo/evidence.ts';
import type { CallExpr, Stmt } from '../syntax/python/ast.ts';
import type { AlembicConfig } from './alembic-facts.ts';

export type { AlembicConfig, AlembicEnv, AlembicUrlSource } from './alembic-facts.ts';
export type { Evidence };

export type Framework = FrameworkId;

export interface Entry {
  /** Dotted module, importable when `pythonPath` (or the service root) is on sys.path. */
  readonly module: string;
  /** Attribute, or function name for a factory; '' for a file that is run by its framework, or starts a server itself. */
  readonly attr: string;
  readonly factory: boolean;
  /** Without meaning where `attr` is ''. */
  readonly interface: 'asgi' | 'wsgi';
  readonly framework: Framework;
  /** Folder to add to sys.path, relative to the service root, when it is not the root itself: 'src', '..'. */
  readonly pythonPath?: string;
  /** Script that starts it, relative to the service root, where no server can import the module under its name. */
  readonly program?: string;
  /** File of the module. */
  readonly path: string;
  readonly at: Evidence;
}

/** A call that starts a server: uvicorn.run, uvicorn.Config, app.run, socketio.run, hypercorn, granian, … */
export interface RunCall {
  readonly server: CalledServer;
  /** As written: 'uvicorn.run', 'uvicorn.Config', 'app.run', … */
  readonly callee: string;
  readonly path: string;
  readonly at: Evidence;
  readonly call: CallExpr;
  readonly stmt: Stmt;
  /** Statements around it, outermost first. */
  readonly around: readonly Stmt[];
  /** The service that this call starts; absent for a login callback, a test or an example server, a stale launcher. */
  readonly service?: Service;
  /** Why it is taken as that service's start, or why it is none. */
  readonly why: string;
}

export interface Migrations {
  readonly tool: MigrationId;
  /** Path of alembic.ini (or pyproject.toml) from the repository's root. */
  readonly config?: string;
  /** To be run in the service root, e.g. `alembic -c app/alembic.ini upgrade head`. */
  readonly command: string;
  /** True when the application migrates by itself at start: then no release command is emitted. */
  readonly automatic?: boolean;
  readonly at: Evidence;
}

export interface Database {
  readonly kind: DatabaseId;
  /** SQLAlchemy driver or package, when it is known: 'psycopg2', 'psycopg', 'asyncpg', 'pymysql', 'aiosqlite', … */
  readonly driver?: string;
  /** Database name in a URL that stands in the sources (never the credentials). */
  readonly name?: string;
  /** True where the application (not env.py alone) rewrites `postgres://` / `postgresql://` to its driver itself. */
  readonly normalised?: boolean;
  /** The only one of the two schemes that it rewrites; absent where it rewrites both, or none. */
  readonly rewrites?: 'postgres' | 'postgresql';
  /** The one of the two that it insists on: with the other it ends. */
  readonly demands?: 'postgres' | 'postgresql';
  /** The variable that holds the scheme of its URL, and what it must hold for this database. */
  readonly chosenBy?: { readonly name: string; readonly scheme: string };
  /** A server of somebody's whose address stands in the sources: a start reaches it whatever is set. */
  readonly pinned?: { readonly host: string; readonly at: Evidence };
  readonly at: Evidence;
}

export type EnvKind = 'secret-generate' | 'secret-supply' | 'supply' | 'database' | 'redis' | 'plain' | 'platform';

export interface EnvVar {
  readonly name: string;
  /**
   * - `secret-generate`: a random value will do (SECRET_KEY, JWT_SECRET)
   * - `secret-supply`: a credential that somebody else issued (*_API_KEY)
   * - `supply`: no secret, but only the user knows it (CORS origins, FRONTEND_URL)
   * - `database`, `redis`: comes from the attached service
   * - `plain`: has a usable default
   * - `platform`: set by the platform (PORT, HOST, RENDER_*): never emitted
   */
  readonly kind: EnvKind;
  /** Default as text, when it is a literal and no credential. */
  readonly default?: string;
  /** The code takes the text as a truth value as it is: 'False' would be true, only '' is false. */
  readonly anyText?: true;
  /** For an own secret that a platform cannot make up: what it must be ('a Fernet key'), and a shell command that makes one. */
  readonly form?: { readonly what: string; readonly make: string; readonly at: Evidence };
  /** The code takes the value apart, and fails where it has fewer parts. */
  readonly parts?: {
    readonly separator: string;
    readonly count: number;
    /** Where they are parts of the address of one database. */
    readonly of?: readonly NonNullable<EnvVar['property']>[];
    readonly at: Evidence;
  };
  /** True when the program fails without it. */
  readonly required: boolean;
  /** For kind `database`/`redis`: which part of the connection it is. */
  readonly property?: 'url' | 'host' | 'port' | 'user' | 'password' | 'database';
  /** First place in code order. */
  readonly at: Evidence;
}

export interface Worker {
  readonly tool: WorkerId;
  /** Process name: 'worker' or 'beat'. */
  readonly process: string;
  readonly command: string;
  readonly at: Evidence;
}

export interface PythonVersion {
  /** As found: '3.11', '3.11.9'. */
  readonly version: string;
  /** A lower bound only (requires-python >=3.9) rather than the version in use. */
  readonly bound?: boolean;
  /** The project whose install refuses it. */
  readonly refused?: { readonly specifier: string; readonly at: Evidence };
  readonly at: Evidence;
}

/** A Python that is older than a platform's newest, for the sake of what is listed. */
export interface FittingPython {
  /** '3.9' */
  readonly version: string;
  /** What takes no newer one: PEP 503 normalised name, and how it is listed. */
  readonly name: string;
  readonly specifier: string;
  readonly at: Evidence;
}

/** A dependency as declared. */
export interface Requirement {
  /** PEP 503 normalised name. */
  readonly name: string;
  readonly extras: readonly string[];
  /** Version specifier as written ('==0.115.0', '>=1,<2', '^23.0', ''). */
  readonly specifier: string;
  readonly at: Evidence;
  /** Group or extra it stands in; absent for the main list. */
  readonly group?: string;
}

export type { DependencyForm, ManagerId };

/** The dependency file that a service is installed from. */
export interface Dependencies {
  readonly form: DependencyForm;
  /** The file to edit. */
  readonly path: string;
  /** Every requirement that an install of it brings directly (`-r` followed). */
  readonly requirements: readonly Requirement[];
  /** Lock or compiled files that an edit would make stale. */
  readonly locks: readonly string[];
  /** Who makes the locks. */
  readonly lockTool?: ManagerId;
  /** Versions that the locks hold for the server packages (uvicorn, uvicorn-worker, gunicorn), by normalised name. */
  readonly locked?: Readonly<Record<string, string>>;
  /** Build command to be run in the service root, e.g. `pip install -r requirements.txt`. */
  readonly install: string;
  /** Folders of the repository's own projects that it installs beside the list. */
  readonly alongside?: readonly string[];
  /** Whose command `install` is. */
  readonly manager: ManagerId;
  readonly at: Evidence;
}

/** A requirement that the build of a service lacks, or a range of versions that it must keep to. */
export interface Need {
  /** PEP 503 normalised name; the module where nobody knows a distribution of it. */
  readonly name: string;
  /** Specifier to keep to: '<2.1'; '' for any version. */
  readonly range: string;
  /** A sentence: what happens without it. */
  readonly text: string;
  /** The same as a clause: 'main.py:3 imports openpyxl'. */
  readonly why: string;
  readonly at: Evidence;
  /**
   * - `missing`: nothing that is listed brings it
   * - `perhaps`: something that is listed may bring it in another version
   * - `unknown`: no distribution is known that gives the module
   * - `told`: no requirement mends it; the text says what does
   */
  readonly kind: 'missing' | 'perhaps' | 'unknown' | 'told';
  /** ISO day on which a run last showed that it breaks, and how it is mended. */
  readonly proved?: string;
  /** Id of the part that changes the code instead. */
  readonly edit?: string;
}

/** What a service needs of the system that it runs on, and its build does not install. */
export interface SystemNeed {
  /** Debian's packages. */
  readonly debian: readonly string[];
  /** A sentence: what needs it, and what to do. */
  readonly text: string;
  readonly at: Evidence;
}

export interface Health {
  /** Full path with router prefixes: '/api/health'. */
  readonly path: string;
  readonly at: Evidence;
}

/** Deployment files that exist already. */
export interface Deployment {
  readonly procfile?: string;
  readonly renderYaml?: string;
  readonly dockerfiles: readonly string[];
  /** gunicorn.conf.py (or the one named by a start command), with the bind it fixes. */
  readonly gunicornConf?: {
    readonly path: string;
    readonly bind?: string;
    readonly workerClass?: string;
    readonly at: Evidence;
  };
  /** Start commands found in Procfile, render.yaml, Dockerfile, compose files and scripts. */
  readonly commands: readonly { readonly command: string; readonly at: Evidence }[];
}

/** Files that a build of a package.json makes and that the application serves. */
export interface FrontEnd {
  /** Of the package.json. */
  readonly folder: string;
  /** Folder that is served. */
  readonly served: string;
  /** Installs and builds what stands in a folder (quoted, '.' for the one that the command runs in). */
  readonly build: (folder: string) => string;
  /** What the build makes elsewhere, and the image of the service copies there. */
  readonly made?: string;
  /** Where it is served. */
  readonly at: Evidence;
}

/** What identifies a service, before its other facts are worked out. */
export interface ServiceSeed {
  /** Folder that the start command runs in, relative, '' for the repository's root. */
  readonly root: string;
  /** Short name, unique in the repository. */
  readonly name: string;
  readonly entry: Entry;
  /** Other applications that no service is made of: the module with its attribute, and what speaks for it. */
  readonly beside?: readonly { readonly what: string; readonly at: Evidence }[];
  /** A list beside the one that is installed: the usual one, but for what it lacks (normalised names). */
  readonly passedOver?: { readonly path: string; readonly lacks: readonly string[] };
}

export interface Service extends ServiceSeed {
  readonly migrations?: Migrations;
  readonly health?: Health;
  readonly database?: Database;
  /** Where Redis/Valkey is used. */
  readonly redis?: Evidence;
  readonly workers: readonly Worker[];
  readonly python?: PythonVersion;
  readonly dependencies?: Dependencies;
  /** In code order. */
  readonly env: readonly EnvVar[];
  /** The Python to deploy with where none is stated; absent where one is, or the platform's own will do. */
  readonly fitting?: FittingPython;
  /** What the build lacks for the service to start, in the order in which it is missed. */
  readonly needs: readonly Need[];
  /** Absent where it needs nothing. */
  readonly system?: readonly SystemNeed[];
  readonly deployment: Deployment;
  /** Built by Node; absent where nothing of the kind is served, or the repository holds it as built. */
  readonly frontEnd?: FrontEnd;
  /** Other facts that a person must know before deploying; one sentence each. */
  readonly notes: readonly {
    readonly text: string;
    readonly at: Evidence;
    /** The service keeps state that a second worker process would not see. */
    readonly oneProcess?: true;
    /** Of these, what makes a second process refuse the requests of clients that the first one knows. */
    readonly clients?: true;
    /** Connections stay open: each takes a thread of a WSGI server. */
    readonly threads?: true;
    /** Until it is mended the service does not start, or fails every request that matters. */
    readonly stops?: true;
  }[];
}

export interface Refusal {
  /** 'template', 'no-python', 'empty', 'no-service'. */
  readonly kind: 'template' | 'no-python' | 'empty' | 'no-service';
  readonly reason: string;
}

export interface Facts {
  readonly modules: ModuleGraph;
  readonly services: readonly Service[];
  readonly runCalls: readonly RunCall[];
  readonly alembic: readonly AlembicConfig[];
  /** Set when the repository as a whole is not something to patch. */
  readonly refusal?: Refusal;
}
