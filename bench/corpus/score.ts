/** One repository's facts and plan against its label. */
import type { EnvVar, Facts, Service } from '../../src/model/facts.ts';
import type { Plan, Verdict } from '../../src/model/plan.ts';
import { entriesIn, healthIn, type Label, type Labelled, type LabelledService, versionsIn } from './label.ts';

export interface Decision {
  /** 'bind', 'gunicorn', … or 'service.entry', 'service.health', … */
  readonly subject: string;
  readonly result: 'right' | 'wrong' | 'debatable';
  readonly expected: string;
  readonly got: string;
  /** Path or root it is about. */
  readonly about: string;
}

export function score(label: Label, facts: Facts, plan: Plan): Decision[] {
  if (plan.refusal) {
    const template = label.services.every((s) => s.template) || /refus/.test(label.unsure ?? '');
    return [
      {
        subject: 'refusal',
        result: template || label.services.length === 0 ? 'right' : 'wrong',
        expected: template ? 'refuse' : 'patch',
        got: plan.refusal.kind,
        about: '.',
      },
    ];
  }
  return [...scoreServices(label, facts), ...scoreParts(label, plan)];
}

function scoreServices(label: Label, facts: Facts): Decision[] {
  const out: Decision[] = [];
  for (const wanted of label.services) {
    const root = wanted.root === '.' ? '' : wanted.root;
    const found =
      facts.services.find((s) => s.root === root && matches(wanted, s)) ??
      facts.services.find((s) => matches(wanted, s));
    const about = wanted.root;
    if (!found) {
      const got = facts.services.map((s) => `${s.root || '.'} ${target(s)}`).join('; ') || 'no service';
      out.push({
        subject: 'service.entry',
        result: wanted.optional ? 'debatable' : 'wrong',
        expected: wanted.entry,
        got,
        about,
      });
      continue;
    }
    const say = (subject: string, right: boolean, expected: unknown, got: unknown): void => {
      out.push({
        subject: `service.${subject}`,
        result: right ? 'right' : 'wrong',
        expected: String(expected),
        got: String(got),
        about,
      });
    };
    say('entry', true, wanted.entry, target(found));
    say('root', found.root === root, root || '.', found.root || '.');
    say('interface', found.entry.interface === wanted.interface, wanted.interface, found.entry.interface);
    say('framework', found.entry.framework === wanted.framework, wanted.framework, found.entry.framework);
    say('health', healthIn(wanted).includes(found.health?.path ?? null), wanted.health, found.health?.path ?? null);
    const tool = found.migrations?.tool ?? 'none';
    const noCommand = wanted.migrations.command === null && (tool === 'none' || found.migrations?.automatic === true);
    say('migrations', tool === wanted.migrations.tool || noCommand, wanted.migrations.tool, tool);
    say(
      'database',
      (found.database?.kind ?? 'none') === wanted.database,
      wanted.database,
      found.database?.kind ?? 'none',
    );
    say('redis', (found.redis !== undefined) === wanted.redis, wanted.redis, found.redis !== undefined);
    say(
      'worker',
      found.workers.length > 0 === (wanted.worker !== null),
      wanted.worker,
      found.workers.map((w) => w.command).join('; '),
    );
    const versions = versionsIn(wanted.python);
    const python = found.python?.version.split('.').slice(0, 2).join('.');
    say('python', python === undefined ? versions.length === 0 : versions.includes(python), wanted.python, python);
    out.push(...scoreEnv(wanted, found.env));
  }
  return out;
}

function matches(wanted: LabelledService, service: Service): boolean {
  return entriesIn(wanted.entry).some((e) => e.replace(/\(\)$/, '') === target(service).replace(/\(\)$/, ''));
}

function target(service: Service): string {
  return `${service.entry.module}:${service.entry.attr}${service.entry.factory ? '()' : ''}`;
}

function scoreEnv(wanted: LabelledService, env: readonly EnvVar[]): Decision[] {
  const found = new Map(env.map((e) => [e.name, e]));
  return Object.entries(wanted.env).map(([name, { kind }]): Decision => {
    const got = found.get(name)?.kind;
    const same = got === kind || (got === 'supply' && (kind === 'plain' || kind === 'secret-supply'));
    return {
      subject: got ? 'env.kind' : 'env.name',
      result: same ? 'right' : 'wrong',
      expected: kind,
      got: got ?? 'not found',
      about: name,
    };
  });
}

function scoreParts(label: Label, plan: Plan): Decision[] {
  const { patches } = label;
  return [
    ...patches.bind.map((l) => judgeChange('bind', l, changedAt(plan, 'bind', l.at), label)),
    ...unlabelled(
      plan,
      'bind',
      patches.bind.map((l) => l.at),
    ),
    ...patches.env_base.map((l) => judgeChange('alembic-base', l, changedAt(plan, 'alembic-base', l.at), label)),
    ...unlabelled(
      plan,
      'alembic-base',
      patches.env_base.map((l) => l.at),
    ),
    ...patches.ini_url.map((l) => judgeIni(l, plan)),
    judgeGunicorn(label, plan),
    judgeFile('procfile', patches.procfile.verdict, plan, /(?:^|\/)Procfile$/, patches.procfile.at ?? ''),
    judgeFile('render-yaml', patches.render.verdict, plan, /^render\.ya?ml$/, patches.render.path ?? ''),
  ];
}

