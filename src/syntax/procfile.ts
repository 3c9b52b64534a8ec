/** A Procfile: one process type and its command a line. https://devcenter.heroku.com/articles/procfile */

export interface ProcfileLine {
  /** 'web', 'release', 'worker', … */
  readonly type: string;
  readonly command: string;
  /** 1-based. */
  readonly line: number;
}

export interface Procfile {
  readonly lines: readonly ProcfileLine[];
  /** Process types of lines that are commented out: somebody chose not to run them. */
  readonly disabled: readonly string[];
  /** Lines that are neither a process, a comment nor blank. 1-based. */
  readonly broken: readonly number[];
}

const PROCESS = /^([A-Za-z0-9_-]+):[ \t]*(\S.*)$/;
const DISABLED = /^#+[ \t]*([A-Za-z0-9_-]+):[ \t]*\S/;

/** Reads the lines as Heroku does; never throws. */
export function parseProcfile(text: string): Procfile {
  const lines: ProcfileLine[] = [];
  const disabled: string[] = [];
  const broken: number[] = [];
  text.split(/\r\n|\n|\r/).forEach((raw, index) => {
    const line = raw.trim();
    if (line === '') return;
    const off = DISABLED.exec(line);
    if (off?.[1]) disabled.push(off[1]);
    if (line.startsWith('#')) return;
    const [, type, command] = PROCESS.exec(line) ?? [];
    if (type && command) lines.push({ type, command, line: index + 1 });
    else broken.push(index + 1);
  });
  return { lines, disabled, broken };
}

/** The command of a process type; the last one counts when it stands twice. */
export function commandOf(procfile: Procfile, type: string): ProcfileLine | undefined {
  return procfile.lines.findLast((l) => l.type === type);
}
