/** Which parts a fixture runs, with which options: what `case.yaml` says of them must be known, as in a recipe. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { assertOptions } from '../engine/recipe.ts';
import type { Step } from '../engine/step.ts';
import { placed } from '../engine/yaml-form.ts';
import type { Part } from '../model/transform.ts';
import { nearest } from '../system/nearest.ts';
import { say } from '../system/say.ts';

/** What `case.yaml` may set; case.schema.json is its form. */
export interface Spec {
  /** Ids of the parts to run; default: the fixture's own. */
  readonly parts?: readonly string[];
  /** Options by part. */
  readonly options?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly unsafe?: boolean;
  /** Name of the repository's folder; default 'app'. */
  readonly root?: string;
  /** Verdict kinds expected from the fixture's part, in order. */
  readonly verdict?: string | readonly string[];
  /** Text that some reason, warning, snippet or command of that part must hold. */
  readonly says?: string | readonly string[];
}

/** A case as far as it says what runs. */
interface Case {
  readonly spec: Spec;
  /** Id of the part that it is a case of. */
  readonly part: string;
  /** Absolute. */
  readonly folder: string;
}

/** The parts that run with their options, or what is wrong with what `case.yaml` says of them. */
export function chosenSteps(
  { spec, part, folder }: Case,
  parts: readonly Part[],
): { readonly steps: readonly Step[] } | { readonly problem: string } {
  const problemAt = (place: readonly (string | number)[], why: string): { problem: string } => {
    const read = placed(readFileSync(path.join(folder, 'case.yaml'), 'utf8'));
    return { problem: say`case.yaml:${'what' in read ? read.line : read.lineOf(place)}: ${why}` };
  };
  const steps: Step[] = [];
  for (const [index, id] of (spec.parts ?? [part]).entries()) {
    const found = parts.find((p) => p.id === id);
    if (!found) {
      const none = missingPart(id, parts);
      return spec.parts ? problemAt(['parts', index], none) : { problem: none };
    }
    const defaults = Object.fromEntries(Object.entries(found.options).map(([k, o]) => [k, o.default]));
    steps.push({ part: found, options: { ...defaults, ...spec.options?.[id] } });
  }
  for (const [id, given] of Object.entries(spec.options ?? {})) {
    const step = steps.find((s) => s.part.id === id);
    if (!step) {
      const known = parts.some((p) => p.id === id);
      return problemAt(['options', id], known ? say`part ${id} does not run here` : missingPart(id, parts));
    }
    for (const [name, value] of Object.entries(given)) {
      const why = wrongOption(step.part, name, value);
      if (why !== undefined) return problemAt(['options', id, name], why);
    }
  }
  return { steps };
}

function missingPart(id: string, parts: readonly Part[]): string {
  const near = nearest(
    id,
    parts.map((p) => p.id),
  );
  return near === undefined ? say`there is no part ${id}` : say`there is no part ${id}: did you mean ${near}?`;
}

function wrongOption(part: Part, name: string, value: unknown): string | undefined {
  class Wrong extends Error {}
  try {
    assertOptions(part, { [name]: value }, (why) => {
      throw new Wrong(why);
    });
    return undefined;
  } catch (error) {
    if (error instanceof Wrong) return error.message;
    throw error;
  }
}
