/** Files that are opened when the service starts, and that no checkout holds. */
import type { Service } from '../../model/facts.ts';
import { definitionOf, externalName } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { basename } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { CallExpr, Expr } from '../../syntax/python/ast.ts';
import { keyword, positional, stringValue } from '../../syntax/python/walk.ts';
import { literally } from '../../system/pattern.ts';
import { say } from '../../system/say.ts';
import { callsAtStart, type RunningCall } from '../at-import.ts';
import { deploymentFiles } from '../deployment-files.ts';
import { executedFrom } from '../executed.ts';
import { filePath } from '../file-paths.ts';
import type { Note } from './note.ts';

/** Functions that read a file and fail without it: which argument names it. */
const READERS: Readonly<Record<string, string>> = {
  'io.open': 'file',
  'codecs.open': 'filename',
  'logging.config.fileConfig': 'fname',
  'joblib.load': 'filename',
  'numpy.load': 'file',
  'torch.load': 'f',
  'keras.models.load_model': 'filepath',
  'tensorflow.keras.models.load_model': 'filepath',
  'pandas.read_csv': 'filepath_or_buffer',
  'pandas.read_excel': 'io',
  'pandas.read_json': 'path_or_buf',
  'pandas.read_parquet': 'path',
  'pandas.read_pickle': 'filepath_or_buffer',
  'geoip2.database.Reader': 'fileish',
  'firebase_admin.credentials.Certificate': 'cert',
  'google.oauth2.service_account.Credentials.from_service_account_file': 'filename',
  'google.oauth2.service_account.from_service_account_file': 'filename',
};
const METHODS = new Set(['open', 'read_text', 'read_bytes']);

const OPENS =
  /\bopen\(|\.read_(?:text|bytes|csv|excel|json|parquet|pickle)\(|\bfileConfig\(|\bload(?:_model)?\(|\bReader\(|\bCertificate\(|from_service_account_file\(/;
/** What makes a file. */
const WRITES =
  /open\([^\n]*["'][wax]b?\+?["']|\.write_(?:text|bytes)\(|\.to_(?:csv|json|parquet|pickle|excel)\(|\b(?:dump|download\w*|urlretrieve|copy\w*|touch|save\w*|extractall)\(/;
/** What else builds or fetches one. */
const BUILDS = /(?:^|\/)(?:Makefile|justfile)$|docker-compose[\w.-]*\.ya?ml$/;

/** One note for each file; https://docs.python.org/3/library/functions.html#open */
export function openedFiles(repo: Snapshot, modules: ModuleGraph, service: Service, files: readonly string[]): Note[] {
  if (repo.matching(files, OPENS).length === 0) return [];
  const out = new Map<string, Note>();
  for (const place of callsAtStart(modules, service.entry)) {
    const named = readFrom(place);
    const path = named && filePath(place, named, service.root);
    if (path === undefined || out.has(path) || repo.has(path) || repo.hasFolder(path)) continue;
    if (isMade(repo, modules, service, path)) continue;
    const shown = path === '' ? '.' : path;
    const text = say`${shown} is opened when the service starts, and no checkout holds it. Add it to the repository, or let the build command make it; a file of secrets is a secret file of the platform.`;
    out.set(path, { text, at: { path: place.path, line: place.expr.line }, stops: true });
  }
  return [...out.values()];
}

/** The expression that names the file which a call reads. */
function readFrom(place: RunningCall): Expr | undefined {
  const { expr } = place;
  const { func } = expr;
  const [first] = positional(expr);
  const named = externalName(place, func);
  const reader = named === undefined ? undefined : READERS[named];
  if (reader !== undefined && named !== undefined) {
    return /\bopen$/.test(named) && !reads(expr, 1) ? undefined : (first ?? keyword(expr, reader));
  }
  if (func.kind === 'name') {
    const own = func.id === 'open' && !definitionOf(place, func);
    return own && reads(expr, 1) ? (first ?? keyword(expr, 'file')) : undefined;
  }
  if (func.kind !== 'attribute' || !METHODS.has(func.attr)) return undefined;
  return func.attr !== 'open' || reads(expr, 0) ? func.value : undefined;
}

/** `open(path)`, `open(path, "rb")`: a mode that makes no file. */
function reads(call: CallExpr, index: number): boolean {
  const mode = keyword(call, 'mode') ?? positional(call)[index];
  return mode === undefined || /^r?[bt]?\+?$|^[bt]r/.test(stringValue(mode) ?? 'w');
}

/** The program, or what builds it, may make the file. */
export function isMade(repo: Snapshot, modules: ModuleGraph, { entry }: Service, path: string): boolean {
  const name = basename(path);
  const mentions = new RegExp(literally(name));
  if (repo.matching(deploymentFiles(repo, BUILDS), mentions).length > 0) return true;
  return repo.matching(repo.matching([...executedFrom(modules, entry.path)], WRITES), mentions).length > 0;
}
