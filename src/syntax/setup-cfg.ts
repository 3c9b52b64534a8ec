/** The requirement lines of a setup.cfg, by range. https://setuptools.pypa.io/en/latest/userguide/declarative_config.html */
import { type ParsedRequirement, parseRequirement } from './requirements.ts';

export interface SetupRequirement {
  readonly requirement: ParsedRequirement;
  /** 1-based. */
  readonly line: number;
  /** The extra that it belongs to; absent for install_requires. */
  readonly extra?: string;
  /** Range of its line without the line end, when it has a line of its own. */
  readonly own?: { readonly start: number; readonly end: number };
}

/** Entries of `[options] install_requires` and `[options.extras_require]`, in order. */
export function readInstallRequires(text: string): SetupRequirement[] {
  const out: SetupRequirement[] = [];
  let section = '';
  let key = '';
  let at = 0;
  text.split('\n').forEach((raw, index) => {
    const start = at;
    at += raw.length + 1;
    const content = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const header = /^\[([^\]]+)\]/.exec(content)?.[1];
    if (header !== undefined) {
      section = header.trim();
      key = '';
      return;
    }
    if (/^\s*[#;]/.test(content) || content.trim() === '') return;
    let valueAt = 0;
    const indented = /^[ \t]/.test(content);
    if (!indented) {
      const pair = /^([^=:\s]+)\s*[=:]\s*/.exec(content);
      key = pair?.[1] ?? '';
      valueAt = pair?.[0].length ?? content.length;
    }
    const extra = section === 'options.extras_require' ? key : undefined;
    if (key === '' || (extra === undefined && (section !== 'options' || key !== 'install_requires'))) return;
    const value = content.slice(valueAt);
    if (value.trim() === '') return;
    const requirement = parseRequirement(value, start + valueAt);
    if (!requirement) return;
    const own = indented ? { own: { start, end: start + content.length } } : {};
    out.push({ requirement, line: index + 1, ...(extra === undefined ? {} : { extra }), ...own });
  });
  return out;
}
