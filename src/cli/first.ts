/** `nayek` alone: one screen with what was found, what would be done and the next command. Nothing is written. */

import { parts } from '../engine/parts.ts';
import { loadRecipe } from '../engine/recipe.ts';
import type { Service } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { servedName } from '../model/served.ts';
import { nextSteps } from '../report/next.ts';
import { local } from '../report/words/local.ts';
import { wrap } from '../report/wrap.ts';
import { mask } from '../secrets/mask.ts';
import { survey } from '../survey/index.ts';
import { painter, shownOn, visible } from '../syntax/visible.ts';
import { say } from '../system/say.ts';
import { VERSION } from '../system/version.ts';
import { openRepository, planRepository } from './planning.ts';

const MAX_NAMES = 8;

/** Exit code 0. @throws NayekError where the folder is no repository to patch */
export async function first(): Promise<number> {
  const repo = await openRepository('.');
  const { steps, name } = loadRecipe('render', parts);
  const plan = await planRepository(repo, steps, { recipe: name });
  const { colour, width } = shownOn(process.stdout);
  const paint = painter(colour);
  const services = survey(repo).services.map(serviceLine);
  const rows = [...services.map((text) => [say`Found`, text]), ...planned(plan)] as [string, string][];
  const column = Math.max(...rows.map(([head]) => local(head).length));
  const lines = rows.map(([head, text], at) => {
    const label = at > 0 && rows[at - 1]?.[0] === head ? '' : local(head);
    return wrap(`${paint('bold', label.padEnd(column))}  ${text}`, width, column + 2);
  });
  const next =
    plan.changes.length > 0
      ? [
          say`\`nayek patch --dry-run\` shows every change; nothing is written`,
          say`\`nayek patch\` writes it, \`nayek undo\` takes it back`,
        ]
      : [say`\`nayek check\` says what else it takes to deploy; \`nayek verify --live\` boots it in a copy`];
  const help = say`\`nayek --help\` lists the commands, \`nayek explain\` the parts and recipes`;
  process.stdout.write(`nayek ${VERSION}: ${visible(repo.root)}\n\n${lines.join('\n')}\n${nextSteps([...next, help])}`);
  return 0;
}

/** A service and what it needs, in a line. */
function serviceLine({ name, entry, python, database, migrations, health, env }: Service): string {
  const required = env.filter((v) => v.required && v.kind !== 'platform').map((v) => v.name);
  return [
    `${visible(name)}: ${entry.framework} ${visible(servedName(entry))}`,
    ...(python ? [`Python ${python.version}`] : []),
    ...(database ? [database.kind === 'other' ? local(say`another database`) : database.kind] : []),
    ...(migrations ? [migrations.tool] : []),
    ...(health ? [`${local(say`health check`)} ${visible(health.path)}`] : []),
    ...(required.length > 0 ? [local(say`needs ${names(required)}`)] : []),
  ].join(', ');
}

function planned(plan: Plan): [string, string][] {
  const created = plan.changes.filter((c) => c.before === null).map((c) => c.path);
  const changed = plan.changes.filter((c) => c.before !== null).map((c) => c.path);
  const open = plan.verdicts.filter((v) => v.kind === 'manual' || v.kind === 'failed').map((v) => v.part);
  return [
    ...(changed.length > 0 ? [[say`Would change`, names(changed)] as [string, string]] : []),
    ...(created.length > 0 ? [[say`Would create`, names(created)] as [string, string]] : []),
    ...(plan.changes.length === 0 ? [[say`Would change`, local(say`nothing`)] as [string, string]] : []),
    ...(plan.stops ?? []).map(
      ({ text, at }) => [say`Stops it`, visible(`${mask(local(text))} (${at.path}:${at.line})`)] as [string, string],
    ),
    ...(open.length > 0 ? [[say`Left to you`, names([...new Set(open)])] as [string, string]] : []),
  ];
}

function names(all: readonly string[]): string {
  const shown = all.slice(0, MAX_NAMES).map((name) => visible(name));
  const more = all.length - shown.length;
  return [...shown, ...(more > 0 ? [local(say`and ${more} more`)] : [])].join(', ');
}
