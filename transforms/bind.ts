/**
 * The run call's host and port come from HOST and PORT. Platforms give the port in PORT and reach the program from
 * outside, so a loopback or LAN address never answers. https://render.com/docs/web-services#port-binding
 */
import type { Evidence, Facts, RunCall } from '../src/model/facts.ts';
import type { Options, Outcome, Part } from '../src/model/transform.ts';
import type { Snapshot } from '../src/repo/snapshot.ts';
import { findReaders } from '../src/survey/readers.ts';
import { say } from '../src/system/say.ts';
import { rewrite } from './bind/rewrite.ts';
import { words } from './bind/words.ts';

export const bind: Part = {
  id: 'bind',
  summary: 'The server listens on HOST (default 0.0.0.0) and on PORT (default: the literal that stood there).',
  severity: 'critical',
  words,
  source: 'https://render.com/docs/web-services#port-binding',
  options: {
    comment: { default: '', help: 'comment line above the new lines' },
  },
  plan(repo: Snapshot, facts: Facts, options: Options): readonly Outcome[] {
    if (facts.runCalls.length === 0) {
      return [{ kind: 'skipped', reason: say`no call starts a server; the start command does`, at: [] }];
    }
    const perFile = new Map<string, number>();
    for (const run of facts.runCalls) if (run.service) perFile.set(run.path, (perFile.get(run.path) ?? 0) + 1);
    return facts.runCalls.map((run) =>
      one(repo, facts, run, String(options.comment ?? ''), perFile.get(run.path) !== 1),
    );
  },
};

function one(repo: Snapshot, facts: Facts, run: RunCall, comment: string, shared: boolean): Outcome {
  const at: readonly Evidence[] = [run.at];
  if (!run.service) return { kind: 'skipped', reason: say`${run.callee} stays as it is: ${run.why}`, at };
  const service = run.service.root;
  const module = facts.modules.module(run.path);
  if (!module || module.seenErrors) {
    const line = module?.errorLine === undefined ? '' : say` (line ${module.errorLine})`;
    return { kind: 'skipped', reason: say`${run.path} does not parse${line}`, at, service };
  }
  const outcome = { ...rewrite(facts, run, module, { comment, inline: shared }), service };
  if (outcome.kind !== 'edits') return outcome;
  const reader = findReaders(repo, run.path)[0];
  if (!reader) return outcome;
  return {
    kind: 'manual',
    reason: say`${reader.path}:${reader.line} reads the port out of ${run.path}; a change here would break it`,
    at: [run.at, reader],
    service,
    snippet: 'host=os.getenv("HOST", "0.0.0.0"), port=int(os.getenv("PORT", "8000"))',
  };
}
