/** `nayek new rule <id>`: a rule file with a fixture that it passes and one that it leaves alone. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { NayekError } from '../system/errors.ts';

/**
 * Writes below the folder and prints what was made. Returns the exit code.
 * @throws NayekError `usage` for an id that is none, or where a file is in the way
 */
export async function newRule(id: string, options: { readonly C: string }): Promise<number> {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(id)) {
    throw new NayekError('usage', `'${id}' is no id`, { hint: 'small letters, digits and dashes' });
  }
  const files: Readonly<Record<string, string>> = {
    [`rules/${id}.yml`]: RULE.replaceAll('ID', id),
    [`fixtures/${id}/first/before/app.py`]: 'from datetime import datetime\n\nNOW = datetime.utcnow()\n',
    [`fixtures/${id}/first/after/app.py`]: 'from datetime import datetime\n\nNOW = datetime.now(timezone.utc)\n',
    [`fixtures/${id}/skip-other-names/before/app.py`]: 'NOW = clock.utcnow()\n',
  };
  const root = path.resolve(options.C);
  const taken = Object.keys(files).find((file) => existsSync(path.join(root, file)));
  if (taken)
    throw new NayekError('usage', `${taken} exists already`, { hint: 'choose another id; nothing was written' });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  const run = `nayek patch --dry-run --rule rules/${id}.yml <repository>`;
  process.stdout.write(`${Object.keys(files).join('\n')}\n\nTest it: nayek test\nTry it:  ${run}\n`);
  return 0;
}

const RULE = `# https://ast-grep.github.io/reference/yaml.html
id: ID
language: python
message: utcnow() has no time zone
rule: {pattern: datetime.utcnow()}
fix: datetime.now(timezone.utc)
`;
