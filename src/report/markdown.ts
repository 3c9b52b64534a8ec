/**
 * A plan as a Markdown document: problems by severity, list of patches, their code, checklist and local tests, summary.
 * For people to read and to keep; credentials are masked. https://github.github.com/gfm/
 */

import { type Language, type Saying, sayingOf } from '../model/part-words.ts';
import type { Plan, Verdict } from '../model/plan.ts';
import type { Part } from '../model/transform.ts';
import { mask } from '../secrets/mask.ts';
import { oneLine, visible } from '../syntax/visible.ts';
import { shownFile } from './diff.ts';
import { shownLine } from './shown-line.ts';
import { en } from './words/en.ts';
import { fr } from './words/fr.ts';
import type { Words } from './words/words.ts';

const LANGUAGES: Readonly<Record<Language, Words>> = { en, fr };

/** Languages that a report can be written in. */
export const languages = Object.keys(LANGUAGES) as readonly Language[];

export interface LocalTest {
  readonly kind: 'host' | 'migrations' | 'server';
  readonly command: string;
}

export interface MarkdownOptions {
  readonly language: Language;
  /** ISO date of the report. */
  readonly date: string;
  /** True when the changes have been written. */
  readonly written: boolean;
  /** What the recipe says of itself, in this language. */
  readonly target: string;
  readonly parts: readonly Part[];
  readonly localTests: readonly LocalTest[];
  /** Verdicts of parts that the recipe only offers: their problems are named, with the command. */
  readonly offered?: readonly Verdict[];
}

interface Patch {
  readonly number: number;
  readonly verdict: Verdict;
  readonly words: Saying;
  readonly critical: boolean;
  readonly file: string;
}

/** Ends with a line end. */
export function markdownReport(plan: Plan, options: MarkdownOptions): string {
  const words = LANGUAGES[options.language];
  const patches = patchesOf(plan, options);
  const lines = [
    `# ${words.title}`,
    '',
    `**${words.date}**${words.colon} ${options.date}  `,
    `**${words.recipe}**${words.colon} ${inline(plan.recipe)}  `,
    `**${words.target}**${words.colon} ${inline(options.target)}`,
    ...rule(),
    ...problemLines(patches, words, options),
    ...rule(),
    `## ${words.patches}`,
    ...patches.flatMap((p) => patchLines(p, plan, words)),
    ...(patches.length === 0 ? ['', words.none] : []),
    ...rule(),
    `## ${words.code}`,
    ...codeLines(patches, plan, words),
    ...(patches.length === 0 ? ['', words.none] : []),
    ...rule(),
    ...verificationLines(plan, options, words),
    ...rule(),
    ...summaryLines(patches, plan, words),
  ];
  return `${lines.join('\n')}\n`;
}

function patchesOf(plan: Plan, options: MarkdownOptions): Patch[] {
  const pending = plan.verdicts.filter((v) => v.kind === 'applied' || v.kind === 'manual' || v.kind === 'failed');
  return pending.map((verdict, index) => ({
    number: index + 1,
    verdict,
    words: wordsOf(verdict.part, options),
    critical: options.parts.some((p) => p.id === verdict.part && p.severity === 'critical'),
    file: verdict.files[0] ?? verdict.at[0]?.path ?? verdict.part,
  }));
}

function wordsOf(id: string, { parts, language }: MarkdownOptions): Saying {
  return sayingOf(parts.find((p) => p.id === id) ?? { id, summary: id }, language);
}

interface Problem {
  readonly text: string;
  readonly verdict: Verdict;
  readonly critical: boolean;
}

/** The problems of the patches in their order, those behind them that are named alone. */
function problemsOf(patches: readonly Patch[]): Problem[] {
  return patches.flatMap(({ verdict, words, critical }) => {
    const { also } = words;
    const second =
      also && new RegExp(`\\b${also.of}\\b`).test(verdict.reason)
        ? [{ text: also.problem, verdict, critical: false }]
        : [];
    return [{ text: words.problem, verdict, critical }, ...second];
  });
}

