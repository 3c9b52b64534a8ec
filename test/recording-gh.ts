/** A `gh` for PATH that keeps its pull requests in a file beside it, and records how it was called. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface Call {
  readonly args: readonly string[];
  readonly input: string;
}

export interface Pull {
  number: number;
  repo: string;
  head: string;
  base: string;
  title: string;
  body: string;
  draft: boolean;
  state: 'OPEN' | 'CLOSED' | 'MERGED';
  url: string;
}

const SCRIPT = `#!${process.execPath}
const fs = require('node:fs');
const at = (name) => require('node:path').join(__dirname, name);
const args = process.argv.slice(2);
const input = fs.readFileSync(0, 'utf8');
fs.appendFileSync(at('calls.jsonl'), JSON.stringify({ args, input }) + '\\n');
if (fs.existsSync(at('fail'))) { console.error(fs.readFileSync(at('fail'), 'utf8')); process.exit(1); }
const option = (name) => args[args.indexOf(name) + 1];
const pulls = fs.existsSync(at('pulls.json')) ? JSON.parse(fs.readFileSync(at('pulls.json'), 'utf8')) : [];
const save = () => fs.writeFileSync(at('pulls.json'), JSON.stringify(pulls));
const repo = option('--repo');
if (args[1] === 'list') {
  const mine = pulls.filter((p) => p.repo === repo && p.head === option('--head'));
  console.log(JSON.stringify(mine.map((p) => ({ ...p, isCrossRepository: false }))));
} else if (args[1] === 'create') {
  const number = pulls.length + 1;
  const url = 'https://' + repo + '/pull/' + number;
  const draft = args.includes('--draft');
  pulls.push({ number, repo, url, draft, state: 'OPEN', head: option('--head'), base: option('--base'), title: option('--title'), body: input });
  save();
  console.log('Creating pull request\\n' + url);
} else if (args[1] === 'edit') {
  pulls.find((p) => p.number === Number(args[2])).body = input;
  save();
} else process.exit(3);
`;

/** Writes it into a folder `bin` below `top`. */
export function recordingGh(top: string) {
  const folder = path.join(top, 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'gh'), SCRIPT);
  chmodSync(path.join(folder, 'gh'), 0o755);
  const read = (name: string): string => {
    try {
      return readFileSync(path.join(folder, name), 'utf8');
    } catch {
      return '';
    }
  };
  return {
    folder,
    calls: (): Call[] =>
      read('calls.jsonl')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    pulls: (): Pull[] => JSON.parse(read('pulls.json') || '[]'),
    setPulls: (pulls: readonly Pull[]): void => writeFileSync(path.join(folder, 'pulls.json'), JSON.stringify(pulls)),
  };
}
