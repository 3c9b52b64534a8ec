/** Units and nginx sites that the repository has already. */
import { SERVER_PROGRAMS } from '../../src/knowledge/servers.ts';
import type { Facts, Service } from '../../src/model/facts.ts';
import { isMade } from '../../src/repo/made.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { isNotDeployed } from '../../src/survey/deployed.ts';
import { readUnit, type UnitFile } from './unit-file.ts';

export interface Existing {
  readonly path: string;
  readonly text: string;
}

const SERVER = new RegExp(`\\b(?:${SERVER_PROGRAMS.join('|')}|fastapi[ \\t]+run)\\b`);

/** What runs on somebody's laptop. */
const DEVELOPMENT = /(?:^|[/._-])(?:dev|develop|development|local|tests?|mock)(?=[/._-]|$)/i;

/** A unit that somebody wrote and that starts this service. */
export function foreignUnit(repo: Snapshot, facts: Facts, service: Service): Existing | undefined {
  const single = facts.services.length === 1;
  for (const path of repo.matching(units(repo), SERVER)) {
    const text = repo.read(path)?.text ?? '';
    if (isMade(text)) continue;
    const unit = readUnit(text);
    const start = unit.value('ExecStart') ?? '';
    const { module, attr } = service.entry;
    const named = start.includes(`${module}:${attr}`);
    const inside = service.root !== '' && (unit.value('WorkingDirectory') ?? '').endsWith(`/${service.root}`);
    if (SERVER.test(start) && (named || inside || single)) return { path, text };
  }
  return undefined;
}

function units(repo: Snapshot): string[] {
  return repo.paths.filter((p) => p.endsWith('.service') && !isNotDeployed(p));
}

/** Where a unit's server listens: `127.0.0.1:8000`, `unix:/run/shop.sock`; undefined when its command does not say. */
export function addressOf(unit: UnitFile): string | undefined {
  const start = unit.value('ExecStart') ?? '';
  const port = (text: string) => text.replace(/\$\{?PORT\}?/, unit.variable('PORT') ?? '');
  const [, bind] = /(?:--bind[ =]|-b ?)["']?([^\s"']+)/.exec(start) ?? [];
  if (bind?.startsWith('unix:/')) return bind;
  const number =
    bind === undefined
      ? (/--port[ =]["']?(\$?[\w{}]+)/.exec(start)?.[1] ?? unit.variable('PORT'))
      : /:([^:]+)$/.exec(bind)?.[1];
  const digits = number === undefined ? '' : port(number);
  return /^\d+$/.test(digits) ? `127.0.0.1:${digits}` : undefined;
}

/** An nginx site that somebody wrote and that passes requests to this machine (not to a container). */
export function foreignSite(repo: Snapshot, facts: Facts): (Existing & { readonly address: string }) | undefined {
  if (facts.services.length > 1) return undefined;
  const candidates = repo.paths.filter(
    (p) => /nginx|\.conf$/i.test(p) && !DEVELOPMENT.test(p) && !isNotDeployed(p) && !/\.(?:md|py)$/.test(p),
  );
  for (const path of repo.matching(candidates, /\bproxy_pass[ \t]/)) {
    const text = repo.read(path)?.text ?? '';
    if (isMade(text)) continue;
    const passed =
      /\b(?:proxy_pass[ \t]+https?:\/\/|server[ \t]+)((?:127\.0\.0\.1|localhost):\d{2,5}|unix:\/[\w./-]+)/.exec(
        text,
      )?.[1];
    if (passed) return { path, text, address: passed.replace('localhost', '127.0.0.1').replace(/\/$/, '') };
  }
  return undefined;
}
