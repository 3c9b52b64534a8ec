/** A plan as findings: what is to be done or known, each at its place. What code hosts and CI show is made of these. */
import { createHash } from 'node:crypto';
import type { Plan, Verdict } from '../model/plan.ts';
import { visible } from '../syntax/visible.ts';
import { shownLine } from './shown-line.ts';

export interface Finding {
  /** Id of the part; `works` for what keeps the service from working, `note` for what else a person must know. */
  readonly rule: string;
  readonly level: 'error' | 'warning' | 'note';
  /** One line, masked and harmless. */
  readonly text: string;
  /** From the top of the working tree. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** The same as long as rule, service, file and text are; hexadecimal. */
  readonly fingerprint: string;
}

const LEVELS: Readonly<Partial<Record<Verdict['kind'], Finding['level']>>> = {
  applied: 'warning',
  manual: 'warning',
  failed: 'error',
};

/**
 * Of the verdicts those that something is left to do for, then what the survey says. `prefix` is the root's folder below
 * the top of the working tree, '' or without a final '/'.
 */
export function findingsOf(plan: Plan, prefix: string, written: boolean): Finding[] {
  const seen = new Map<string, number>();
  const at = (path: string): string => visible(prefix === '' ? path : `${prefix}/${path}`);
  const finding = (rule: string, level: Finding['level'], texts: readonly string[], path: string, line: number) => {
    const text = texts.map((t) => shownLine(t)).join('. ');
    const key = [rule, path, text].join('\0');
    const times = seen.get(key) ?? 0;
    seen.set(key, times + 1);
    const fingerprint = createHash('sha256').update(`${key}\0${times}`).digest('hex');
    return { rule, level, text, path: at(path), line: Math.max(1, line), fingerprint };
  };
  const verdicts = plan.verdicts.flatMap((v) => {
    const level = v.kind === 'applied' && written ? undefined : LEVELS[v.kind];
    const { path, line } = v.at[0] ?? { path: v.files[0] ?? '.', line: 1 };
    const texts = [v.reason, ...v.warnings, ...v.commands.map((c) => `run: ${c}`)];
    return level ? [finding(v.part, level, texts, path, line)] : [];
  });
  const stops = new Set((plan.stops ?? []).map((s) => `${s.text} (${s.at.path}:${s.at.line})`));
  const notes = plan.warnings.map((warning) => {
    const placed = placeOf(warning);
    const stopping = stops.has(warning);
    return finding(stopping ? 'works' : 'note', stopping ? 'error' : 'note', [placed.text], placed.path, placed.line);
  });
  return [...verdicts, ...notes];
}

/** The place that a warning of a plan ends with: `text (path:line)`; the top where there is none. */
export function placeOf(warning: string): { readonly text: string; readonly path: string; readonly line: number } {
  const [, text, path, line] = /^(.*) \(([^()]+):(\d+)\)$/s.exec(warning) ?? [];
  return text && path ? { text, path, line: Number(line) } : { text: warning, path: '.', line: 1 };
}
