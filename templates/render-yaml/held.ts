/** An existing render.yaml held against the platform's rules and against what its commands start. */

import { readCommand } from '../../src/commands/command.ts';
import { commandMigrates, migrates } from '../../src/commands/migrates.ts';
import { isAdded } from '../../src/judge/fault.ts';
import { judgeImage, startOf } from '../../src/judge/image.ts';
import { type Judgement, judge, type Setting } from '../../src/judge/judge.ts';
import { servingOf } from '../../src/judge/serving.ts';
import type { Evidence, Service } from '../../src/model/facts.ts';
import { join } from '../../src/repo/path.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { blueprintServices, folderOf, rootDirOf, runtimeOf } from '../../src/survey/blueprint.ts';
import { field, listField, textField, type YamlNode } from '../../src/syntax/yaml.ts';
import { say } from '../../src/system/say.ts';
import { migrateStep } from '../start-command.ts';
import { print, scalar } from './document.ts';

export interface Broken {
  readonly reason: string;
  readonly at: Evidence;
  /** A line of YAML that mends it. */
  readonly line?: string;
}

/**
 * What Render refuses or does not run, in all services of the file: what the free plan has not, what a Key Value must
 * have. https://render.com/docs/free https://render.com/docs/blueprint-spec
 */
export function brokenRules(root: YamlNode | undefined, path: string): Broken[] {
  return blueprintServices(root).flatMap((service) => {
    const type = textField(service, 'type') ?? '';
    const name = textField(service, 'name') ?? say`a service`;
    const out: Broken[] = [];
    const blame = (key: string, reason: string, line?: string): void => {
      const at = { path, line: field(service, key)?.line ?? service.line };
      out.push({ reason: `${name} ${reason}`, at, ...(line === undefined ? {} : { line }) });
    };
    if ((type === 'redis' || type === 'keyvalue') && !field(service, 'ipAllowList')) {
      blame('type', say`has no ipAllowList, which a Key Value must have`, 'ipAllowList: []');
    }
    if (textField(service, 'plan') !== 'free') return out;
    if (['worker', 'pserv', 'cron'].includes(type))
      blame('plan', say`is a ${type}: there is no free one`, 'plan: starter');
    for (const key of ['preDeployCommand', 'disk', 'scaling'] as const) {
      if (field(service, key)) blame(key, say`has a ${key}, which the free plan does not`, 'plan: starter');
    }
    return out;
  });
}

export interface Held {
  readonly broken: readonly Broken[];
  readonly warnings: readonly string[];
  /** What was proved of the start command. */
  readonly proof: string;
}

/** The service of a blueprint that deploys `service`, with its start command judged. */
export function heldService(repo: Snapshot, service: Service, node: YamlNode, path: string): Held {
  const given = new Set(listField(node, 'envVars').flatMap((v) => textField(v, 'key') ?? []));
  const port = listField(node, 'envVars').find((v) => textField(v, 'key') === 'PORT');
  const said = Number(textField(port, 'value'));
  const setting = { behind: 'platform', given, ...(said > 0 ? { port: said } : {}) } as const;
  if (runtimeOf(node) === 'docker') return heldImage(repo, service, node, path, setting);
  const start = field(node, 'startCommand');
  const text = textField(node, 'startCommand');
  const name = textField(node, 'name') ?? say`the web service`;
  if (!start || text === undefined) {
    const at = { path, line: node.line };
    return { broken: [{ reason: say`${name} has no startCommand`, at }], warnings: [], proof: '' };
  }
  const build = textField(node, 'buildCommand') ?? '';
  const folder = rootDirOf(node);
  const judged = judge(
    repo,
    service,
    { command: readCommand(text), folder, at: { path, line: start.line } },
    { ...setting, build },
  );
  const mended = judged.mended?.text;
  const line = mended === undefined ? undefined : print([{ key: 'startCommand', value: scalar(mended) }], []).trim();
  const faults = judged.faults.filter((f) => !isAdded(f));
  return {
    broken: faults.map((f, i) => ({ reason: f.reason, at: f.at, ...(i === 0 && line !== undefined ? { line } : {}) })),
    warnings: [...judged.warnings, ...unmigrated(repo, service, judged, node, path)],
    proof: judged.proof,
  };
}

/** Nothing in the file runs the migrations. */
function unmigrated(repo: Snapshot, service: Service, judged: Judgement, node: YamlNode, path: string): string[] {
  const migrate = migrateStep(repo, service);
  const folder = rootDirOf(node);
  const runs = ['preDeployCommand', 'buildCommand', 'initialDeployHook'].some((key) => {
    const text = textField(node, key);
    if (text === undefined) return false;
    const command = readCommand(text);
    const programs = servingOf(repo, { command, folder, at: { path, line: node.line } })?.programs ?? [];
    return commandMigrates(command) || programs.some(migrates) || /\bmake\b|\$/.test(text);
  });
  return !migrate || judged.migrates || runs ? [] : [say`${path} never runs \`${migrate.command.text}\``];
}

/** The image that Render builds: its ENTRYPOINT and CMD, or `dockerCommand` in the place of CMD. */
function heldImage(repo: Snapshot, service: Service, node: YamlNode, blueprintPath: string, setting: Setting): Held {
  const path = join(rootDirOf(node), folderOf(textField(node, 'dockerfilePath') ?? './Dockerfile'));
  if (repo.read(path) === undefined) {
    const missing = { reason: say`there is no ${path}`, at: { path: blueprintPath, line: node.line } };
    return repo.has(path) ? { broken: [], warnings: [], proof: '' } : { broken: [missing], warnings: [], proof: '' };
  }
  const said = field(node, 'dockerCommand');
  const command = textField(node, 'dockerCommand');
  const instead = said && command ? { command, at: { path: blueprintPath, line: said.line } } : undefined;
  const start = startOf(repo, path, instead);
  if (!start) return { broken: [], warnings: [], proof: say`${path}, whose start was not checked` };
  const judged = judgeImage(repo, service, start, setting);
  // Render finds a port that is not PORT, where it is told.
  const ports = judged.ports.map((f) => say`${f.reason}: set PORT to it in envVars`);
  return {
    broken: judged.faults.map((f) => ({ reason: f.reason, at: f.at })),
    warnings: [...ports, ...judged.warnings, ...unmigrated(repo, service, judged, node, blueprintPath)],
    proof: say`${path}, in which ${judged.proof}`,
  };
}
