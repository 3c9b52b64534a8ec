/** All credentials of a text. What is shown and what is copied are both decided here. */
import { inPairs } from './in-pairs.ts';
import { inPython } from './in-python.ts';
import { inText } from './in-text.ts';
import { partAt, pythonParts } from './python-parts.ts';
import { merged, type Range } from './range.ts';
import { byShape, denseWords } from './shapes.ts';
import { inUrls } from './urls.ts';

/** How a text is to be read: Python, one setting a line, or any words (messages, other files). */
export type Form = 'python' | 'lines' | 'words';

const LINES =
  /(?:^|\/)(?:[\w.-]*\.env(?:\.[\w.-]+)?|[\w.-]+\.(?:ini|cfg|conf|ya?ml|toml|properties)|Dockerfile[\w.-]*|Pipfile|env\.example)$/i;

/** How a file of this name is read. */
export function formOf(path: string): Form {
  if (/\.pyi?$/.test(path)) return 'python';
  return LINES.test(path) ? 'lines' : 'words';
}

/** Ranges of the credentials, in order, apart from each other. */
export function findSecrets(text: string, form: Form): Range[] {
  const parts = form === 'python' ? pythonParts(text) : [];
  const isCode = (at: number): boolean => form === 'python' && partAt(parts, at) === undefined;
  const out = [...byShape(text, isCode), ...inUrls(text)];
  if (form === 'python') inPython(text, parts, out);
  else {
    inText(text, 0, text.length, form, out);
    inPairs(text, out);
    out.push(...denseWords(text));
  }
  return merged(out.filter((range) => range.end > range.start));
}
