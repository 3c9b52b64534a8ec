/** Which groups and extras are for those who work on a project. */

/** True for a group that a deployment does not install. */
export function isDevGroup(group: string | undefined): boolean {
  return /^(?:dev|develop|development|devel|tests?|testing|docs?|lint|linting|typing|types|local|ci|debug|benchmarks?|all)(?:$|[-_])/i.test(
    group ?? '',
  );
}
