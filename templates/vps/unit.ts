/** The text of a unit. https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Sandboxing */
import { databaseKind } from '../../src/knowledge/databases.ts';
import type { Service } from '../../src/model/facts.ts';
import { MADE } from '../../src/repo/made.ts';
import type { Exec } from './exec.ts';
import type { Site } from './site.ts';

export interface Unit {
  /** Name without `.service`. */
  readonly name: string;
  readonly description: string;
  /** Folder on the server that it runs in. */
  readonly folder: string;
  readonly exec: Exec;
  readonly kind: 'web' | 'worker' | 'migrate';
  /** gunicorn tells systemd when it is ready. https://docs.gunicorn.org/en/stable/deploy.html#systemd */
  readonly notifies: boolean;
  /** Seconds to stop in before it is killed. */
  readonly stop: number;
  /** Absolute paths on the server. */
  readonly writes: readonly string[];
}

type Lines = readonly (readonly [string, string] | '')[];

export function unitText(unit: Unit, site: Site, service: Service): string {
  const sections = [
    ['Unit', head(unit, service)],
    ['Service', [...running(unit, site), '', ...sandbox(unit, site, service)]],
    ...(unit.kind === 'migrate' ? [] : [['Install', [['WantedBy', 'multi-user.target']]]]),
  ] as readonly (readonly [string, Lines])[];
  const body = sections.map(
    ([name, lines]) => `[${name}]\n${lines.map((l) => (l === '' ? '\n' : `${l[0]}=${l[1]}\n`)).join('')}`,
  );
  return `# /etc/systemd/system/${unit.name}.service, ${MADE}.\n${body.join('\n')}`;
}

function head(unit: Unit, service: Service): Lines {
  const after = ['network-online.target'];
  const server = databaseKind(service.database?.kind)?.unit;
  if (server) after.push(server);
  if (service.redis) after.push('redis-server.service');
  return [
    ['Description', unit.description],
    ['Wants', 'network-online.target'],
    ['After', after.join(' ')],
  ];
}

function running(unit: Unit, site: Site): Lines {
  const { exec, kind } = unit;
  const assigned = exec.assigned.map(([name, value]) => ['Environment', assignment(name, value)] as const);
  const out: (readonly [string, string])[] = [
    ['Type', kind === 'migrate' ? 'oneshot' : unit.notifies ? 'notify' : 'exec'],
    ...(unit.notifies ? [['NotifyAccess', 'main'] as const] : []),
    ['User', site.account],
    ['Group', site.account],
    ['WorkingDirectory', unit.folder.replaceAll('%', '%%')],
    ['Environment', assignment('PATH', `${site.environment}/bin:/usr/local/bin:/usr/bin:/bin`)],
    ['Environment', 'PYTHONUNBUFFERED=1'],
    ...(kind === 'web' ? [['Environment', `PORT=${site.port}`] as const] : []),
    ...assigned,
    ['EnvironmentFile', site.variables],
    ['ExecStart', exec.line],
  ];
  if (kind === 'migrate') return out;
  if (unit.notifies) out.push(['ExecReload', '/bin/kill -s HUP $MAINPID']);
  out.push(
    ['Restart', 'always'],
    ['RestartSec', '5'],
    ['KillMode', exec.direct ? 'mixed' : 'control-group'],
    ['TimeoutStopSec', String(unit.stop)],
  );
  return out;
}

/** Packages that need something that a web service does not: the line left out for them. */
const NEEDS: readonly (readonly [RegExp, RegExp])[] = [
  [
    /^(?:torch|tensorflow|tensorflow-gpu|jax|cupy|onnxruntime-gpu|faster-whisper|vllm|pyserial|opencv-python)$/,
    /^PrivateDevices$/,
  ],
  [/^(?:playwright|pyppeteer|selenium|undetected-chromedriver)$/, /^(?:RestrictNamespaces|SystemCallFilter)$/],
];

function sandbox(unit: Unit, site: Site, service: Service): Lines {
  const home = /^\/(?:home|root|run\/user)(?:\/|$)/.test(site.checkout);
  const needed = NEEDS.filter(([packages]) => service.dependencies?.requirements.some((r) => packages.test(r.name)));
  const lines: (readonly [string, string])[] = [
    ['NoNewPrivileges', 'yes'],
    ['ProtectSystem', 'strict'],
    // Code in a home folder must at least be read.
    ['ProtectHome', home ? 'read-only' : 'yes'],
    ['StateDirectory', site.name],
    ['StateDirectoryMode', '0750'],
    ...unit.writes.map((path) => ['ReadWritePaths', pathWord(`-${path}`)] as const),
    ['UMask', '0027'],
    ['PrivateTmp', 'yes'],
    ['PrivateDevices', 'yes'],
    ['ProtectClock', 'yes'],
    ['ProtectControlGroups', 'yes'],
    ['ProtectHostname', 'yes'],
    ['ProtectKernelLogs', 'yes'],
    ['ProtectKernelModules', 'yes'],
    ['ProtectKernelTunables', 'yes'],
    ['ProtectProc', 'invisible'],
    ['CapabilityBoundingSet', ''],
    ['LockPersonality', 'yes'],
    ['RemoveIPC', 'yes'],
    ['RestrictAddressFamilies', 'AF_INET AF_INET6 AF_NETLINK AF_UNIX'],
    ['RestrictNamespaces', 'yes'],
    ['RestrictRealtime', 'yes'],
    ['RestrictSUIDSGID', 'yes'],
    ['SystemCallArchitectures', 'native'],
    ['SystemCallFilter', '@system-service'],
    ['SystemCallFilter', '~@privileged'],
    ['SystemCallErrorNumber', 'EPERM'],
  ];
  return lines.filter(([key]) => !needed.some(([, keys]) => keys.test(key)));
}

function assignment(name: string, value: string): string {
  const text = `${name}=${value.replaceAll('%', '%%')}`;
  return /[\s"'\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
}

/**
 * A path in a list of paths: `%` is a specifier, blanks divide, quotes quote, and a backslash stands for itself.
 * https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#ReadWritePaths=
 */
function pathWord(path: string): string {
  const text = path.replaceAll('%', '%%');
  if (!/[\s"'\\]/.test(text)) return text;
  const pieces = text.match(/"+|[^"]+/g) ?? [];
  return pieces.map((piece) => (piece.startsWith('"') ? `'${piece}'` : `"${piece}"`)).join('');
}
