/** A report as a page shows it: every text masked and harmless, each hunk with the verdicts and notes that speak of it. */
import type { Named, Overview } from '../../model/overview.ts';
import type { VerdictKind } from '../../model/plan.ts';
import { mask } from '../../secrets/mask.ts';
import { parseProcfile } from '../../syntax/procfile.ts';
import { visible } from '../../syntax/visible.ts';
import { placeOf } from '../findings.ts';
import type { PlanReport, ReportedChange } from '../json.ts';
import { shownLine } from '../shown-line.ts';

export interface Place {
  readonly path: string;
  readonly line: number;
}

export interface VerdictView {
  readonly part: string;
  readonly kind: VerdictKind;
  readonly service: string;
  readonly reason: string;
  readonly at: readonly Place[];
  readonly files: readonly string[];
  readonly warnings: readonly string[];
  readonly commands: readonly string[];
  /** '' where there is none. */
  readonly snippet: string;
}

export interface NoteView {
  readonly text: string;
  /** Undefined for one that is of no file. */
  readonly at: Place | undefined;
}

export interface HunkView {
  /** Unique on the page of one repository, and the same from run to run as long as the hunks before it stay. */
  readonly id: string;
  readonly oldStart: number;
  readonly oldCount: number;
  /** Indexes into the verdicts. */
  readonly verdicts: readonly number[];
  /** Indexes into the notes. */
  readonly notes: readonly number[];
}

export interface ChangeView {
  readonly path: string;
  readonly created: boolean;
  readonly by: readonly string[];
  readonly diff: string;
  readonly hunks: readonly HunkView[];
}

export interface ServiceView extends Overview {
  /** Processes that the plan writes, as `web: command`. */
  readonly planned: readonly Named[];
}

export interface RepositoryView {
  readonly recipe: string;
  readonly written: boolean;
  readonly changes: readonly ChangeView[];
  readonly verdicts: readonly VerdictView[];
  readonly notes: readonly NoteView[];
  readonly skipped: readonly string[];
  readonly services: readonly ServiceView[];
}

export function viewOf(report: PlanReport): RepositoryView {
  const notes = report.warnings.map((warning): NoteView => {
    const { text, path, line: at } = placeOf(warning);
    return { text: shownLine(text), at: path === '.' ? undefined : { path: shownLine(path), line: at } };
  });
  return {
    recipe: shownLine(report.recipe),
    written: report.written,
    changes: report.changes.map((change, index) => changeOf(change, index, notes)),
    verdicts: report.verdicts.map((v) => ({
      part: shownLine(v.part),
      kind: v.kind,
      service: shownLine(v.service ?? ''),
      reason: shownLine(v.reason),
      at: v.at.map(placed),
      files: v.files.map(shownLine),
      warnings: v.warnings.map(shownLine),
      commands: v.commands.map(shownLine),
      snippet: visible(mask(v.snippet ?? ''), true).trimEnd(),
    })),
    notes,
    skipped: report.skipped.map(({ path, reason }) => shownLine(`${path}: ${reason}`)),
    services: (report.services ?? []).map((service) => serviceOf(service, report)),
  };
}

function changeOf(change: ReportedChange, index: number, notes: readonly NoteView[]): ChangeView {
  const path = shownLine(change.path);
  const hunks = change.hunks ?? [];
  const here = notes.flatMap(({ at }, note) => (at?.path === path ? [{ note, line: at.line }] : []));
  return {
    path,
    created: change.created,
    by: change.by.map(shownLine),
    diff: visible(change.diff, true),
    hunks: hunks.map(({ oldStart, oldCount, verdicts }, n) => ({
      ...{ id: `${slug(change.path)}.${index + 1}.${n + 1}`, oldStart, oldCount, verdicts },
      notes: here.filter((h) => nearest(hunks, h.line) === n).map((h) => h.note),
    })),
  };
}

/** The hunk that a line lies in, or else the one that starts last before it, or the first. */
function nearest(hunks: readonly { readonly oldStart: number }[], at: number): number {
  return Math.max(
    0,
    hunks.findLastIndex((h) => h.oldStart <= at),
  );
}

/** For an address: letters, digits and a few signs. */
function slug(path: string): string {
  return path.replace(/[^A-Za-z0-9_/-]+/g, '-').slice(-80);
}

function serviceOf(service: Overview, report: PlanReport): ServiceView {
  const named = <T extends Named>(one: T): T => ({ ...one, name: shownLine(one.name), at: placed(one.at) });
  const { health, database, migrations, redis, python, install } = service;
  return {
    name: shownLine(service.name),
    root: shownLine(service.root),
    entry: named(service.entry),
    routes: service.routes.map(named),
    settings: service.settings.map(named),
    environment: service.environment.map(named),
    processes: service.processes.map(named),
    ...(health ? { health: named(health) } : {}),
    ...(database ? { database: named(database) } : {}),
    ...(migrations ? { migrations: named(migrations) } : {}),
    ...(redis ? { redis: placed(redis) } : {}),
    ...(python ? { python: named(python) } : {}),
    ...(install ? { install: named(install) } : {}),
    planned: plannedFor(service, report),
  };
}

function plannedFor(service: Overview, { changes }: PlanReport): Named[] {
  const mine = service.root === '' ? 'Procfile' : `${service.root}/Procfile`;
  const change = changes.find((c) => c.path === mine) ?? changes.find((c) => c.path === 'Procfile');
  if (!change) return [];
  const added = change.diff
    .split('\n')
    .filter((l) => l.startsWith('+'))
    .map((l) => l.slice(1));
  return parseProcfile(added.join('\n')).lines.map(({ type, command, line: at }) => ({
    name: shownLine(`${type}: ${command}`),
    at: { path: shownLine(change.path), line: at },
  }));
}

function placed({ path, line: at }: Place): Place {
  return { path: shownLine(path), line: at };
}
