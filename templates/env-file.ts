import type { Service } from '../src/model/facts.ts';
import type { Outcome, Part } from '../src/model/transform.ts';
import { MADE } from '../src/repo/made.ts';
import type { Snapshot } from '../src/repo/snapshot.ts';
import { say } from '../src/system/say.ts';
import { words } from './env-file/words.ts';
import { gunicornOptions } from './systemd.ts';
import { serverCommand } from './vps/server-command.ts';
import { DEPLOY, type Site, sitesOf } from './vps/site.ts';
import { type Line, variableLines } from './vps/variables.ts';

export const envFile: Part = {
  id: 'env-file',
  afterMigrations: true,
  summary: 'Writes an example of the environment file of a server: every variable that the code reads, and no secret.',
  severity: 'important',
  words,
  source: 'https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#EnvironmentFile=',
  options: {},
  plan(repo, facts, options) {
    if (facts.services.length === 0) return [{ kind: 'skipped', reason: say`no web service was found`, at: [] }];
    const sites = sitesOf(repo, facts, options);
    return facts.services.map((service, index) => {
      const outcome = planService(repo, service, sites[index] as Site);
      return facts.services.length > 1 ? { ...outcome, service: service.root } : outcome;
    });
  },
};

function planService(repo: Snapshot, service: Service, site: Site): Outcome {
  const path = `${DEPLOY}/${site.name}.env.example`;
  if (repo.has(path)) {
    return { kind: 'satisfied', reason: say`${path} lists the variables`, at: [{ path, line: 1 }] };
  }
  const server = serverCommand(repo, service, gunicornOptions({}));
  const lines = variableLines(service, site);
  const alone = service.notes.some((n) => n.oneProcess);
  const scales: Line[] =
    server.scales && !alone ? [{ key: 'WEB_CONCURRENCY', value: '2', comment: 'number of server processes' }] : [];
  const all = [...scales, ...lines];
  const empty = all.filter((l) => l.value === '' && !l.off).map((l) => l.key);
  return {
    kind: 'edits',
    creates: { [path]: envText(site, all) },
    reason: say`${path} lists ${all.length} variables`,
    at: [service.entry.at],
    warnings: empty.length > 0 ? [say`${site.variables} must be given values for ${empty.join(', ')}`] : [],
  };
}

function envText(site: Site, lines: readonly Line[]): string {
  const body = lines.map(({ key, value, comment, off }) => {
    const above = comment === undefined ? '' : `# ${comment}\n`;
    return `${above}${off ? '# ' : ''}${key}=${quoted(value)}\n`;
  });
  return `# ${site.variables}, ${MADE}. Only root may read it (mode 600). PORT is set by the unit.\n${body.join('')}`;
}

/** As systemd and a shell both read it back. */
function quoted(value: string): string {
  return /^[\w@%+=:,./-]*$/.test(value) ? value : `"${value.replace(/["\\$`]/g, '\\$&')}"`;
}
