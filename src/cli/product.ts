/** What a run of `patch` prints and writes: the plan in the forms that were asked for. */
import path from 'node:path';
import { servicesOf } from '../engine/overview.ts';
import { parts } from '../engine/parts.ts';
import type { Plan, Verdict } from '../model/plan.ts';
import { findingsOf } from '../report/findings.ts';
import type { LocalTest } from '../report/markdown.ts';
import { type Output, openOutput } from '../report/output.ts';
import { pager } from '../report/voice.ts';
import { language, localPlan } from '../report/words/local.ts';
import { forcesColour, shownOn, takesColour } from '../syntax/visible.ts';
import { NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import { stats } from '../system/stats.ts';

/** What `--format` and `--output-file` take. */
export const FORMS = ['diff', 'summary', 'json', 'html', 'markdown', 'sarif', 'github', 'gitlab', 'junit'] as const;

export type Form = (typeof FORMS)[number];

/** A plan, and what was done with it. */
export interface Outcome {
  readonly plan: Plan;
  readonly written: boolean;
  /** Folder of the plan's root below the top of the working tree, '' or without a final '/'. */
  readonly prefix: string;
  /** What the recipe says of itself, by language. */
  readonly summaries: Readonly<Record<string, string>>;
  readonly tests: readonly LocalTest[];
  /** Of parts that the recipe only offers. */
  readonly offered: readonly Verdict[];
  /** Where the time went goes into the JSON. */
  readonly withStats: boolean;
}

export interface FileOutput {
  readonly form: Form;
  readonly output: Output;
}

/**
 * Opens the files of `--output-file form=file`, so that a bad one is known before anything is patched.
 * @throws NayekError `usage`, `read-only`
 */
export function openFiles(wanted: readonly string[], root: string): FileOutput[] {
  return wanted.map((one) => {
    const [, name, file = ''] = /^([a-z]+)=(.+)$/s.exec(one) ?? [];
    const form = FORMS.find((f) => f === name);
    if (!form) {
      const hint = say`such as html=review.html; known: ${FORMS.join(', ')}`;
      throw new NayekError('usage', say`--output-file ${one}: not of the form format=file`, { hint });
    }
    return { form, output: openOutput(file, root) };
  });
}

/** True when a saved plan comes out: the exact edits, credentials included. */
export function savesPlan(form: Form, toFile: boolean, written: boolean): boolean {
  return form === 'json' && toFile && !written;
}

/** `toFile`: nobody reads it from a terminal, so it is exact where that differs. */
export async function product(form: Form, outcome: Outcome, toFile: boolean): Promise<string | Buffer> {
  const { plan, written, prefix } = outcome;
  switch (form) {
    case 'diff':
      return diff(plan, prefix, toFile);
    case 'summary': {
      const { summary } = await import('../report/summary.ts');
      return summary(plan, { written, ...shownOn(process.stdout, toFile ? '' : undefined) });
    }
    case 'json':
      return json(outcome, toFile);
    case 'html': {
      const { singlePage } = await import('../report/page/single.ts');
      const { planReport } = await import('../report/json.ts');
      const report = planReport(localPlan(plan), written, servicesOf(plan));
      return singlePage(report, { language: language(), date: today(), name: path.basename(plan.root) });
    }
    case 'markdown':
      return markdown(outcome);
    case 'sarif': {
      const { sarifLog } = await import('../report/sarif.ts');
      return lines(sarifLog(plan, parts, prefix, written));
    }
    case 'github': {
      const { githubAnnotations } = await import('../report/github.ts');
      return githubAnnotations(findingsOf(localPlan(plan), prefix, written));
    }
    case 'gitlab': {
      const { gitlabReport } = await import('../report/gitlab.ts');
      return lines(gitlabReport(findingsOf(plan, prefix, written)));
    }
    case 'junit': {
      const { junitXml } = await import('../report/junit.ts');
      return junitXml(localPlan(plan), written, new Date().toISOString());
    }
  }
}

async function diff(plan: Plan, prefix: string, toFile: boolean): Promise<string | Buffer> {
  const { exactDiff, shownDiff } = await import('../report/diff.ts');
  // A pager is read by people, as a terminal is.
  const read = process.stdout.isTTY || forcesColour() || pager() !== undefined;
  if (toFile || !read) return exactDiff(plan, { prefix });
  return shownDiff(plan, { prefix, colour: takesColour(process.stdout) });
}

async function json({ plan, written, withStats }: Outcome, toFile: boolean): Promise<string> {
  const { planReport, savedPlan } = await import('../report/json.ts');
  const services = servicesOf(plan);
  const report = savesPlan('json', toFile, written) ? savedPlan(plan, services) : planReport(plan, written, services);
  return lines(withStats && !toFile ? { ...report, stats: stats() } : report);
}

async function markdown({ plan, summaries, written, tests, offered }: Outcome): Promise<string> {
  const { markdownReport } = await import('../report/markdown.ts');
  const target = summaries[language()] ?? summaries.en ?? plan.recipe;
  const options = { language: language(), date: today(), written, target, parts, localTests: tests, offered };
  return markdownReport(localPlan(plan), options);
}

/** JSON in which nothing reorders or paints a terminal: such characters stand as escapes. */
function lines(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${text}\n`;
}

function today(): string {
  return new Date().toISOString().slice(0, 'yyyy-mm-dd'.length);
}
