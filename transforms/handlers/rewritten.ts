/** What a part says that gives the functions of applications another place: the same for all of them, but for the edits. */
import type { Facts } from '../../src/model/facts.ts';
import type { Outcome } from '../../src/model/transform.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { type Edit, lineOf } from '../../src/syntax/edit.ts';
import { say } from '../../src/system/say.ts';
import { type Application, type Registration, registered } from './registered.ts';

/** How a part rewrites what `registered` finds. */
export interface Rewriting {
  /** Id of the part. */
  readonly id: string;
  readonly how: Registration;
  /** All that speaks of such functions: any other place of it stops the part. */
  readonly words: RegExp;
  /** Of these, what a person must change where no application is found. */
  readonly ask: RegExp;
  /** Why there is nothing to do. */
  readonly unused: string;
  /** What a person would write. */
  readonly snippet: string;
  /** Why an application cannot be rewritten; undefined where it can. */
  whyNot(app: Application): string | undefined;
  edits(app: Application): readonly Edit[];
  /** What was done with the functions of these names. */
  done(names: string): string;
}

/** One outcome for each application, or for each place that is not followed. */
export function rewritten(repo: Snapshot, facts: Facts, rewriting: Rewriting): Outcome[] {
  const { id, how, words, ask, unused, snippet } = rewriting;
  const { applications, strays } = registered(repo, facts, how, words);
  if (applications.length === 0) {
    const asked = strays.filter(({ word }) => ask.test(word));
    if (asked.length === 0) return [{ kind: 'satisfied', reason: unused, at: [] }];
    return asked.map(({ at, why }) => ({ kind: 'manual', reason: why, at: [at], snippet }));
  }
  const [stray] = strays;
  return applications.map((app): Outcome => {
    const at = app.handlers.map((h) => ({ path: app.path, line: lineOf(app.module.text, h.start) }));
    const why = stray ? say`${stray.at.path}:${stray.at.line}: ${stray.why}` : rewriting.whyNot(app);
    if (why !== undefined) return { kind: 'manual', reason: why, at, snippet };
    const reason = rewriting.done([...new Set(app.handlers.map((h) => h.name))].join(', '));
    const edits = { [app.path]: rewriting.edits(app) };
    return { kind: 'edits', reason, at, edits, mends: mendedBy(facts, id) };
  });
}

/** Texts of the notes of what an edit by the part mends. */
export function mendedBy({ services }: Facts, id: string): string[] {
  return services.flatMap((s) => s.needs.filter((need) => need.edit === id).map((need) => need.text));
}
