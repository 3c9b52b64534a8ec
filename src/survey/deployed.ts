/** Paths that say of a file whether it is deployed. */

/** Folders and files that hold no deployable service. */
const NOT_DEPLOYED =
  /(?:^|\/)(?:tests?|testing|e2e|conftest\.py|test_[^/]*\.py|[^/]*_tests?\.py|docs?|docs_src|documentation|notebooks?|migrations|alembic|versions|benchmarks?|perf|fixtures|mocks?|stubs|site-packages)(?:\/|$)/i;
/** Copies kept for reference. */
const COPIES =
  /(?:^|\/)(?:\[ref\][^/]*|_?(?:old|backups?|bak|deprecated|archived?|legacy|reference|obsolete|unused|attic|trash)|[^/]*[ _-](?:old|backup|bak|copy|deprecated)(?:\.py)?)(?:\/|$)/i;
/** Folders of samples, helper scripts and serverless handlers. */
const SAMPLES =
  /(?:^|\/)(?:examples?|samples?|demos?|tutorials?|snippets|playground|sandbox|experiments?|scripts?|tools?|lambdas?|lambda_\w+|serverless|functions|hooks)(?:\/|$)/i;

/** True for a path that is never part of a deployed service. */
export function isNotDeployed(path: string): boolean {
  return NOT_DEPLOYED.test(path) || path.includes('{{');
}

/** True for a path in a folder that keeps an older or foreign copy. */
export function isCopy(path: string): boolean {
  return COPIES.test(path);
}

/** True for a path in a folder of samples, scripts, handlers or copies: served only when nothing else is. */
export function isAside(path: string): boolean {
  return COPIES.test(path) || SAMPLES.test(path);
}
