/** Validates a render.yaml against the platform's own schema, which lies outside the project. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

/**
 * A function from a parsed document to its faults, one line each.
 * @throws when the schema cannot be read.
 */
export function schemaValidator(file: string): (document: unknown) => string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')));
  return (document) => {
    if (validate(document)) return [];
    return (validate.errors ?? []).slice(0, 5).map((e) => `${e.instancePath || '/'} ${e.message ?? ''}`);
  };
}
