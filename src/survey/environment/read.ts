/** One place where the program reads an environment variable. */
export interface EnvRead {
  readonly name: string;
  /** Literal default as Python would hold it in the environment; absent when there is none or it is not literal. */
  readonly default?: string;
  /** The text is taken as a truth value as it is: any that is not empty counts as true. */
  readonly anyText?: true;
  /** The program fails here when the variable is not set. */
  readonly required: boolean;
  readonly path: string;
  readonly line: number;
  /** UTF-16 range of the expression (or field) that reads it. */
  readonly start: number;
  readonly end: number;
}

/** A name that can be an environment variable. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name);
}
