/** `nayek new rule|transform|emitter <id>`: a file, with fixtures that it passes. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nextSteps } from '../report/next.ts';
import { NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import { RULE_SAMPLES, SAMPLES, SCHEMA } from './samples.ts';

export type Kind = 'rule' | 'transform' | 'emitter';

export interface NewOptions {
  readonly C: string;
  /** Of a rule: what it changes. */
  readonly language?: string;
}

/**
 * Writes below the folder and prints what was made. Returns the exit code.
 * @throws NayekError `usage` for an id that is none, or where a file is in the way
 */
export async function newPart(kind: Kind, id: string, options: NewOptions): Promise<number> {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(id)) {
    throw new NayekError('usage', say`'${id}' is no id`, { hint: say`small letters, digits and dashes` });
  }
  const sample = kind === 'rule' ? RULE_SAMPLES[options.language ?? 'python'] : SAMPLES[kind];
  if (!sample) throw new NayekError('usage', say`no rule is for ${options.language}`);
  const { file, text, fixtures, flag } = sample;
  const named = (path: string): string => path.replace('ID', id);
  const root = path.resolve(options.C);
  const schema = schemaLine(path.join(root, named(file)), 'rule');
  const files: Record<string, string> = { [named(file)]: text.replace(SCHEMA, () => schema).replaceAll('ID', id) };
  for (const [name, content] of Object.entries(fixtures)) files[`fixtures/${id}/${name}`] = content;
  const taken = Object.keys(files).find((file) => existsSync(path.join(root, file)));
  if (taken)
    throw new NayekError('usage', say`${taken} exists already`, { hint: say`choose another id; nothing was written` });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  const run = `nayek patch --dry-run ${flag} ${named(file)} <repository>`;
  const next = nextSteps([say`\`nayek test\` runs its fixtures`, say`\`${run}\` tries it on a repository`]);
  process.stdout.write(`${Object.keys(files).join('\n')}\n${next}`);
  return 0;
}

/**
 * The line by which an editor finds the schema of a YAML file (absolute path), where nayek is installed at or above it;
 * else ''. https://github.com/redhat-developer/yaml-language-server#using-inlined-schema
 */
export function schemaLine(file: string, kind: 'rule' | 'recipe' | 'case'): string {
  const packed = path.join('node_modules', 'nayek', 'dist', `${kind}.schema.json`);
  for (let at = path.dirname(file); ; at = path.dirname(at)) {
    const schema = path.join(at, packed);
    if (existsSync(schema)) {
      const from = path.relative(path.dirname(file), schema).replaceAll('\\', '/');
      return `# yaml-language-server: $schema=${from}\n`;
    }
    if (at === path.dirname(at)) return '';
  }
}