function changedAt(plan: Plan, part: string, at: string): Verdict | undefined {
  const [path, line] = split(at);
  const mine = plan.verdicts.filter((v) => v.part === part && v.at[0]?.path === path);
  return mine.find((v) => Math.abs((v.at[0]?.line ?? 0) - line) <= 3) ?? (mine.length === 1 ? mine[0] : undefined);
}

function split(at: string): [string, number] {
  const cut = at.lastIndexOf(':');
  return [at.slice(0, cut), Number(at.slice(cut + 1))];
}

/** A miss is debatable where the label itself says that both answers are right, or that it is unsure of this part. */
function judgeChange(subject: string, label: Labelled, got: Verdict | undefined, { unsure = '' }: Label): Decision {
  const change = got?.kind === 'applied';
  const right = (label.verdict === 'change') === change;
  const doubt = unsure.split(/;/).some((u) => u.includes(subject.replace('alembic-base', 'env_base')));
  const open = label.verdict === 'either' || /\beither\b|acceptable/.test(label.why) || label.acceptable || doubt;
  const result = right ? 'right' : open ? 'debatable' : 'wrong';
  return {
    subject,
    result,
    expected: label.verdict,
    got: got ? `${got.kind}: ${got.reason}` : 'no verdict',
    about: label.at,
  };
}

/** Changes where the label names none: nobody asked for them. */
function unlabelled(plan: Plan, part: string, labelled: readonly string[]): Decision[] {
  const files = new Set(labelled.map((at) => split(at)[0]));
  return plan.verdicts
    .filter((v) => v.part === part && v.kind === 'applied' && !files.has(v.at[0]?.path ?? ''))
    .map((v) => ({
      subject: part,
      result: 'wrong',
      expected: 'no change',
      got: v.reason,
      about: `${v.at[0]?.path}:${v.at[0]?.line}`,
    }));
}

function judgeIni(label: Label['patches']['ini_url'][number], plan: Plan): Decision {
  const change = plan.changes.some((c) => c.path === label.path);
  const verdict = plan.verdicts.find((v) => v.part === 'alembic-url' && v.at.some((a) => a.path === label.path));
  const wanted = label.verdict.startsWith('comment');
  const right = label.verdict === 'either' || wanted === change;
  const safe = wanted && verdict?.kind === 'manual' && /\beither\b|riskier|workable/.test(label.why);
  return {
    subject: 'alembic-url',
    result: right ? 'right' : safe ? 'debatable' : 'wrong',
    expected: label.verdict,
    got: verdict ? `${verdict.kind}: ${verdict.reason}` : 'no verdict',
    about: label.path,
  };
}

function judgeGunicorn(label: Label, plan: Plan): Decision {
  const { verdict: wanted, file, why = '', ...rest } = label.patches.gunicorn;
  const mine = plan.verdicts.filter((v) => v.part === 'gunicorn');
  const kinds = mine.map((v) => v.kind);
  const inFile = (v: Verdict): boolean => !file || file.includes(' ') || v.files.includes(file);
  const right: Record<string, boolean> = {
    add: mine.some((v) => v.kind === 'applied' && inFile(v)),
    present: kinds.length > 0 && kinds.every((k) => k === 'satisfied' || k === 'skipped'),
    'refuse-with-command': kinds.includes('manual') && !kinds.includes('applied'),
    none: !kinds.includes('applied'),
    either: true,
  };
  // Some labels take a start without gunicorn for as good.
  const spared = /\b(?:either none|no gunicorn at all)\b/.test(why) && kinds.every((k) => k === 'satisfied');
  const open = /\beither\b/.test(`${why} ${JSON.stringify(rest)} ${label.unsure ?? ''}`);
  return {
    subject: 'gunicorn',
    result: right[wanted] || spared ? 'right' : open ? 'debatable' : 'wrong',
    expected: `${wanted} ${file ?? ''}`.trim(),
    got: mine.map((v) => `${v.kind} ${v.files.join(' ')} ${v.reason}`).join('; '),
    about: file ?? '.',
  };
}

function judgeFile(subject: string, wanted: string, plan: Plan, name: RegExp, about: string): Decision {
  const change = plan.changes.filter((c) => name.test(c.path));
  const rewritten = change.some((c) => c.before !== null);
  const right = wanted === 'create' ? change.length > 0 : !rewritten && (wanted === 'either' || change.length === 0);
  const got = plan.verdicts
    .filter((v) => v.part === subject)
    .map((v) => `${v.kind}: ${v.reason}`)
    .join('; ');
  return { subject, result: right ? 'right' : 'wrong', expected: wanted, got, about };
}
