/** Options among the arguments of a program: `--name value`, `--name=value`, `-nvalue`. */

/** Value of the last of these options, which wins in every parser of the servers; undefined when none is given. */
export function optionValue(args: readonly string[], names: readonly string[]): string | undefined {
  return optionValues(args, names).at(-1);
}

/** Values of these options, in order. */
export function optionValues(args: readonly string[], names: readonly string[]): string[] {
  const out: string[] = [];
  for (const [i, arg] of args.entries()) {
    if (names.includes(arg)) {
      const value = args[i + 1];
      if (value !== undefined) out.push(value);
      continue;
    }
    const name = names.find((n) => (n.startsWith('--') ? arg.startsWith(`${n}=`) : isShort(n, arg)));
    if (name) out.push(arg.slice(name.length).replace(/^=/, ''));
  }
  return out;
}

/** True when one of these options is given. */
export function hasOption(args: readonly string[], names: readonly string[]): boolean {
  return args.some((arg) => names.some((n) => arg === n || arg.startsWith(`${n}=`) || isShort(n, arg)));
}

/** The arguments without these options and their values. */
export function withoutOptions(args: readonly string[], names: readonly string[]): string[] {
  const out: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (names.includes(arg)) at++;
    else if (!hasOption([arg], names)) out.push(arg);
  }
  return out;
}

/** `-b0.0.0.0:80`: a short option with its value. */
function isShort(name: string, arg: string): boolean {
  return /^-\w$/.test(name) && arg.startsWith(name) && !arg.startsWith('--') && arg.length > 2;
}
