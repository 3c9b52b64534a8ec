/** The form of a label file: one JSON object a line, one repository each. Prose in a field may name several right answers. */

export interface Label {
  readonly repo: string;
  readonly commit: string;
  readonly services: readonly LabelledService[];
  readonly patches: {
    readonly bind: readonly Labelled[];
    readonly env_base: readonly Labelled[];
    readonly ini_url: readonly {
      readonly path: string;
      readonly verdict: string;
      readonly why: string;
      readonly acceptable?: readonly string[];
    }[];
    readonly gunicorn: Target;
    readonly procfile: Target;
    readonly render: Target;
  };
  readonly unsure?: string;
}

export interface Labelled {
  /** path:line */
  readonly at: string;
  readonly verdict: string;
  readonly why: string;
  readonly acceptable?: readonly string[];
}

export interface Target {
  readonly verdict: string;
  readonly file?: string | null;
  readonly at?: string;
  readonly path?: string;
  readonly why?: string;
  readonly acceptable?: readonly string[];
}

export interface LabelledService {
  readonly root: string;
  readonly framework: string;
  readonly interface: string;
  readonly entry: string;
  readonly migrations: { readonly tool: string; readonly config: string | null; readonly command: string | null };
  readonly health: string | null;
  readonly health_note?: string;
  readonly database: string;
  readonly redis: boolean;
  readonly worker: string | null;
  readonly python: string | null;
  readonly env: Readonly<Record<string, { readonly kind: string; readonly default: string | null }>>;
  readonly optional?: boolean;
  readonly template?: boolean;
  readonly acceptable?: Readonly<Record<string, readonly unknown[]>>;
}

/** `module:attr` targets named in the text of an entry label. */
export function entriesIn(text: string): string[] {
  const found = [...text.matchAll(/[\w.]+:[A-Za-z_][\w.]*(?:\(\))?/g)].map((m) => m[0]);
  const bare = /^[\w.]+\.wsgi\b/.exec(text)?.[0];
  return bare ? [...found, `${bare}:application`] : found;
}

/** Health paths that count as right; null where none does too. */
export function healthIn(service: LabelledService): (string | null)[] {
  const note = service.health_note ?? '';
  const out: (string | null)[] = [service.health];
  if (service.health === null || /\bnull\b/.test(note)) out.push(null);
  if (/either/.test(note)) for (const m of note.matchAll(/(?<=^|[\s'"])\/[\w\-/]*/g)) out.push(m[0]);
  return out;
}

/** Versions `major.minor` named in the text of a Python label. */
export function versionsIn(text: string | null): string[] {
  return [...(text ?? '').matchAll(/\b(3\.\d{1,2})\b/g)].map((m) => m[1] ?? '');
}
