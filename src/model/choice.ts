/** What somebody asks to be planned, as on the command line. */

/** Which recipe, rules and modules. */
export interface RecipeChoice {
  /** A name, or the path of a file; several with commas. Undefined: `render`, or none where there are rules or modules. */
  readonly recipe?: string;
  /** Rule files and folders of them: they run behind the parts of the recipe. */
  readonly rule?: readonly string[];
  /** Modules of parts, by path or as packages: they run behind the parts of the recipe. */
  readonly plugin?: readonly string[];
}

/** Which of their parts, and with which options. */
export interface StepChoice {
  /** Ids to run; a known part that the recipe does not list runs with its defaults. */
  readonly only?: readonly string[];
  /** Ids to leave out. */
  readonly skip?: readonly string[];
  /** `part.option=value`, or `option=value` for every part that has the option, as typed. */
  readonly set?: readonly string[];
}

/** The whole of it. */
export interface Choice extends RecipeChoice, StepChoice {
  /** Apply outcomes marked unsafe instead of reporting them as manual. */
  readonly unsafe?: boolean;
}
