/** The examples of `--help` and of the man page do as they stand what they are said to do. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXAMPLES } from '../src/cli/examples.ts';
import { servedCommand } from './command.ts';
import { commitAll, SAMPLE } from './sample.ts';
import { temporaryFolder } from './temporary.ts';

const nayek = servedCommand();

/** What is done before, by the example. */
const BEFORE: Readonly<Record<string, string>> = {
  'nayek apply plan.json': 'nayek patch --dry-run --format json -o plan.json',
  'nayek undo': 'nayek patch --allow-dirty',
  'nayek test rules/': 'nayek new rule no-utcnow',
  'nayek explain no-utcnow --rule rules/': 'nayek new rule no-utcnow',
  'nayek batch review -o review.html': 'nayek batch plan ../services/*',
};

/** Programs are installed, a server is asked, somebody must have approved: only whether the options are known is looked at. */
const FAR = /--live|batch worker|batch publish/;

/** A service in `services/`, where a person stands; for `nayek batch` in a folder beside them. */
function standing(line: string): string {
  const home = temporaryFolder('examples');
  const top = path.join(home, 'services', 'shop');
  for (const [name, text] of Object.entries(SAMPLE)) {
    mkdirSync(path.dirname(path.join(top, name)), { recursive: true });
    writeFileSync(path.join(top, name), text);
  }
  commitAll(top);
  if (!line.startsWith('nayek batch')) return top;
  const fleet = path.join(home, 'fleet');
  mkdirSync(fleet);
  writeFileSync(path.join(fleet, 'fleet.yaml'), 'version: 1\nrepos:\n  - path: ../services/shop\n');
  return fleet;
}

/** The arguments that a shell would give to `nayek`, which comes first. */
function argumentsOf(line: string, cwd: string): string[] {
  const [words = ''] = line.split(/ [|>]|>~/);
  return words
    .trim()
    .split(/\s+/)
    .slice(1)
    .flatMap((word) => {
      if (!word.endsWith('/*')) return [word];
      const folder = word.slice(0, -'/*'.length);
      return readdirSync(path.join(cwd, folder)).map((name) => `${folder}/${name}`);
    });
}

const lines = [...new Set(Object.values(EXAMPLES).flatMap((list) => list.map(([line]) => line)))];

describe('examples', () => {
  test.each(lines.filter((line) => !FAR.test(line)))('%s', (line) => {
    const cwd = standing(line);
    const before = BEFORE[line];
    if (before) expect(nayek(cwd, argumentsOf(before, cwd)).code).toBe(0);
    const { code, err } = nayek(cwd, argumentsOf(line, cwd));
    // 1: something is pending or falls short.
    expect([code === 0 || code === 1, err]).toEqual([true, expect.not.stringMatching(/--help/)]);
  });

  test.each(lines.filter((line) => FAR.test(line)))('%s: its options are known', (line) => {
    const cwd = standing(line);
    const words = argumentsOf(line, cwd);
    const command = words.slice(
      0,
      words.findIndex((w) => w.startsWith('-')),
    );
    const { out } = nayek(cwd, [...command, '--help']);
    for (const option of words.filter((w) => w.startsWith('--'))) expect(out).toMatch(new RegExp(`${option}\\b`));
  });

  test('none of what is done before is left over', () => {
    expect(Object.keys(BEFORE).filter((line) => !lines.includes(line))).toEqual([]);
  });
});
