/** The library that has settings, as a service installs it, or as its dependency file can be made to. */
import { addToList } from '../../src/lists/add.ts';
import { onlyAdded } from '../../src/lists/proof.ts';
import type { Dependencies } from '../../src/model/facts.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { admitsFrom } from '../../src/survey/dependencies/versions.ts';
import { applyEdits, type Edit } from '../../src/syntax/edit.ts';

const LIBRARY = 'pydantic-settings';
/** The first FastAPI that takes pydantic 2. https://fastapi.tiangolo.com/release-notes/#01000 */
const TAKES_2 = '0.100';

export interface Library {
  readonly major: 1 | 2;
  readonly edits: Readonly<Record<string, readonly Edit[]>>;
}

/** pydantic 1 has settings itself; beside 2 the library is listed, or can be added. */
export function libraryFor(repo: Snapshot, { requirements, path, form, locks }: Dependencies): Library | undefined {
  const listed = (name: string) => requirements.filter((r) => r.name === name);
  if (listed(LIBRARY).length > 0) return { major: 2, edits: {} };
  const [pydantic] = listed('pydantic');
  const [fastapi] = listed('fastapi');
  const old = pydantic ? !admitsFrom(pydantic.specifier, '2') : fastapi && !admitsFrom(fastapi.specifier, TAKES_2);
  if (old) return { major: 1, edits: {} };
  const text = repo.read(path)?.text;
  if (text === undefined || locks.length > 0) return undefined;
  const wish = {
    additions: [{ name: LIBRARY }],
    remark: '',
    anchors: ['pydantic', 'fastapi'],
    constrained: new Set<string>(),
  };
  const added = addToList(text, form, wish);
  if (!added || !onlyAdded(form, text, applyEdits(text, added.edits), 1)) return undefined;
  return { major: 2, edits: { [path]: added.edits } };
}
