/** Where a service lives on a server of one's own: the one place from which unit, site, environment and README take it. */
import { toolOf } from '../../src/knowledge/managers.ts';
import type { Facts, Service } from '../../src/model/facts.ts';
import type { Options, Part } from '../../src/model/transform.ts';
import { join } from '../../src/repo/path.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { environmentHome } from '../../src/survey/dependencies/locks.ts';
import { say } from '../../src/system/say.ts';
import { slug, unique } from '../render-yaml/names.ts';
import { addressOf, foreignSite, foreignUnit } from './existing.ts';
import { readUnit } from './unit-file.ts';

/** Folder of the repository that the files are written to. */
export const DEPLOY = 'deploy';

export interface Site {
  /** Of the unit, the site and the folders below /etc and /var/lib. */
  readonly name: string;
  /** Unix account that the processes run as. */
  readonly account: string;
  /** Folder on the server that the repository is checked out to. */
  readonly checkout: string;
  /** The service root there. */
  readonly folder: string;
  /** The Python environment. */
  readonly environment: string;
  /** What the processes may write, below /var/lib. */
  readonly state: string;
  /** File of the environment variables. */
  readonly variables: string;
  /** TCP port on the loopback interface. */
  readonly port: number;
  /** What nginx passes requests to: `127.0.0.1:8000`, or `unix:/run/shop.sock` of a unit that exists. */
  readonly address: string;
  readonly domain: string;
}

export const siteOptions = {
  user: { default: '', help: "Unix account of the service; empty takes the service's name" },
  folder: { default: '', help: 'folder on the server that holds the repository; empty takes /srv/<name>' },
  port: { default: 0, help: 'port on the loopback interface, for several services the first one; 0 takes 8000' },
  domain: { default: '', help: 'host name of the site; empty takes example.org, to be replaced' },
} as const satisfies Part['options'];

/** What stands for the name that only the user knows. RFC 2606 */
export const UNKNOWN_DOMAIN = 'example.org';

/** One site for each service, in the order of the facts. Options that a part does not have are read from what exists. */
export function sitesOf(repo: Snapshot, facts: Facts, options: Options): Site[] {
  const text = (name: keyof typeof siteOptions) => String(options[name] ?? '').trim();
  const names = new Set<string>();
  const single = facts.services.length === 1;
  const [, last = ''] = /([^/\\]*)[/\\]*$/.exec(repo.root) ?? [];
  return facts.services.map((service, index) => {
    const name = unique(siteName(service, single ? '' : slug(last)), names);
    const own = repo.read(`${DEPLOY}/${name}.service`)?.text;
    const unit = readUnit(own ?? foreignUnit(repo, facts, service)?.text ?? '');
    const checkout =
      text('folder').replace(/(?<=.)\/+$/, '') ||
      without(unit.value('WorkingDirectory'), service.root) ||
      `/srv/${single ? name : slug(last)}`;
    const folder = join(checkout, service.root);
    const known = addressOf(unit) ?? foreignSite(repo, facts)?.address;
    const port = Number(options.port) > 0 ? Number(options.port) + index : portOf(known) || 8000 + index;
    const domain = text('domain') || UNKNOWN_DOMAIN;
    return {
      name,
      account: text('user') || unit.value('User') || account(name),
      checkout,
      folder,
      environment: `${join(checkout, environmentFolder(service))}/.venv`,
      state: `/var/lib/${name}`,
      variables: `/etc/${name}/env`,
      port,
      address: known?.startsWith('unix:') ? known : `127.0.0.1:${port}`,
      domain: single ? domain : `${slug(service.name).slice(0, 30).replace(/-$/, '')}.${domain}`,
    };
  });
}

/** What is wrong with an option's value, in one sentence. */
export function wrongSite(options: Options): string | undefined {
  const { user, folder, port, domain } = options;
  if (typeof user === 'string' && !/^(?:[a-z_][a-z0-9_-]{0,30})?$/.test(user)) {
    return say`option user: '${user}' is no name of an account`;
  }
  if (typeof folder === 'string' && !/^(?:\/[\w@+=:,./-]*)?$/.test(folder)) {
    return say`option folder: '${folder}' is no absolute path of letters, digits and -_./`;
  }
  if (typeof port === 'number' && !(Number.isInteger(port) && (port === 0 || (port >= 1024 && port <= 65_000)))) {
    return say`option port: ${port} is none from 1024 to 65000`;
  }
  if (typeof domain === 'string' && !/^(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)?$/.test(domain)) {
    return say`option domain: '${domain}' is no host name`;
  }
  return undefined;
}

/** The folder in which the tool that installs the service makes its environment. */
export function environmentFolder({ root, dependencies }: Service): string {
  return dependencies && toolOf(dependencies.manager) ? environmentHome(dependencies) : root;
}

/** Accounts, groups and units that Debian or the packages beside the service have already. */
const TAKEN =
  /^(?:root|daemon|bin|sys|sync|games|man|lp|mail|news|uucp|proxy|backup|list|irc|users|nobody|staff|operator|src|sudo|audio|video|disk|ssh|cron|dbus|systemd|docker|www-data|postgres(?:ql)?|redis(?:-server)?|mysql|mariadb|mongod|nginx)$/;

/** With several services, the repository's name first: `users` alone would be a group that exists. */
function siteName(service: Service, repository: string): string {
  const own = slug(service.name);
  const name = repository === '' || own.startsWith(repository) ? own : slug(`${repository}-${own}`);
  return TAKEN.test(name) ? `${name}-app` : name;
}

/** A name that useradd takes: at most 31 characters, no digit first. */
function account(name: string): string {
  return (/^[0-9]/.test(name) ? `app-${name}` : name).slice(0, 31).replace(/-$/, '');
}

function portOf(address: string | undefined): number {
  return Number(/:(\d+)$/.exec(address ?? '')?.[1] ?? 0);
}

/** The checkout's folder, from the one of the service in it. */
function without(folder: string | undefined, root: string): string | undefined {
  if (folder === undefined || !folder.startsWith('/')) return undefined;
  if (root === '') return folder;
  return folder.endsWith(`/${root}`) ? folder.slice(0, -root.length - 1) : undefined;
}
