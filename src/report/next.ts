/** What to do next: the last lines of what a person reads, as each command's end is another's beginning. */

import { shellWord } from '../commands/command.ts';
import type { RecipeChoice, StepChoice } from '../model/choice.ts';
import type { Plan } from '../model/plan.ts';
import { visible } from '../syntax/visible.ts';
import { say } from '../system/say.ts';
import type { Point } from './checklist.ts';
import { local } from './words/local.ts';
import { wrap } from './wrap.ts';

/** `nayek undo`, for the folder that the user has named; '' or undefined is the current one. */
export function commandFor(name: string, folder: string | undefined): string {
  return visible(`nayek ${name}${folder === undefined || folder === '.' ? '' : ` ${shellWord(folder)}`}`);
}

/** What a run was told to follow; the command that comes next needs it, too. */
export interface Followed extends RecipeChoice, StepChoice {}

const given = (name: string) => (value: string) => visible(` --${name} ${shellWord(value)}`);

function words(followed: Followed, names: readonly (keyof Followed)[]): string {
  return names
    .flatMap((name) => {
      const values = [followed[name] ?? []].flat();
      const lists = name === 'only' || name === 'skip';
      return lists && values.length > 0 ? [values.join(',')].map(given(name)) : values.map(given(name));
    })
    .join('');
}

/** After a plan was shown or written, in the language of the run; '' where there is nothing to say. Ends with a line end. */
export function nextAfterPlan(
  plan: Plan,
  written: boolean,
  folder: string | undefined,
  followed: Followed = {},
): string {
  const [check, boot] = [commandFor('check', folder), `${commandFor('verify', folder)} --live`];
  // Rules and parts of somebody's own alone do not ask for a deployment.
  const own = followed.recipe === undefined && Boolean(followed.rule?.length || followed.plugin?.length);
  const look = own ? '' : say`\`${check}\` says what else it takes to deploy; \`${boot}\` boots it in a copy`;
  if (plan.changes.length === 0) return nextSteps([look]);
  if (!written) {
    const patch = commandFor('patch', folder) + words(followed, ['recipe', 'rule', 'plugin', 'set']);
    const all = patch + words(followed, ['only', 'skip']);
    const [some = '', ...others] = new Set(plan.changes.flatMap((c) => c.by));
    const writes = say`\`${all}\` writes this`;
    const part = say`\`${all}\` writes this; \`${patch} --only ${some}\` a part of it`;
    return nextSteps([others.length > 0 ? part : writes, look]);
  }
  return nextSteps([shown(plan, commandFor('undo', folder)), look, deployment(plan)]);
}

/** After a part or a recipe was explained. */
export function nextAfterExplain(followed: Followed): string {
  const patch = `nayek patch --dry-run${words(followed, ['recipe', 'rule', 'plugin', 'only'])}`;
  return nextSteps([say`\`${patch}\` shows what it would change`]);
}

/** After a report went into a file. `saves`: it is a plan that can be applied. */
export function nextAfterFile(form: string, file: string, saves: boolean): string {
  if (form === 'json' && saves)
    return nextSteps([
      say`\`${visible(`nayek apply ${shellWord(file)}`)}\` executes it, or refuses when a file has changed`,
    ]);
  return form === 'html' ? nextSteps([say`open ${visible(file)} in a browser`]) : '';
}

/** Where to look at what was written: git's diff knows nothing of files that are new. */
function shown(plan: Plan, undo: string): string {
  if (plan.changes.every((c) => c.before !== null)) return say`\`git diff\` shows it, \`${undo}\` takes it back`;
  return say`\`git status\` and \`git diff\` show it, \`${undo}\` takes it back`;
}

/** After the checklist. */
export function nextAfterCheck(points: readonly Point[], folder: string | undefined): string {
  const patch = points.some((p) => p.mark === 'short' && p.patchable);
  const boot = `${commandFor('verify', folder)} --live`;
  const hand = points.some((p) => p.mark === 'short' && !p.patchable && !p.failed && p.part !== 'works');
  const dry = `${commandFor('patch', folder)} --dry-run`;
  return nextSteps([
    ...(patch && hand ? [say`\`${dry}\` shows what nayek can do about it, and what to do by hand`] : []),
    ...(patch && !hand ? [say`\`${dry}\` shows what nayek can do about it`] : []),
    ...(hand && !patch ? [say`\`${dry}\` says what to do by hand`] : []),
    say`\`${boot}\` boots it in a copy`,
  ]);
}

/** After `verify` has read the result: `points` are those of the patched tree where `patched`. */
export function nextAfterVerify(plan: Plan, patched: boolean, folder: string | undefined): string {
  const patch = commandFor('patch', folder);
  return nextSteps([
    ...(patched && plan.changes.length > 0
      ? [say`\`${patch} --dry-run\` shows the changes, \`${patch}\` writes them`]
      : []),
    say`\`${commandFor('verify', folder)} --live\` boots it in a copy`,
  ]);
}

/** After it was booted. `exit`: as of `verify --live`. */
export function nextAfterBoot(plan: Plan, patched: boolean, exit: number, folder: string | undefined): string {
  const [patch, live] = [commandFor('patch', folder), `${commandFor('verify', folder)} --live`];
  if (exit === 2) return nextSteps([say`put right what is blocked, then \`${live}\` again`]);
  if (exit === 1) {
    return nextSteps([
      say`the log has every line; \`${live} --keep\` keeps the copy, to be looked into`,
      ...(patched ? [say`\`${live} --unpatched\` tells whether it works without the changes`] : []),
    ]);
  }
  if (patched && plan.changes.length > 0) return nextSteps([say`\`${patch}\` writes the changes that were tried`]);
  return nextSteps([deployment(plan) || say`commit and push to the platform`]);
}

/** After `status`. */
export function nextAfterStatus(undoable: boolean, trouble: boolean, folder: string | undefined): string {
  const [patch, undo] = [commandFor('patch', folder), commandFor('undo', folder)];
  return nextSteps([
    ...(undoable
      ? [say`\`${undo}\` takes the last one back`]
      : [say`\`${patch} --dry-run\` shows what a patch would change`]),
    ...(trouble ? [say`\`${commandFor('doctor', folder)} --journal\` says what is wrong`] : []),
  ]);
}

function deployment(plan: Plan): string {
  const has = (name: string): boolean => plan.changes.some((c) => c.path === name || c.path.endsWith(`/${name}`));
  if (has('render.yaml')) return say`commit and push, then in the Render Dashboard: New > Blueprint`;
  if (has('deploy/README.md')) return say`follow ${'deploy/README.md'} on the server`;
  return has('Procfile') ? say`commit and push to the platform` : '';
}

/** Steps as lines under one word. */
export function nextSteps(steps: readonly string[]): string {
  const width = process.stdout.isTTY ? process.stdout.columns : undefined;
  const lines = steps.filter((step) => step !== '').map((step) => wrap(`  ${local(step)}`, width, 4));
  return lines.length === 0 ? '' : `\n${local(say`Next:`)}\n${lines.join('\n')}\n`;
}