function problemLines(patches: readonly Patch[], words: Words, options: MarkdownOptions): string[] {
  const lines = [`## ${words.problems}`];
  const all = problemsOf(patches);
  const groups = [
    [`🔴 ${words.critical}`, all.filter((p) => p.critical)],
    [`🟡 ${words.important}`, all.filter((p) => !p.critical)],
  ] as const;
  let number = 0;
  for (const [title, group] of groups) {
    lines.push('', `### ${title}`, '');
    const offers = group === groups[1][1] && (options.offered ?? []).length > 0;
    if (group.length === 0 && !offers) lines.push(words.none);
    for (const { text, verdict } of group) {
      number++;
      lines.push(`${number}. **${text}**${words.colon} ${evidence(verdict)}`);
    }
  }
  return [...lines, ...offeredLines(number, words, options)];
}

/** A problem that no patch of this recipe solves, one line a part. */
function offeredLines(count: number, words: Words, options: MarkdownOptions): string[] {
  const ids = [...new Set((options.offered ?? []).map((v) => v.part))];
  return ids.map((id, index) => {
    const verdicts = (options.offered ?? []).filter((v) => v.part === id);
    const hand = verdicts.filter((v) => v.kind === 'manual').length;
    const more = hand === 0 ? '' : ` (${words.byHand.toLowerCase()}${words.colon} ${hand})`;
    const at = verdicts.flatMap((v) => v.at);
    const where = evidence({ part: id, at });
    const rest = at.length > 3 ? `, … (${at.length})` : '';
    const command = code(`nayek patch --dry-run --only ${id}`);
    const problem = `**${wordsOf(id, options).problem}**${words.colon} ${where}${rest}`;
    return `${count + index + 1}. ${problem} — ${words.optional}${words.colon} ${command}${more}`;
  });
}

function evidence({ at, part }: Pick<Verdict, 'at' | 'part'>): string {
  const places = at.slice(0, 3).map(({ path, line }) => code(`${path}:${line}`));
  return places.length === 0 ? code(part) : places.join(', ');
}

function patchLines({ number, verdict, words: part, file }: Patch, plan: Plan, words: Words): string[] {
  const created = plan.changes.some((c) => c.path === file && c.before === null);
  const label = (name: string): string => `**${name}**${words.colon}`;
  const lines = [
    '',
    `### ${words.patch} ${number}${words.colon} ${code(file)} — ${part.title}`,
    '',
    `${label(words.file)} ${code(file)}${created ? ` (${words.created})` : ''}  `,
    `${label(words.action)} ${part.action}  `,
    `${label(words.why)} ${part.why}  `,
    `${label(words.evidence)} ${evidence(verdict)}. ${inline(verdict.reason)}`,
  ];
  if (verdict.kind === 'manual') lines.push('', `⚠️ **${words.byHand}**`);
  if (verdict.kind === 'failed') lines.push('', `⚠️ **${words.failed}**`);
  for (const warning of verdict.warnings) lines.push('', `${label(words.know)} ${inline(warning)}`);
  for (const command of verdict.commands) lines.push('', `${label(words.run)} ${code(mask(command))}`);
  return lines;
}

function codeLines(patches: readonly Patch[], plan: Plan, words: Words): string[] {
  const shownIn = new Map<string, number>();
  return patches.flatMap(({ number, verdict, words: part, file }) => {
    const lines = ['', `### ${words.patch} ${number}${words.colon} ${code(file)} — ${part.title}`];
    if (verdict.snippet !== undefined) lines.push('', ...fence(mask(verdict.snippet), ''));
    for (const path of verdict.files) {
      const change = plan.changes.find((c) => c.path === path);
      if (!change) continue;
      const earlier = shownIn.get(path);
      if (earlier !== undefined) {
        lines.push('', `${words.seePatch} ${earlier} (${code(path)}).`);
        continue;
      }
      shownIn.set(path, number);
      if (verdict.files.length > 1) lines.push('', code(path));
      if (change.before === null) lines.push('', ...fence(mask(change.after, { path }), language(path)));
      else {
        const diff = shownFile(change);
        lines.push('', ...fence(resulting(diff), language(path)), '', `${words.asDiff}${words.colon}`, '');
        lines.push(...fence(diff, 'diff'));
      }
    }
    return lines;
  });
}

