/** The commands that bring a service to a server, in order; to be run as root. */

import { shellWord } from '../../src/commands/command.ts';
import { stepOf } from '../../src/commands/steps.ts';
import { databaseKind } from '../../src/knowledge/databases.ts';
import { managerOf, toolOf } from '../../src/knowledge/managers.ts';
import type { Service } from '../../src/model/facts.ts';
import { join } from '../../src/repo/path.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { buildOfFrontEnd } from '../../src/survey/front-end.ts';
import { collectCommand } from '../render-yaml/home.ts';
import type { Processes } from './processes.ts';
import { DEPLOY, environmentFolder, type Site } from './site.ts';
import { databaseName } from './variables.ts';

/** Debian packages that the services need beside their own. */
export function packagesFor(services: readonly Service[]): string[] {
  const out = new Set(['nginx', 'git', 'python3-venv']);
  for (const { database, redis, dependencies, system } of services) {
    for (const name of (system ?? []).flatMap((need) => need.debian)) out.add(name);
    const server = databaseKind(database?.kind)?.debian;
    if (server) out.add(server);
    if (redis) out.add('redis-server');
    const tool = toolOf(dependencies?.manager);
    if (tool?.debian) out.add(tool.debian);
  }
  return [...out].sort();
}

/** Installs the dependencies into the environment that the units use; undefined when nothing says how. */
export function installCommands(repo: Snapshot, service: Service, site: Site): string[] | undefined {
  const { dependencies } = service;
  if (!dependencies || !managerOf(dependencies.manager).deploys) return undefined;
  const { folder, command } = stepOf(service.root, dependencies.install);
  const tool = toolOf(dependencies.manager);
  const where = shellWord(join(site.checkout, tool ? environmentFolder(service) : folder));
  const python = `${shellWord(site.environment)}/bin`;
  const out = [`cd ${where}`];
  if (tool === undefined) {
    out.push(
      `python3 -m venv ${shellWord(site.environment)}`,
      command.text.replace(/(^|&& )(pip|uv) /g, `$1${python}/$2 `),
    );
  } else out.push(`${tool.beside}${command.text}`);
  const { frontEnd } = service;
  if (frontEnd) out.push(buildOfFrontEnd(frontEnd, (path) => shellWord(join(site.checkout, path))));
  const collect = collectCommand(repo, service);
  if (collect) out.push(`(cd ${shellWord(site.folder)} && ${withVariables(site, `${python}/${collect.text}`)})`);
  return out;
}

export function withVariables(site: Site, command: string): string {
  return `set -a && . ${site.variables} && set +a && ${command}`;
}

/** Account, folders that it may write, and the file of variables. */
export function accountCommands(service: Service, site: Site, made: Processes): string[] {
  const owner = `-o ${site.account} -g ${site.account}`;
  const out = [
    `useradd --system --user-group --home-dir ${site.state} --shell /usr/sbin/nologin ${site.account}`,
    `install -d -m 0750 ${owner} ${site.state}`,
  ];
  for (const { path, folder } of made.writes) {
    const full = join(site.checkout, path);
    const where = shellWord(full);
    // Of the code's own folder root stays the owner: git refuses to pull into somebody else's.
    const code = folder && (path === '' || path === service.root);
    if (code) out.push(`install -d -m 0775 -g ${site.account} ${where}`);
    else
      out.push(
        folder ? `install -d ${owner} ${where}` : `test -e ${where} || install -m 0640 ${owner} /dev/null ${where}`,
      );
  }
  const example = join(site.checkout, `${DEPLOY}/${site.name}.env.example`);
  out.push(`install -D -m 0600 ${shellWord(example)} ${site.variables}`, `editor ${site.variables}`);
  if (service.database?.kind === 'postgres') {
    out.push(
      `runuser -u postgres -- createuser --pwprompt ${site.account}`,
      `runuser -u postgres -- createdb --owner ${site.account} ${databaseName(service, site)}`,
    );
  }
  return out;
}

/** Units in the order in which they start. */
export function unitsOf(made: Processes): string[] {
  return [made.web, ...made.workers].map((unit) => unit.name);
}

export function startCommands(made: Processes): string[] {
  const migrate = made.migrate ? [`systemctl start ${made.migrate.name}`] : [];
  return [...migrate, `systemctl enable --now ${unitsOf(made).join(' ')}`];
}

/** One line, so that a failed migration leaves the old version running. */
export function restartCommand(made: Processes): string {
  const restart = `systemctl restart ${unitsOf(made).join(' ')}`;
  return made.migrate ? `systemctl start ${made.migrate.name} && ${restart}` : restart;
}

/** `curl` to the program past nginx, then through it. */
export function checkCommands(service: Service, site: Site): string[] {
  const path = service.health?.path ?? '/';
  return [
    `systemctl status --no-pager ${site.name}`,
    `curl -fsS http://127.0.0.1:${site.port}${path}`,
    `curl -fsS -H 'Host: ${site.domain}' http://127.0.0.1${path}`,
  ];
}
