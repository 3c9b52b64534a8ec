/**
 * A plan as SARIF 2.1.0, which code hosts show at the line; credentials are masked.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { sayingOf } from '../model/part-words.ts';
import type { FileChange, Plan, Verdict } from '../model/plan.ts';
import type { Part } from '../model/transform.ts';
import { mask } from '../secrets/mask.ts';
import type { Edit } from '../syntax/edit.ts';
import { VERSION } from '../system/version.ts';
import { shownLine } from './shown-line.ts';

/** `level` counts only where `kind` is `fail`. */
const RESULT: Readonly<Record<Verdict['kind'], { readonly kind: string; readonly level: string }>> = {
  applied: { kind: 'fail', level: 'warning' },
  manual: { kind: 'fail', level: 'warning' },
  failed: { kind: 'fail', level: 'error' },
  satisfied: { kind: 'pass', level: 'none' },
  skipped: { kind: 'notApplicable', level: 'none' },
};

/** One result for each verdict; what has been written is no finding any more. `prefix` is the root's folder below the top of the repository, '' or without a final '/'. */
export function sarifLog(plan: Plan, parts: readonly Part[], prefix: string, written: boolean): unknown {
  const used = [...new Set(plan.verdicts.map((v) => v.part))];
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'nayek',
            semanticVersion: VERSION,
            rules: used.map((id) => rule(id, parts)),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: plan.verdicts.map((v, index) => {
          const done = v.kind === 'applied' && written;
          const found = result(done ? { ...v, kind: 'satisfied' } : v, used.indexOf(v.part), prefix);
          const fixes = v.kind === 'applied' && !written ? fixesOf(plan, index, prefix) : [];
          return fixes.length > 0 ? { ...found, fixes } : found;
        }),
      },
    ],
  };
}

function rule(id: string, parts: readonly Part[]) {
  const part = parts.find((p) => p.id === id);
  return {
    id,
    shortDescription: { text: part?.summary ?? id },
    ...(part ? { fullDescription: { text: sayingOf(part, 'en').why }, helpUri: part.source } : {}),
  };
}

function result(verdict: Verdict, ruleIndex: number, prefix: string) {
  const { part, kind, reason, at, warnings, commands } = verdict;
  const [first, ...more] = at.map((place) => location(place, prefix));
  // The form asks for places that differ.
  const related = more.filter((one, index) => !more.slice(0, index).some((other) => isDeepStrictEqual(one, other)));
  const text = [reason, ...warnings, ...commands.map((c) => `run: ${c}`)].map((t) => shownLine(t)).join('. ');
  const fingerprint = createHash('sha256')
    .update([part, verdict.service ?? '', at[0]?.path ?? ''].join('\0'))
    .digest('hex');
  return {
    ruleId: part,
    ruleIndex,
    ...RESULT[kind],
    message: { text },
    locations: first ? [first] : [],
    ...(related.length > 0 ? { relatedLocations: related } : {}),
    partialFingerprints: { 'nayek/v1': fingerprint },
  };
}

/**
 * The edits of a verdict, all or none. None where a file is created, which a replacement cannot say, or where the text
 * holds a credential, which stays out of a report. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html#_Toc34317881
 */
function fixesOf(plan: Plan, verdict: number, prefix: string) {
  const own = plan.changes.flatMap((change) => {
    const edits = change.claims?.find((c) => c.verdict === verdict)?.edits;
    return edits ? [{ change, edits }] : [];
  });
  const secret = own.some(({ change, edits }) => edits.some((e) => mask(e.text, { path: change.path }) !== e.text));
  if (own.length === 0 || secret || own.some(({ change }) => change.before === null)) return [];
  return [
    {
      description: { text: `nayek patch --only ${plan.verdicts[verdict]?.part}` },
      artifactChanges: own.map(({ change, edits }) => ({
        artifactLocation: { uri: uriOf(change.path, prefix) },
        replacements: edits.map((edit) => replacement(change, edit)),
      })),
    },
  ];
}

function replacement({ before }: FileChange, { start, end, text }: Edit) {
  const place = (offset: number): readonly [number, number] => {
    const lines = (before ?? '').slice(0, offset).split('\n');
    return [lines.length, (lines.at(-1)?.length ?? 0) + 1];
  };
  const [startLine, startColumn] = place(start);
  const [endLine, endColumn] = place(end);
  const deletedRegion = { startLine, startColumn, endLine, endColumn };
  return text === '' ? { deletedRegion } : { deletedRegion, insertedContent: { text } };
}

function uriOf(path: string, prefix: string): string {
  return (prefix === '' ? path : `${prefix}/${path}`).split('/').map(encodeURIComponent).join('/');
}

function location({ path, line }: { readonly path: string; readonly line: number }, prefix: string) {
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(path, prefix) }, region: { startLine: Math.max(1, line) } },
  };
}