/** What stands there afterwards, out of a diff. */
function resulting(diff: string): string {
  return diff
    .split('\n')
    .filter((line) => !/^(?:-|\\ No newline)/.test(line))
    .map((line, at) => (line.startsWith('@@') ? (at === 0 ? '' : '…') : line.slice(1)))
    .join('\n')
    .replace(/^\n/, '');
}

function language(path: string): string {
  if (path.endsWith('Procfile')) return 'procfile';
  return (
    {
      yaml: 'yaml',
      yml: 'yaml',
      md: 'markdown',
      service: 'ini',
      conf: 'nginx',
      py: 'python',
      ini: 'ini',
      toml: 'toml',
    }[path.split('.').at(-1) ?? ''] ?? ''
  );
}

function verificationLines(plan: Plan, options: MarkdownOptions, words: Words): string[] {
  const { localTests, written } = options;
  const lines = [`## ✅ ${words.verification}`, '', `### ${words.checklist}`, ''];
  for (const verdict of plan.verdicts) {
    if (verdict.kind === 'skipped') continue;
    const holds = verdict.kind === 'satisfied' || (verdict.kind === 'applied' && written);
    const file = verdict.files[0] ?? verdict.at[0]?.path ?? verdict.part;
    lines.push(`- [${holds ? 'x' : ' '}] ${code(file)}${words.colon} ${wordsOf(verdict.part, options).check}`);
  }
  for (const warning of plan.warnings) lines.push('', `**${words.know}**${words.colon} ${inline(warning)}`);
  if (localTests.length === 0) return lines;
  lines.push('', `### ${words.localTests}`);
  const says = {
    host: [words.testHost, words.testHostSays],
    migrations: [words.testMigrations, words.testMigrationsSays],
    server: [words.testServer, words.testServerSays],
  } as const;
  for (const [index, { kind, command }] of localTests.entries()) {
    const [title, sentence] = says[kind];
    const block = fence(visible(command), 'bash').map((line) => `   ${line}`);
    lines.push('', `${index + 1}. **${title}**${words.colon}`, ...block, `   ${sentence}`);
  }
  return lines;
}

function summaryLines(patches: readonly Patch[], plan: Plan, words: Words): string[] {
  const stops = (plan.stops ?? []).map(({ at }) => code(`${at.path}:${at.line}`));
  const left = patches.filter((p) => p.verdict.kind !== 'applied');
  const names = (list: readonly Patch[]): string =>
    [...new Set(list.map((p) => p.words.problem.replace(/^\p{Lu}(?=\p{Ll}|\s)/u, (c) => c.toLowerCase())))].join(', ');
  const state = (open: readonly Patch[], label: string): string => {
    const what = [...(open.length === 0 ? [] : [names(open)]), ...stops].join(', ');
    return what === '' ? `✅ **${words.ready}**` : `⚠️ **${words.notReady}** — ${label}${what}`;
  };
  const before = state(patches, '');
  const after = state(left, `${words.left}${words.colon} `);
  const gains = [...new Set(patches.filter((p) => p.verdict.kind === 'applied').map((p) => p.words.gain))];
  return [
    `## ${words.summary}`,
    '',
    `**${words.before}**${words.colon} ${before}  `,
    `**${words.after}**${words.colon} ${after}`,
    ...(gains.length > 0 ? ['', `**${words.impact}**${words.colon}`, ...gains.map((g) => `- ✅ ${g}`)] : []),
  ];
}

function rule(): string[] {
  return ['', '---', ''];
}

/** Text of a repository inside a sentence: no markup, no control characters, no credential. */
function inline(text: string): string {
  return shownLine(text).replace(/[\\`*_{}[\]<>#|~]/g, '\\$&');
}

/** A code span; its fence is longer than any run of backticks inside. */
function code(text: string): string {
  const inner = visible(oneLine(text));
  const ticks = '`'.repeat(longestRun(inner) + 1);
  const pad = inner.startsWith('`') || inner.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${inner}${pad}${ticks}`;
}

function fence(text: string, info: string): string[] {
  const ticks = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return [
    `${ticks}${info}`,
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => visible(line)),
    ticks,
  ];
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
