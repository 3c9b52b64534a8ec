/** The worker class that a gunicorn command runs with. https://docs.gunicorn.org/en/stable/settings.html#worker-class */
import { hasOption, optionValue } from '../commands/options.ts';
import { SERVERS } from '../knowledge/servers.ts';
import type { Service } from '../model/facts.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { confOf } from './address.ts';
import type { Serving } from './serving.ts';

/** Undefined where it cannot be told: a variable, a value that the configuration works out. */
export function workerOf(
  repo: Snapshot,
  service: Service,
  serving: Serving,
): { readonly name: string; readonly byDefault: boolean } | undefined {
  const { args, assigned } = serving.program;
  const said = optionValue(args, SERVERS.gunicorn.workerClass);
  if (said !== undefined) return said.includes('$') ? undefined : { name: said, byDefault: false };
  const conf = confOf(repo, service, serving);
  if (conf === 'unknown' || assigned.some(([name]) => name === 'GUNICORN_CMD_ARGS')) return undefined;
  if (serving.sets.has('GUNICORN_CMD_ARGS')) return undefined;
  if (conf?.workerClass !== undefined) return { name: conf.workerClass, byDefault: false };
  if (conf !== undefined && /^\s*worker_class\b/m.test(conf.text)) return undefined;
  return { name: hasOption(args, ['--threads']) ? 'gthread' : 'sync', byDefault: true };
}
