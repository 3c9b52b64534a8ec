/** Programs that serve no port: bots and consumers that run until they are stopped. */
import { externalName } from '../python/definition.ts';
import type { ModuleGraph } from '../python/modules.ts';
import type { Place } from '../python/place.ts';
import { sites } from '../python/sites.ts';
import { makerOf } from '../python/values.ts';
import type { Evidence } from '../repo/evidence.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { CallExpr } from '../syntax/python/ast.ts';
import { lastName } from '../syntax/python/walk.ts';
import { isNotDeployed } from './deployed.ts';

/** Methods of bots and consumers that return only when they are stopped. */
const POLLS =
  /^(?:run_polling|start_polling|infinity_polling|polling|run_until_disconnected|run_webhook|start_webhook|run_forever|serve_forever|start_consuming)$/;
/** Objects whose `run` or `start` does so, by the call that makes them. */
const BLOCKING: readonly (readonly [RegExp, RegExp])[] = [
  [/^run$/, /^(?:discord|nextcord|disnake|hikari)\b.*(?:Bot|Client)$|^pyrogram\.Client$/],
  [/^start$/, /^apscheduler\.schedulers\.blocking\.BlockingScheduler$|^slack_bolt\b.*SocketModeHandler$/],
];
const NEEDLE =
  /polling\(|run_until_disconnected\(|_webhook\(|start_consuming\(|\b(?:discord|nextcord|disnake|hikari|pyrogram|BlockingScheduler|SocketModeHandler)\b/;

/** True for a call of a bot or consumer that runs until somebody stops it. */
export function polls(place: Place, { func }: CallExpr): boolean {
  if (func.kind !== 'attribute') return false;
  const name = lastName(func);
  if (!POLLS.test(name) && !BLOCKING.some(([method]) => method.test(name))) return false;
  const made = makerOf(place, func.value)?.callee;
  if (made?.kind === 'function' || made?.kind === 'class') return false;
  if (POLLS.test(name)) return true;
  const maker = made?.kind === 'external' ? made.name : (externalName(place, func.value) ?? '');
  return BLOCKING.some(([method, type]) => method.test(name) && type.test(maker));
}

/** The program of a repository without a web application that runs a bot; the one nearest to the root. */
export function findBot(repo: Snapshot, modules: ModuleGraph): Evidence | undefined {
  const depth = (path: string): number => path.split('/').length;
  const files = modules.files.filter((f) => !isNotDeployed(f)).sort((a, b) => depth(a) - depth(b));
  for (const path of repo.matching(files, NEEDLE)) {
    const found = sites(modules, path, (e) => e.kind === 'call', /polling|run|start|webhook/).find(
      (site) =>
        site.expr.kind === 'call' &&
        !/^(?:run|serve)_forever$/.test(lastName(site.expr.func)) &&
        polls(site, site.expr),
    );
    if (found) return { path, line: found.expr.line };
  }
  return undefined;
}
