/**
 * A plan as JUnit's XML, one case for each verdict and each thing that keeps the service from working.
 * https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 */
import type { Plan, Verdict } from '../model/plan.ts';
import { say } from '../system/say.ts';
import { shownLine } from './shown-line.ts';
import { local } from './words/local.ts';
import { xml } from './xml.ts';

interface Case {
  readonly name: string;
  readonly classname: string;
  /** What the case holds besides its name; undefined where it passes. */
  readonly inner?: { readonly tag: 'failure' | 'error' | 'skipped'; readonly message: string; readonly body: string };
}

/** The document. Ends with a line end. `date` is an ISO date and time. */
export function junitXml(plan: Plan, written: boolean, date: string): string {
  const cases = unique([...plan.verdicts.map((v) => caseOf(v, written)), ...(plan.stops ?? []).map(stopCase)]);
  const count = (tag: string): number => cases.filter((c) => c.inner?.tag === tag).length;
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}"`;
  const when = `time="0" timestamp="${date.slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="nayek" ${counts} time="0">`,
    `  <testsuite name="nayek ${xml(plan.recipe)}" ${counts} skipped="${count('skipped')}" ${when} hostname="localhost">`,
    ...cases.map(caseLine),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/**
 * Cases of one class have names of their own: of two with the same, GitLab takes the first.
 * https://docs.gitlab.com/ci/testing/unit_test_reports/#file-format-and-size-limits
 */
function unique(cases: readonly Case[]): Case[] {
  const seen = new Map<string, number>();
  return cases.map((one) => {
    const key = `${one.classname}\0${one.name}`;
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return times === 1 ? one : { ...one, name: `${one.name} (${times})` };
  });
}

function caseOf(verdict: Verdict, written: boolean): Case {
  const { part, kind, service, at, reason, warnings, commands } = verdict;
  const [first] = at;
  const name = `${service ? `${service}: ` : ''}${first ? `${first.path}:${first.line}` : part}`;
  const body = [
    reason,
    ...warnings.map((w) => `${local(say`warning:`)} ${w}`),
    ...commands.map((c) => `${local(say`run:`)} ${c}`),
  ];
  const inner = (tag: NonNullable<Case['inner']>['tag']): Case => ({
    ...{ name, classname: part },
    inner: { tag, message: reason, body: body.join('\n') },
  });
  if (kind === 'failed') return inner('error');
  if (kind === 'skipped') return inner('skipped');
  if (kind === 'manual' || (kind === 'applied' && !written)) return inner('failure');
  return { name, classname: part };
}

function stopCase({ text, at }: NonNullable<Plan['stops']>[number]): Case {
  const inner = { tag: 'failure', message: text, body: text } as const;
  return { name: `${at.path}:${at.line}`, classname: 'works', inner };
}

function caseLine({ name, classname, inner }: Case): string {
  const open = `    <testcase name="${shown(name)}" classname="nayek.${shown(classname)}" time="0"`;
  if (!inner) return `${open}/>`;
  const { tag, message, body } = inner;
  if (tag === 'skipped') return `${open}><skipped message="${shown(message)}"/></testcase>`;
  const text = body.split('\n').map(shown).join('\n');
  return `${open}><${tag} message="${shown(message)}" type="nayek.${shown(classname)}">${text}</${tag}></testcase>`;
}

function shown(text: string): string {
  return xml(shownLine(text));
}
