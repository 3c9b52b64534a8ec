/** What code does to the scheme of a database's URL before it connects. */

/** Code that looks for a scheme to put another in its place. */
const looksFor = (scheme: string): RegExp =>
  new RegExp(
    String.raw`\.replace\(\s*f?["']${scheme}:\/\/|startswith\(\s*\(?[^()\n]*["']${scheme}:\/\/|in \([^()\n]*["']${scheme}:\/\/|\bsub\(\s*r?["']\^?${scheme}:\/\/`,
  );
const SHORT = looksFor('postgres');
const LONG = looksFor('postgresql');
/** Whatever the scheme was: SQLAlchemy's URL.set, the rest of the text behind a scheme of one's own, a pattern for both. */
const ANY =
  /\.set\(\s*drivername=|_replace\(\s*scheme=|["']postgres(?:ql)?(?:\+\w+)?(?::\/\/)?["']\s*\+[^\n]*(?:split|partition|index|find)\(\s*["']:\/\/["']|\bsub\(\s*r?["']\^?postgres(?:\(\?:ql\)\?|\(ql\)\?|\w*\|)/;

/** `if not url.startswith("postgres://"): raise …` */
export const DEMANDS =
  /\bif\s+not\s+[\w.]+\.startswith\(\s*["'](postgres(?:ql)?):\/\/["']\s*\)\s*:\s*(?:#[^\n]*)?\n\s*(?:raise\b|sys\.exit\b)/;

/** Names of drivers that it writes in front. */
export const NAMES_DRIVER = /\bpostgres(?:ql)?\+\w|drivername\s*=|_replace\(\s*scheme=|\+asyncpg\b|\+psycopg\b/;

/** The schemes that some code of the file puts another in the place of; undefined where there is none. */
export function rewritten(text: string): readonly ('postgres' | 'postgresql')[] | undefined {
  if (ANY.test(text)) return ['postgres', 'postgresql'];
  const found = [
    ...(SHORT.test(text) ? (['postgres'] as const) : []),
    ...(LONG.test(text) ? (['postgresql'] as const) : []),
  ];
  return found.length > 0 ? found : undefined;
}
