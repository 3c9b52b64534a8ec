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
    const indented = /^[ \t]/.test(content);
    const pair = indented ? undefined : /^([^=:\s]+)\s*[=:]\s*/.exec(content);
    if (!indented) key = pair?.[1] ?? '';
    const valueAt = pair?.[0].length ?? 0;
    const requirement = holds(section, key) && parseRequirement(content.slice(valueAt), start + valueAt);
    if (!requirement) return;
    const extra = section === 'options.extras_require' ? { extra: key } : {};
    const own = indented ? { own: { start, end: start + content.length } } : {};
    out.push({ requirement, line: index + 1, ...extra, ...own });
  });
  return out;
}

/** True for a key whose lines are requirements. */
function holds(section: string, key: string): boolean {
  return section === 'options.extras_require' ? key !== '' : section === 'options' && key === 'install_requires';
}
