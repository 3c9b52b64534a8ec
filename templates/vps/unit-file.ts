/** systemd's unit files, as far as the parts read them. https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html */

export interface UnitFile {
  /** The last value of a key of any section; undefined when it is missing. Keys are case-sensitive. */
  value(key: string): string | undefined;
  /** A variable set by an `Environment=` line. */
  variable(name: string): string | undefined;
  /** 1-based line of the key's last value. */
  line(key: string): number;
}

/** Reads a unit; never throws. Lines that end in a backslash are joined. */
export function readUnit(text: string): UnitFile {
  const settings: { readonly key: string; readonly value: string; readonly line: number }[] = [];
  let open = '';
  let start = 0;
  text.split(/\r\n|\n|\r/).forEach((raw, index) => {
    if (open === '' && /^\s*(?:[#;[]|$)/.test(raw)) return;
    if (open === '') start = index + 1;
    if (raw.endsWith('\\')) {
      open += `${raw.slice(0, -1)} `;
      return;
    }
    const line = open + raw;
    open = '';
    const equals = line.indexOf('=');
    if (equals === -1) return;
    settings.push({ key: line.slice(0, equals).trim(), value: line.slice(equals + 1).trim(), line: start });
  });
  const last = (key: string) => settings.findLast((s) => s.key === key);
  return {
    value: (key) => last(key)?.value,
    variable: (name) => {
      const set = settings
        .filter((s) => s.key === 'Environment')
        .flatMap((s) => s.value.split(/\s+/).map((word) => word.replace(/^["']|["']$/g, '')));
      return set.findLast((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
    },
    line: (key) => last(key)?.line ?? 1,
  };
}
