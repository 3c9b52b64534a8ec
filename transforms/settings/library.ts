/** The library that has settings, as a service installs it, or as its dependency file can be made to. */
import { oneMore } from '../../src/lists/one-more.ts';
import type { Dependencies } from '../../src/model/facts.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { admitsFrom } from '../../src/survey/dependencies/versions.ts';
import type { Edit } from '../../src/syntax/edit.ts';

const LIBRARY = 'pydantic-settings';
/** The first FastAPI that takes pydantic 2. https://fastapi.tiangolo.com/release-notes/#01000 */
const TAKES_2 = '0.100';

export interface Library {
  readonly major: 1 | 2;
  readonly edits: Readonly<Record<string, readonly Edit[]>>;
}

/** pydantic 1 has settings itself; beside 2 the library is listed, or can be added. */
export function libraryFor(repo: Snapshot, dependencies: Dependencies): Library | undefined {
  const { requirements } = dependencies;
  const listed = (name: string) => requirements.filter((r) => r.name === name);
  if (listed(LIBRARY).length > 0) return { major: 2, edits: {} };
  const [pydantic] = listed('pydantic');
  const [fastapi] = listed('fastapi');
  const old = pydantic ? !admitsFrom(pydantic.specifier, '2') : fastapi && !admitsFrom(fastapi.specifier, TAKES_2);
  if (old) return { major: 1, edits: {} };
  const edits = oneMore(repo, dependencies, LIBRARY, ['pydantic', 'fastapi']);
  return edits && { major: 2, edits };
}
