/** docs/sessions.md is what the program shows today. `npm run docs -- sessions` writes it again. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { recorded, SESSIONS, type Session, WITHOUT } from '../bench/docs/sessions.ts';
import { batchProgram } from '../src/cli/batch.ts';
import { program } from '../src/cli/cli.ts';
import { buildOnce, home } from './built.ts';
import { temporaryFolder } from './temporary.ts';
import { full } from './tier.ts';

beforeAll(buildOnce);

const document = readFileSync(path.join(home, 'docs', 'sessions.md'), 'utf8');

/** Few programs: the default tier takes these alone. */
const QUICK: readonly Session[] = SESSIONS.filter((s) => ['What is here', 'Change by change'].includes(s.title));

describe('the recorded sessions', () => {
  it.each((full ? SESSIONS : QUICK).map((s) => [s.title, s] as const))('%s', (title, session) => {
    const [, said = ''] =
      new RegExp(`^(## ${title}\n[\\s\\S]*?\n\`{4}\n)(?:\n##|$(?![\\s\\S]))`, 'm').exec(document) ?? [];
    expect(recorded(session, temporaryFolder('session'))).toBe(said);
  });

  it('are those of the document, no more and no less', () => {
    expect(document.match(/^## .*/gm)).toEqual(SESSIONS.map((s) => `## ${s.title}`));
    expect(QUICK).toHaveLength(2);
  });

  it('show every command, or there is a reason', () => {
    const names = [
      ...program().commands.flatMap((c) => [c.name(), ...c.commands.map((below) => `${c.name()} ${below.name()}`)]),
      ...batchProgram().commands.map((c) => `batch ${c.name()}`),
    ].filter((name) => name !== 'batch worker-process');
    const shown = new Set([...SESSIONS.flatMap((s) => s.shows), ...Object.keys(WITHOUT)]);
    expect(names.filter((name) => !shown.has(name))).toEqual([]);
    for (const { shows, lines } of SESSIONS) {
      const typed = lines.map((step) => (typeof step === 'string' ? step : step.line)).join('\n');
      for (const name of shows.filter((n) => n !== 'batch' && n !== 'new' && n !== 'recipe')) {
        expect(typed).toMatch(new RegExp(`\\bnayek ${name}`.trim()));
      }
    }
  });

  it('hold nothing of a machine or a day', () => {
    expect(document).not.toMatch(/\/(?:tmp|root|home|work|dev)\/|\b20(?!26-01-01)\d\d-\d\d-\d\dT/);
    expect(document).not.toContain('\u001b');
  });
});
