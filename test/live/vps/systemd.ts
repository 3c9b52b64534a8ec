/** What systemd does with a unit, as far as a test needs it: written from its manual, not from the emitter. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Values of a key, in order. */
export function values(unit: string, key: string): string[] {
  return unit
    .split('\n')
    .filter((line) => line.startsWith(`${key}=`))
    .map((line) => line.slice(key.length + 1));
}

export function value(unit: string, key: string): string {
  const all = values(unit, key);
  if (all.length === 0) throw new Error(`no ${key}=`);
  return all.at(-1) ?? '';
}

/** Environment= and then EnvironmentFile=, whose text is given. */
export function environment(unit: string, file: string): Record<string, string> {
  const words = values(unit, 'Environment').flatMap((line) => split(line));
  const lines = file.split('\n').filter((line) => /^[A-Za-z_]\w*=/.test(line));
  const pairs = [...words, ...lines.map((line) => line.replace(/="(.*)"$/, '=$1').replace(/\\(["\\$`])/g, '$1'))];
  return Object.fromEntries(pairs.map((p) => [p.slice(0, p.indexOf('=')), p.slice(p.indexOf('=') + 1)]));
}

/** The words of a command line, variables expanded, as systemd.service(5) says. */
export function commandLine(line: string, env: Readonly<Record<string, string>>): string[] {
  return split(line).flatMap((word) => {
    const alone = /^\$([A-Za-z_]\w*)$/.exec(word)?.[1];
    if (alone !== undefined) return (env[alone] ?? '').split(/\s+/).filter((part) => part !== '');
    return [
      word
        .replace(/\$\$|\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)/g, (all, a, b) =>
          all === '$$' ? '$' : (env[a ?? b] ?? ''),
        )
        .replaceAll('%%', '%'),
    ];
  });
}

/** Blanks separate; quotes hold together; a backslash takes the next character. */
function split(line: string): string[] {
  const out: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? '';
    if (char === '\\') word = (word ?? '') + (line[++at] ?? '');
    else if (quote !== '') {
      if (char === quote) quote = '';
      else word = (word ?? '') + char;
    } else if ((char === '"' || char === "'") && word === undefined) {
      quote = char;
      word = '';
    } else if (char === ' ' || char === '\t') {
      if (word !== undefined) out.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (word !== undefined) out.push(word);
  return out;
}

/** Makes the program and the folder that a unit names, so that systemd finds them. */
export function pretend(unit: string, below: string): void {
  const [program = ''] = commandLine(value(unit, 'ExecStart'), {});
  for (const file of program.startsWith(below) && !existsSync(program) ? [program] : []) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '#!/bin/sh\n');
    chmodSync(file, 0o755);
  }
}

/** What `systemd-analyze verify` complains of; '' when it does not. It exits 0 even for a key that it does not know. */
export function complaints(file: string): string {
  const run = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
  if (run.error) throw run.error;
  const said = `${run.stdout}${run.stderr}`.trim();
  return run.status === 0 ? said : `exit ${run.status}: ${said}`;
}

/** True when the exposure level is at most `tenths` tenths (0 is safe, 100 is not). */
export function isExposedAtMost(file: string, tenths: number): boolean {
  const args = ['security', '--offline=true', '--no-pager', `--threshold=${tenths}`, file];
  const run = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  if (run.error) throw run.error;
  if (!/Overall exposure level/.test(run.stdout)) throw new Error(`no exposure level: ${run.stderr}`);
  return run.status === 0;
}

/** The file's text. */
export function read(file: string): string {
  return readFileSync(file, 'utf8');
}
