/** Secrets that the program wants in a form that no platform makes up. */

import type { Service } from '../../model/facts.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { yamlOf } from '../../syntax/documents.ts';
import { listField, textField } from '../../syntax/yaml.ts';
import { say } from '../../system/say.ts';
import { blueprintServices } from '../blueprint.ts';
import type { Note } from './note.ts';

/**
 * One for each variable: what it must be, and how to make one. It stops the start where a render.yaml lets the platform
 * make it up: 256 bits in base64. https://render.com/docs/blueprint-spec#environment-variables
 */
export function secretForms(repo: Snapshot, { env }: Service): Note[] {
  return env.flatMap(({ name, form }) => {
    if (!form) return [];
    const text = say`${name} must be ${form.what} here, which no platform makes up: make one with ${form.make}.`;
    return [{ text, at: form.at, ...(isMadeUp(repo, name) ? { stops: true } : {}) }];
  });
}

function isMadeUp(repo: Snapshot, name: string): boolean {
  const parsed = yamlOf(repo, 'render.yaml');
  const root = parsed?.ok ? parsed.root : undefined;
  const groups = listField(root, 'envVarGroups');
  const variables = [...blueprintServices(root), ...groups].flatMap((holder) => listField(holder, 'envVars'));
  return variables.some((v) => textField(v, 'key') === name && textField(v, 'generateValue') === 'true');
}
