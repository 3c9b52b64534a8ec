/**
 * What each version of some four hundred distributions asks of the others, and of Python: `npm run companions` reads it
 * from their own metadata. One text for each, taken apart when somebody asks for it.
 */
import table from './companions.json' with { type: 'json' };

/** Minor versions of Python 3: '3.9'; open where a bound is missing. */
export interface PythonSpan {
  readonly from?: string;
  readonly to?: string;
}

export interface Asking {
  /** PEP 503 normalised name. */
  readonly name: string;
  readonly specifier: string;
  /** The Pythons on which it is asked for; absent for all. */
  readonly on?: PythonSpan;
}

/** Versions that follow each other and ask for the same. */
export interface CompanionRow {
  readonly from: string;
  readonly to: string;
  /** Undefined where nothing is known of them. */
  readonly asks?: readonly Asking[] | undefined;
  readonly python?: PythonSpan | undefined;
}

// The compiler gives the JSON every key that it has.
const asks = table.asks as Readonly<Record<string, string>>;
const read = new Map<string, readonly CompanionRow[]>();

/** Oldest first, without gaps of released versions; none for what is not in the table. */
export function companionRows(name: string): readonly CompanionRow[] {
  let rows = read.get(name);
  if (!rows) {
    rows = rowsOf(asks[name] ?? '');
    read.set(name, rows);
  }
  return rows;
}

const PYTHON = /^py([\d.]*)-([\d.]*)$/;
const ITEM = /^([a-z][a-z0-9-]*?)([<>=!~][^@]*)(?:@([\d.]*)-([\d.]*))?$/;

/** A row says what differs from the one before: 'starlette<0.28' in place of what was there, '-six' for nothing. */
function rowsOf(text: string): CompanionRow[] {
  const now = new Map<string, string>();
  return text === ''
    ? []
    : text.split('|').map((row) => {
        const [versions = '', ...items] = row.split(' ');
        const [from = '', to = from] = versions.split('..');
        if (items[0] === '?') {
          now.clear();
          return { from, to };
        }
        for (const item of items) {
          if (item.startsWith('-')) now.delete(item.slice(1));
          else now.set(item.replace(/^py(?=[\d-]).*/, 'py').replace(/[<>=!~][^@]*/, ''), item);
        }
        return new Row(from, to, [...now.values()]);
      });
}

/** Few rows are ever asked what they hold. */
class Row implements CompanionRow {
  readonly from: string;
  readonly to: string;
  private readonly items: readonly string[];
  private found?: readonly Asking[];

  constructor(from: string, to: string, items: readonly string[]) {
    this.from = from;
    this.to = to;
    this.items = items;
  }

  get asks(): readonly Asking[] {
    this.found ??= this.items.flatMap((item) => {
      const [, name, specifier, first, last] = PYTHON.test(item) ? [] : (ITEM.exec(item) ?? []);
      if (name === undefined || specifier === undefined) return [];
      const on = spanOf(first, last);
      return [{ name, specifier, ...(on ? { on } : {}) }];
    });
    return this.found;
  }

  get python(): PythonSpan | undefined {
    const bound = this.items.map((item) => PYTHON.exec(item)).find((match) => match !== null);
    return bound ? spanOf(bound[1], bound[2]) : undefined;
  }
}

function spanOf(from: string | undefined, to: string | undefined): PythonSpan | undefined {
  if (!from && !to) return undefined;
  return { ...(from ? { from } : {}), ...(to ? { to } : {}) };
}
