import type { Facts, Service } from '../src/model/facts.ts';
import type { Options, Outcome, Part } from '../src/model/transform.ts';
import { MADE } from '../src/repo/made.ts';
import type { Snapshot } from '../src/repo/snapshot.ts';
import { say } from '../src/system/say.ts';
import { words } from './nginx/words.ts';
import { gunicornOptions, serverOptions } from './systemd.ts';
import { foreignSite } from './vps/existing.ts';
import { readTimeout, serverCommand } from './vps/server-command.ts';
import { DEPLOY, type Site, siteOptions, sitesOf, UNKNOWN_DOMAIN, wrongSite } from './vps/site.ts';

export const nginx: Part = {
  id: 'nginx',
  summary: 'Writes an nginx site that passes requests and websockets on to the server.',
  severity: 'important',
  words,
  source: 'https://docs.gunicorn.org/en/stable/deploy.html#nginx-configuration',
  options: {
    domain: siteOptions.domain,
    port: siteOptions.port,
    'body-size': { default: '10m', help: 'largest request body (client_max_body_size)' },
    ...serverOptions,
  },
  plan(repo, facts, options) {
    if (facts.services.length === 0) return [{ kind: 'skipped', reason: say`no web service was found`, at: [] }];
    const size = String(options['body-size'] ?? '10m');
    const wrong =
      wrongSite(options) ?? (/^\d{1,6}[kKmMgG]?$/.test(size) ? undefined : say`option body-size: '${size}' is no size`);
    if (wrong) return [{ kind: 'manual', reason: wrong, at: [] }];
    const sites = sitesOf(repo, facts, options);
    return facts.services.map((service, index) => {
      const outcome = planService(repo, facts, service, sites[index] as Site, options, size);
      return facts.services.length > 1 ? { ...outcome, service: service.root } : outcome;
    });
  },
};

function planService(
  repo: Snapshot,
  facts: Facts,
  service: Service,
  site: Site,
  options: Options,
  size: string,
): Outcome {
  const path = `${DEPLOY}/${site.name}.nginx.conf`;
  const foreign = repo.has(path) ? undefined : foreignSite(repo, facts);
  if (foreign) {
    const at = [{ path: foreign.path, line: 1 }];
    const same = foreign.address === site.address;
    return same
      ? { kind: 'satisfied', reason: say`${foreign.path} passes requests on to ${site.address}`, at }
      : {
          kind: 'manual',
          reason: say`${foreign.path} passes requests on to ${foreign.address}, while the unit listens on ${site.address}`,
          at,
          snippet: siteText(repo, service, site, options, size),
        };
  }
  const text = repo.read(path)?.text;
  if (repo.has(path)) {
    const at = [{ path, line: 1 }];
    if (text?.includes('proxy_pass')) return { kind: 'satisfied', reason: say`${path} passes requests on`, at };
    const snippet = siteText(repo, service, site, options, size);
    return { kind: 'manual', reason: say`${path} passes no requests on`, at, snippet };
  }
  const unknown = site.domain === UNKNOWN_DOMAIN || site.domain.endsWith(`.${UNKNOWN_DOMAIN}`);
  return {
    kind: 'edits',
    creates: { [path]: siteText(repo, service, site, options, size) },
    reason: say`${path} passes requests for ${site.domain} on to ${site.address}`,
    at: [service.entry.at, ...(service.health ? [service.health.at] : [])],
    warnings: unknown ? [say`${site.domain} stands for the real host name: --set domain=<name>`] : [],
  };
}

function siteText(repo: Snapshot, service: Service, site: Site, options: Options, size: string): string {
  const server = serverCommand(repo, service, gunicornOptions(options));
  const variable = `$upgrade_${site.name.replaceAll('-', '_').slice(0, 32)}`;
  const health = healthLocation(service, site);
  return `# /etc/nginx/sites-available/${site.name}, ${MADE}.
map $http_upgrade ${variable} {
    default upgrade;
    ''      close;
}

upstream ${site.name} {
    # With one server, a failure must not take it out of use.
    server ${site.address} fail_timeout=0;
}

server {
    listen 80;
    listen [::]:80;
    server_name ${site.domain};

    client_max_body_size ${size};

    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection ${variable};
    proxy_redirect off;

    proxy_connect_timeout 5s;
    # Longer than the server's own limit, which decides.
    proxy_read_timeout ${readTimeout(server)}s;
    proxy_send_timeout ${readTimeout(server)}s;

    location / {
        proxy_pass http://${site.name};
    }
${health}}
`;
}

/** Polled every few seconds: not worth a line in the log each time. */
function healthLocation(service: Service, site: Site): string {
  const path = service.health?.path;
  if (path === undefined || path === '/' || !/^\/[\w./-]*$/.test(path)) return '';
  return `
    location = ${path} {
        access_log off;
        proxy_pass http://${site.name};
    }
`;
}
