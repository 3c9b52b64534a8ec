/** Fields of a blueprint. */
import { type Block, type Field, scalar } from './document.ts';
import type { BlueprintOptions } from './options.ts';
import type { Variable } from './variable.ts';

/** `envVars`, or nothing when there are none. */
export function environment(variables: readonly Variable[], options: BlueprintOptions): Field[] {
  if (variables.length === 0) return [];
  return [{ key: 'envVars', value: { kind: 'list', items: variables.map((v) => environmentItem(v, options)) } }];
}

function environmentItem({ key, from, comment }: Variable, options: BlueprintOptions): Block {
  const remark = comment ? { comment } : {};
  const fields: Field[] = [{ key: 'key', value: scalar(key) }];
  switch (from.kind) {
    case 'value':
      fields.push({ key: 'value', value: scalar(from.value, { quoted: options.quoted, ...remark }) });
      break;
    case 'generate':
      fields.push({ key: 'generateValue', value: scalar(true, remark) });
      break;
    case 'ask':
      fields.push({ key: 'sync', value: scalar(false, remark) });
      break;
    case 'database':
      fields.push({
        key: 'fromDatabase',
        value: block([
          ['name', from.name],
          ['property', from.property],
        ]),
      });
      break;
    case 'keyvalue':
      fields.push({
        key: 'fromService',
        value: block([
          ['type', 'keyvalue'],
          ['name', from.name],
          ['property', from.property],
        ]),
      });
      break;
    case 'same':
      fields.push({
        key: 'fromService',
        value: block([
          ['type', 'web'],
          ['name', from.service],
          ['envVarKey', key],
        ]),
      });
  }
  return { kind: 'block', fields };
}

/** A block of plain fields, then others. */
export function block(entries: readonly (readonly [string, string])[], more: readonly Field[] = []): Block {
  return { kind: 'block', fields: [...entries.map(([key, value]) => ({ key, value: scalar(value) })), ...more] };
}
