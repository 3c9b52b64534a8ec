/** Lines without a hash in a list that has hashes: one hash anywhere asks one of every line. */
import type { Service } from '../../model/facts.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { RequirementsLine } from '../../syntax/requirements.ts';
import { say } from '../../system/say.ts';
import { readRequirementTree } from '../dependencies/requirement-files.ts';
import type { Note } from './note.ts';

/** At most one: the first. https://pip.pypa.io/en/stable/topics/secure-installs/#hash-checking-mode */
export function hashedList(repo: Snapshot, { dependencies }: Service): Note | undefined {
  if (!dependencies || !/^pip install -r \S+$/.test(dependencies.install)) return undefined;
  const { files, constraints } = readRequirementTree(repo, dependencies.at.path);
  // Those of a constraint file may stand for those of a line.
  if (constraints.length > 0) return undefined;
  const all = files.flatMap(({ path, lines }) => {
    const text = repo.read(path)?.text ?? '';
    return lines.map((line) => ({ path, line, written: text.slice(line.start, line.end) }));
  });
  const hashed = all.find(({ line }) => asksForHashes(line));
  const without = all.find(({ line, written }) => lacksHash(line, written));
  if (!hashed || !without) return undefined;
  const { path, line } = without;
  const name = nameOf(line);
  const asks = `${hashed.path}:${hashed.line.line}`;
  const list = files[0]?.path ?? path;
  const why = whyNone(line);
  const text =
    why === undefined
      ? say`${name} in ${path} has no hash, and ${asks} has one: pip refuses the whole list. Add its hash, or compile the list anew.`
      : say`${name} in ${path} is ${why}, which has no hash, and ${asks} has one: pip refuses the whole list. Install it with \`uv pip install -r ${list}\`, or move such lines into a list of their own that \`pip install -r\` is given afterwards.`;
  return { text, at: { path, line: line.line }, stops: true };
}

function asksForHashes(line: RequirementsLine): boolean {
  if (line.kind === 'option') return line.option.startsWith('--require-hashes');
  return line.kind === 'requirement' && line.hashed;
}

const HASH_IN_URL = /[#&](?:md5|sha\d+)=/;
const REPOSITORY = /^(?:git|hg|svn|bzr)\+/;

/** A marker may leave the line out, and a variable may make anything of it. */
function lacksHash(line: RequirementsLine, written: string): boolean {
  if (/--hash[ =]|\s;|\$\{/.test(written) || HASH_IN_URL.test(targetOf(line) ?? '')) return false;
  if (line.kind === 'requirement') return !line.marker;
  return line.kind === 'editable' || line.kind === 'location';
}

/** What can have no hash at all; undefined for what could have one. */
function whyNone(line: RequirementsLine): string | undefined {
  const target = targetOf(line);
  if (target === undefined) return undefined;
  if (REPOSITORY.test(target)) return say`a repository`;
  if (line.kind === 'editable') return say`editable`;
  return /^(?:\.{0,2}\/|\.{1,2}$)/.test(target) && !/\.(?:whl|zip|tar\.\w+)$/.test(target) ? say`a folder` : undefined;
}

function targetOf(line: RequirementsLine): string | undefined {
  if (line.kind === 'requirement') return line.url?.text;
  return line.kind === 'editable' || line.kind === 'location' ? line.target : undefined;
}

function nameOf(line: RequirementsLine): string {
  if (line.kind === 'requirement') return line.name.text;
  return targetOf(line) ?? '';
}
