/** Dockerfiles: the one reader. https://docs.docker.com/reference/dockerfile/ */

export interface Instruction {
  /** Upper case: 'FROM', 'COPY', … */
  readonly name: string;
  /** Continuation lines joined, ARG and ENV values put in. */
  readonly args: string;
  /** As `args`, with the variables as they are written. */
  readonly written: string;
  /** 1-based. */
  readonly line: number;
}

/** Instructions in order, heredoc bodies and comments left out. Never throws. */
export function readDockerfile(text: string): Instruction[] {
  const out: Instruction[] = [];
  const values = new Map<string, string>();
  const joiner = /^#[ \t]*escape[ \t]*=[ \t]*`/im.test(text.slice(0, 200)) ? '`' : '\\';
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const first = lines[i] ?? '';
    if (/^\s*(?:#|$)/.test(first)) continue;
    const line = i + 1;
    let whole = first.trim();
    while (whole.endsWith(joiner) && i + 1 < lines.length) {
      const next = (lines[++i] ?? '').trim();
      if (next.startsWith('#')) whole = `${whole.slice(0, -1)}${joiner}`;
      else whole = `${whole.slice(0, -1)} ${next}`;
    }
    const match = /^([A-Za-z]+)\s+(\S.*)$/.exec(whole);
    if (!match) continue;
    const name = (match[1] ?? '').toUpperCase();
    const written = match[2] ?? '';
    if (name === 'RUN' || name === 'COPY' || name === 'ADD') i = behindHeredocs(lines, i, written);
    const args = substitute(written, values);
    out.push({ name, args, written, line });
    if (name === 'ARG' || name === 'ENV') setValues(values, name, args);
  }
  return out;
}

/** Index of the last line of the heredocs that an instruction opens. */
function behindHeredocs(lines: readonly string[], at: number, written: string): number {
  let last = at;
  for (const [, , name] of written.matchAll(/<<-?(["']?)([A-Za-z_]\w*)\1/g)) {
    const close = lines.findIndex((text, i) => i > last && text.trim() === name);
    if (close !== -1) last = close;
  }
  return last;
}

function setValues(values: Map<string, string>, name: string, args: string): void {
  for (const [, key, double, single, bare] of args.matchAll(/([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|(\S*))/g)) {
    if (key) values.set(key, double ?? single ?? bare ?? '');
  }
  const spaced = name === 'ENV' ? /^([A-Za-z_]\w*)\s+([^=]+)$/.exec(args) : null;
  if (spaced?.[1]) values.set(spaced[1], (spaced[2] ?? '').trim());
}

function substitute(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{(\w+)(?::?[-+]([^}]*))?\}|\$(\w+)/g, (whole, braced, fallback, plain) => {
    return values.get(braced ?? plain) ?? fallback ?? whole;
  });
}

/** The words of an exec form (`["uvicorn", "main:app"]`); undefined for a shell form, as a malformed one is read. */
export function execForm(written: string): readonly string[] | undefined {
  if (!written.startsWith('[')) return undefined;
  try {
    const parts: unknown = JSON.parse(written.trim());
    return Array.isArray(parts) ? parts.map(String) : undefined;
  } catch {
    return undefined;
  }
}

/** What the image starts: ENTRYPOINT and CMD of its last stage, where there are any. */
export function startOfImage(instructions: readonly Instruction[]): {
  readonly entrypoint?: Instruction;
  readonly cmd?: Instruction;
} {
  const stage = lastStage(instructions);
  const entrypoint = stage.findLast((i) => i.name === 'ENTRYPOINT');
  const cmd = stage.findLast((i) => i.name === 'CMD');
  return { ...(entrypoint ? { entrypoint } : {}), ...(cmd ? { cmd } : {}) };
}

/** Instructions of the stage that the image is. https://docs.docker.com/build/building/multi-stage/ */
export function lastStage(instructions: readonly Instruction[]): readonly Instruction[] {
  return instructions.slice(instructions.findLastIndex((i) => i.name === 'FROM') + 1);
}

/** The folder that a stage works in, without a slash at its end: '' for the root. */
export function workdirOf(stage: readonly Instruction[]): string {
  return (stage.findLast((i) => i.name === 'WORKDIR')?.args ?? '').replace(/\/+$/, '');
}
