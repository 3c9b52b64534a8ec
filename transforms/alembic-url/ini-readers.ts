/** Files other than env.py that read or rewrite the URL line of an alembic.ini. */
import type { Evidence } from '../../src/model/facts.ts';
import type { ModuleGraph } from '../../src/python/modules.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { calls, positional, stringValue } from '../../src/syntax/python/walk.ts';

const SCRIPT =
  /(?:\.(?:sh|bash|ya?ml|toml|json|mk|ps1|bat|cmd|fish)|(?:^|\/)(?:Dockerfile[^/]*|Makefile|justfile|Procfile|[^/]*entrypoint[^/]*))$/i;
const READS = new Set(['get_main_option', 'get_section_option', 'get']);

/**
 * Places that depend on the line: `sed … sqlalchemy.url … alembic.ini` in scripts, `get_main_option("sqlalchemy.url")`
 * in programs. Programs that only put the option are none. Line numbers are 1-based.
 */
export function findIniReaders(repo: Snapshot, modules: ModuleGraph, envs: ReadonlySet<string>): Evidence[] {
  const out: Evidence[] = [];
  for (const path of repo.matching(
    repo.paths.filter((p) => SCRIPT.test(p)),
    /sqlalchemy\\?\.url/,
  )) {
    const lines = (repo.read(path)?.text ?? '').split('\n');
    lines.forEach((line, i) => {
      if (/sqlalchemy\\?\.url/.test(line) && !/^\s*(?:#|\/\/)/.test(line)) out.push({ path, line: i + 1 });
    });
  }
  const programs = modules.files.filter((p) => !envs.has(p));
  for (const path of repo.matching(programs, /sqlalchemy\.url/)) {
    for (const { call } of calls(modules.module(path)?.body ?? [], /sqlalchemy\.url/)) {
      const name = call.func.kind === 'attribute' ? call.func.attr : '';
      if (READS.has(name) && positional(call).some((a) => stringValue(a) === 'sqlalchemy.url'))
        out.push({ path, line: call.line });
    }
  }
  return out;
}
