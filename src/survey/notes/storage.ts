/** Notes about files that a deploy loses. https://render.com/docs/disks: without a disk the file system is ephemeral. */

import type { Service } from '../../model/facts.ts';
import { externalName } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { join } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { CallExpr } from '../../syntax/python/ast.ts';
import { unlessRenamed } from '../../syntax/python/needle.ts';
import { calls, keyword, lastName, positional, stringValue } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import type { Note } from './note.ts';

const FOLDER = /(?:^|_)(?:DIR|DIRECTORY|FOLDER|ROOT|PATH|DIR_\w+)$/;
const KEPT =
  /(?:^|_)(?:UPLOADS?|DATA|STORE|STORAGE|CHROMA|MEDIA|DB|PERSIST|PERSISTENT|VECTOR|FAISS|QDRANT|LANCEDB|FILES)(?:_|$)/;
const NOT_KEPT =
  /(?:^|_)(?:STATIC|TEMPLATES?|LOG|LOGS|MODEL|MODELS|CONFIG|KEY|CERT|MARKDOWN|SEED|SAMPLE|DEBUG|TEST)(?:_|$)/;

export function storageNotes(repo: Snapshot, modules: ModuleGraph, service: Service, files: readonly string[]): Note[] {
  const out: Note[] = [];
  if (service.database?.kind === 'sqlite') {
    const text = say`SQLite is a file on the disk of the service: without a persistent disk every deploy starts with an empty database.`;
    out.push({ text, at: service.database.at });
  }
  for (const { name, kind, at } of service.env) {
    if (kind !== 'plain' || !FOLDER.test(name) || !KEPT.test(name) || NOT_KEPT.test(name)) continue;
    const text = say`${name} names a folder on the disk of the service: without a persistent disk a deploy empties it.`;
    out.push({ text, at });
  }
  const absent = absentFolder(repo, modules, service, files);
  if (absent) out.push(absent);
  const written = writtenFolder(repo, modules, files);
  if (written && out.every((n) => n.at.path !== written.at.path)) out.push(written);
  return out;
}

const STORE = /PersistentClient\b|persist_directory/;
/** The start of a literal that names a folder of files to keep. */
const BELOW_FOLDER = /["'](?:\.\/)?(?:uploads?|media|static\/uploads?|data|storage|files|images)\b/i;

const KEEPS = new RegExp(`${STORE.source}|${BELOW_FOLDER.source}`, 'i');

/** The first place that writes below a folder of the program, or opens a store there. */
function writtenFolder(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): Note | undefined {
  const stores = new Set(repo.matching(files, STORE));
  const writers = new Set(repo.matching(repo.matching(files, /\bopen\(/), BELOW_FOLDER));
  for (const path of files.filter((f) => stores.has(f) || writers.has(f))) {
    for (const { call, around } of calls(modules.module(path)?.body ?? [], KEEPS)) {
      const at = { path, line: call.line };
      if (lastName(call.func) === 'PersistentClient' || (stores.has(path) && keyword(call, 'persist_directory'))) {
        const what = say`The vector store is kept on the disk of the service: without a persistent disk a deploy empties it.`;
        return { text: what, at };
      }
      const folder = around.some((s) => s.kind === 'function') ? writtenBy(call) : undefined;
      if (folder) {
        const text = say`Files are written below ${folder}/ on the disk of the service: without a persistent disk a deploy deletes them.`;
        return { text, at };
      }
    }
  }
  return undefined;
}

/** The folder of the program that `open("uploads/…", "wb")` writes below. */
function writtenBy(call: CallExpr): string | undefined {
  const [target, mode] = positional(call);
  if (call.func.kind !== 'name' || call.func.id !== 'open') return undefined;
  if (!/^[wax]/.test(stringValue(mode ?? keyword(call, 'mode')) ?? '')) return undefined;
  const form = /^(?:\.\/)?((?:uploads?|media|static\/uploads?|data|storage|files|images)\b[^\0]{0,60})/i;
  const [, folder] = form.exec(target?.kind === 'string' ? (target.pieces[0] ?? '') : '') ?? [];
  return folder?.split('/')[0];
}

/** `StaticFiles(directory="media")` raises where the folder is not there. https://www.starlette.io/staticfiles/ */
function absentFolder(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  files: readonly string[],
): Note | undefined {
  const mounted = repo.matching(files, /\bStaticFiles\s*\(/);
  if (mounted.length === 0 || repo.matching(files, /\b(?:makedirs|mkdir)\s*\(/).length > 0) return undefined;
  for (const path of mounted) {
    const module = modules.module(path);
    const needle = unlessRenamed(module?.text ?? '', ['StaticFiles']);
    for (const { call: expr, around } of calls(module?.body ?? [], needle)) {
      if (!/(?:^|\.)StaticFiles$/.test(externalName({ modules, path, around }, expr.func) ?? '')) continue;
      const folder = checkedFolder(expr);
      if (folder === undefined || around.some((s) => s.kind === 'if' || s.kind === 'try')) continue;
      const whole = join(service.root, folder);
      if (repo.hasFolder(whole) || whole === service.frontEnd?.served) continue;
      const text = say`The application does not start without the folder ${folder}/, which the repository does not hold: let the build command make it (mkdir -p ${folder}).`;
      return { text, at: { path, line: expr.line }, stops: true };
    }
  }
  return undefined;
}

/** The folder that `StaticFiles` insists on. */
function checkedFolder(call: CallExpr): string | undefined {
  const folder = stringValue(keyword(call, 'directory') ?? positional(call)[0])?.replace(/^\.\/|\/$/g, '');
  const plain = folder !== undefined && /^\w[\w./-]*$/.test(folder) && !folder.includes('..');
  return plain && !keyword(call, 'check_dir') ? folder : undefined;
}
