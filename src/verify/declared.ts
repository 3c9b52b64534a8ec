/** How each variable of a service is given: as render.yaml says, or by what the code reads. */

import type { EnvVar, Evidence, Service } from '../model/facts.ts';
import { blueprintServices } from '../survey/blueprint.ts';
import { foreignScheme } from '../survey/foreign-scheme.ts';
import { field, listField, textField, type YamlNode } from '../syntax/yaml.ts';

export type Declared =
  | { readonly name: string; readonly from: 'value'; readonly value: string }
  | { readonly name: string; readonly from: 'generate' }
  /** `optional`: the program does without it, and a made-up value would only mislead it. */
  | {
      readonly name: string;
      readonly from: 'supply';
      readonly optional?: boolean;
      readonly at?: Evidence;
      /** The code's default. */
      readonly like?: string;
      /** The command of a shell that makes a value of the form that the code wants. */
      readonly make?: string;
      /** What the code takes the value into. */
      readonly parts?: NonNullable<EnvVar['parts']>;
    }
  | {
      readonly name: string;
      readonly from: 'database';
      readonly resource: string;
      readonly property: string;
      /** 'postgresql+asyncpg', where a person is told to put the driver into the URL. */
      readonly scheme?: string;
    }
  | { readonly name: string; readonly from: 'redis'; readonly property: string }
  /** Another service's variable, or its address. */
  | { readonly name: string; readonly from: 'service'; readonly resource: string; readonly variable?: string };

/** Names of addresses of other services; `ALLOWED_HOSTS` is none. */
const ADDRESS = /(?:UR[LI]|ENDPOINT|_HOST|SERVER)$/;

/** Name of the database where no blueprint names one. */
export const OWN_DATABASE = 'nayek_app';

/**
 * The variables of a service of a blueprint, groups followed. What a person supplies in the Dashboard is what they
 * would: the database's address for a variable that the code takes it from.
 * https://render.com/docs/blueprint-spec#environment-variables
 */
export function declaredIn(root: YamlNode | undefined, service: YamlNode, facts: Service): Declared[] {
  const out: Declared[] = [];
  for (const item of listField(service, 'envVars')) {
    const group = textField(item, 'fromGroup');
    const members =
      group === undefined
        ? [item]
        : listField(root, 'envVarGroups')
            .filter((g) => textField(g, 'name') === group)
            .flatMap((g) => listField(g, 'envVars'));
    for (const member of members) {
      const one = declared(member, root);
      if (one) out.push(one.from === 'supply' ? supplied(one.name, facts) : one);
    }
  }
  return out;
}

/** Services that take from services that take from services. */
const MAX_LINKS = 5;

function declared(item: YamlNode, root: YamlNode | undefined, links = 0): Declared | undefined {
  const name = textField(item, 'key');
  if (!name) return undefined;
  const value = field(item, 'value');
  if (value?.kind === 'scalar') return { name, from: 'value', value: value.value === null ? '' : String(value.value) };
  if (textField(item, 'generateValue') === 'true') return { name, from: 'generate' };
  const database = field(item, 'fromDatabase');
  if (database) {
    const resource = textField(database, 'name') ?? OWN_DATABASE;
    return { name, from: 'database', resource, property: textField(database, 'property') ?? 'connectionString' };
  }
  const service = field(item, 'fromService');
  return service ? ofService(name, service, root, links) : { name, from: 'supply' };
}

function ofService(name: string, service: YamlNode, root: YamlNode | undefined, links: number): Declared {
  if (/^(?:keyvalue|redis)$/.test(textField(service, 'type') ?? '')) {
    return { name, from: 'redis', property: textField(service, 'property') ?? 'connectionString' };
  }
  const variable = textField(service, 'envVarKey');
  const resource = textField(service, 'name') ?? '';
  const owner = variable && links < MAX_LINKS ? ownerOf(root, resource, variable, links) : undefined;
  // The other service's own value; what is generated there is shared by its name.
  if (owner && owner.from !== 'generate') return { ...owner, name };
  return { name, from: 'service', resource, ...(variable ? { variable } : {}) };
}

/** What the other service declares for its variable; of one that it takes from elsewhere, what stands there. */
function ownerOf(root: YamlNode | undefined, service: string, variable: string, links: number): Declared | undefined {
  const node = blueprintServices(root).find((s) => textField(s, 'name') === service);
  const item = listField(node, 'envVars').find((v) => textField(v, 'key') === variable);
  return item && declared(item, root, links + 1);
}

function supplied(name: string, facts: Service): Declared {
  const known = facts.env.find((e) => e.name === name);
  if (known?.kind === 'database' && facts.database?.kind === 'sqlite') {
    const scheme = /^sqlite(?:\+\w+)?/.exec(known.default ?? '')?.[0] ?? 'sqlite';
    return { name, from: 'value', value: `${scheme}:///./nayek-verify.db` };
  }
  if (known?.kind === 'database') {
    const scheme = foreignScheme(facts)?.replace('://', '');
    const property = known.property ?? 'connectionString';
    return { name, from: 'database', resource: OWN_DATABASE, property, ...(scheme ? { scheme } : {}) };
  }
  if (known?.kind === 'redis') return { name, from: 'redis', property: known.property ?? 'connectionString' };
  return {
    name,
    from: 'supply',
    ...(known ? { at: known.at } : {}),
    ...(known?.default === undefined ? {} : { like: known.default }),
    ...(known?.form ? { make: known.form.make } : {}),
    ...(known?.parts ? { parts: known.parts } : {}),
    ...(known && !known.required && doesWithout(known) ? { optional: true } : {}),
  };
}

/** The code's own default is that there is none; or a made-up address would mislead it. */
function doesWithout({ name, kind, default: given }: EnvVar): boolean {
  return given === '' || (kind === 'supply' && ADDRESS.test(name));
}

/** Where there is no blueprint: what a person would set on a platform, from what the code reads. */
export function declaredByCode(facts: Service): Declared[] {
  return facts.env.flatMap((variable): Declared[] => {
    const { name, kind, required } = variable;
    switch (kind) {
      case 'platform':
        return [];
      case 'plain':
        return variable.default !== undefined ? [{ name, from: 'value', value: variable.default }] : [];
      case 'secret-generate':
        return [{ name, from: 'generate' }];
      case 'database':
      case 'redis':
        return kind === 'database' && facts.database?.kind === 'sqlite' ? [] : [supplied(name, facts)];
      default:
        return required || variable.default === undefined ? [supplied(name, facts)] : [];
    }
  });
}
