import { shellWord } from '../src/commands/command.ts';
import type { Facts, Service } from '../src/model/facts.ts';
import type { Options, Part } from '../src/model/transform.ts';
import { isMade, MADE } from '../src/repo/made.ts';
import type { Snapshot } from '../src/repo/snapshot.ts';
import { say } from '../src/system/say.ts';
import { words } from './deploy-readme/words.ts';
import { gunicornOptions, serverOptions } from './systemd.ts';
import { foreignSite, foreignUnit } from './vps/existing.ts';
import { type Processes, processesOf } from './vps/processes.ts';
import { DEPLOY, type Site, siteOptions, sitesOf, wrongSite } from './vps/site.ts';
import {
  accountCommands,
  checkCommands,
  installCommands,
  packagesFor,
  restartCommand,
  startCommands,
  unitsOf,
} from './vps/steps.ts';

const PATH = `${DEPLOY}/README.md`;

export const deployReadme: Part = {
  id: 'deploy-readme',
  afterMigrations: true,
  summary: 'Writes deploy/README.md: the exact commands that bring the program to a server and a new version after it.',
  severity: 'important',
  words,
  source: 'https://docs.gunicorn.org/en/stable/deploy.html',
  options: {
    ...siteOptions,
    repository: { default: '', help: 'address that git clones from; empty writes $REPOSITORY' },
    ...serverOptions,
  },
  plan(repo, facts, options) {
    if (facts.services.length === 0) return [{ kind: 'skipped', reason: say`no web service was found`, at: [] }];
    const address = String(options.repository ?? '');
    const wrong =
      wrongSite(options) ??
      (/^[\w@:/.+~-]*$/.test(address) ? undefined : say`option repository: '${address}' is no address`);
    if (wrong) return [{ kind: 'manual', reason: wrong, at: [] }];
    const at = [{ path: PATH, line: 1 }];
    const text = repo.read(PATH)?.text;
    if (text !== undefined && (isMade(text) || /\bsystemctl\b/.test(text))) {
      return [{ kind: 'satisfied', reason: say`${PATH} tells how to deploy`, at }];
    }
    const foreign = facts.services.find((s) => foreignUnit(repo, facts, s));
    if (foreign) {
      const unit = foreignUnit(repo, facts, foreign)?.path ?? '';
      return [
        { kind: 'skipped', reason: say`the project has a way of its own: ${unit}`, at: [{ path: unit, line: 1 }] },
      ];
    }
    const made = document(repo, facts, options, address);
    if (repo.has(PATH)) {
      return [{ kind: 'manual', reason: say`${PATH} says nothing of systemd`, at, snippet: made.text }];
    }
    return [
      {
        kind: 'edits',
        creates: { [PATH]: made.text },
        reason: say`${PATH} gives the commands`,
        at: facts.services.map((s) => s.entry.at),
        warnings: made.warnings,
      },
    ];
  },
};

function document(
  repo: Snapshot,
  facts: Facts,
  options: Options,
  address: string,
): { readonly text: string; readonly warnings: readonly string[] } {
  const sites = sitesOf(repo, facts, options);
  const all = facts.services.map((service, index) => {
    const site = sites[index] as Site;
    return { service, site, made: processesOf(repo, facts, service, site, gunicornOptions(options)) };
  });
  const checkout = sites[0]?.checkout ?? '';
  const warnings: string[] = [];
  const title = all.map(({ site }) => site.name).join(', ');
  const parts = [
    `<!-- ${MADE} -->\n# Deploy ${title} to a server\n`,
    'For Debian 12, Ubuntu 22.04 and later, with systemd. All commands run as root (`sudo -i`).\n',
    '## Once\n',
    block([
      `apt-get install ${packagesFor(facts.services).join(' ')}`,
      `git clone ${address === '' ? '"$REPOSITORY"' : address} ${checkout}`,
    ]),
    ...(address === '' ? ['`REPOSITORY` is the address that git clones from.\n'] : []),
  ];
  for (const one of all) {
    const install = installCommands(repo, one.service, one.site);
    if (!install)
      warnings.push(say`${one.site.name}: no dependency file says what to install into ${one.site.environment}`);
    const own = `${DEPLOY}/${one.site.name}.nginx.conf`;
    const conf = repo.has(own) ? own : (foreignSite(repo, facts)?.path ?? own);
    parts.push(...serviceParts(one.service, one.site, one.made, install, conf, all.length > 1));
  }
  parts.push('## HTTPS\n', 'Once the name points to the server:\n');
  const domains = sites.map((s) => `-d ${s.domain}`).join(' ');
  parts.push(block(['apt-get install python3-certbot-nginx', `certbot --nginx ${domains}`]));
  parts.push('## A new version\n');
  const update = all.flatMap(({ service, site, made }) => [
    ...(installCommands(repo, service, site) ?? []).filter((c) => !c.startsWith('python3 -m venv ')),
    restartCommand(made),
  ]);
  parts.push(block([`git -C ${checkout} pull --ff-only`, ...update]));
  if (all.some(({ made }) => made.migrate)) {
    parts.push('When the migration fails, the version before goes on: `journalctl` says why.\n');
  }
  const log = all.flatMap(({ made }) => unitsOf(made)).map((name) => `-u ${name}`);
  parts.push('## The log\n', block([`journalctl ${log.join(' ')} -f`]));
  return { text: parts.join('\n'), warnings };
}

function serviceParts(
  service: Service,
  site: Site,
  made: Processes,
  install: readonly string[] | undefined,
  conf: string,
  several: boolean,
): string[] {
  const level = several ? '###' : '##';
  const title = (text: string) => `${level} ${text}\n`;
  const units = [made.web, ...made.workers, ...(made.migrate ? [made.migrate] : [])];
  const files = units.map((u) => `${DEPLOY}/${u.name}.service`).join(' ');
  const available = `/etc/nginx/sites-available/${site.name}`;
  const { python } = service;
  const stated = python ? ` The project states Python ${python.version}${python.bound ? ' or later' : ''}.` : '';
  return [
    ...(several ? [`## ${site.name}\n`] : []),
    title('Account and variables'),
    block(accountCommands(service, site, made)),
    title('Python environment'),
    ...(install
      ? [`\`python3\` must be the version that the project needs.${stated}\n`, block(install)]
      : [`Install the program's dependencies into \`${site.environment}\`.\n`]),
    title('Units'),
    block([
      `cd ${site.checkout}`,
      `install -m 0644 ${files} /etc/systemd/system/`,
      'systemctl daemon-reload',
      ...startCommands(made),
    ]),
    title('nginx'),
    block([
      `install -m 0644 ${shellWord(conf)} ${available}`,
      `ln -s ${available} /etc/nginx/sites-enabled/`,
      'nginx -t && systemctl reload nginx',
    ]),
    title('Check'),
    block(checkCommands(service, site)),
    ...(made.writes.length > 0
      ? []
      : [
          `The program may write to \`${site.state}\` and \`/tmp\` only. For another folder, give it to \`${site.account}\` and add ` +
            '`ReadWritePaths=` to the unit.\n',
        ]),
  ];
}

function block(commands: readonly string[]): string {
  return `\`\`\`sh\n${commands.join('\n')}\n\`\`\`\n`;
}
