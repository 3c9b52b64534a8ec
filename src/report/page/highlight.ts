/** Source text → coloured pieces, line by line. The grammars are those of highlight.js. https://highlightjs.org */
import bash from 'highlight.js/lib/languages/bash';
import ini from 'highlight.js/lib/languages/ini';
import nginx from 'highlight.js/lib/languages/nginx';
import python from 'highlight.js/lib/languages/python';
import yaml from 'highlight.js/lib/languages/yaml';
import { createLowlight } from 'lowlight';

/** A part of a line with one look. */
export interface Piece {
  readonly text: string;
  /** Name of highlight.js without its prefix: 'keyword', 'string', …; '' for plain text. */
  readonly look: string;
}

const lowlight = createLowlight({ bash, ini, nginx, python, yaml });

/** Longer texts are shown plain: nobody waits for their colours. UTF-16 units. */
const MAX_LENGTH = 400_000;

const BY_END: readonly (readonly [RegExp, string])[] = [
  [/\.pyi?$/, 'python'],
  [/\.ya?ml$/, 'yaml'],
  [/\.(?:ini|cfg|toml|service)$|(?:^|\/)\.env[^/]*$|\.env(?:\.example)?$|(?:^|\/)Pipfile$/, 'ini'],
  [/\.conf$/, 'nginx'],
  [/\.sh$|(?:^|\/)Procfile$/, 'bash'],
];

/** Undefined for a file that is shown plain. */
function languageOf(path: string): string | undefined {
  return BY_END.find(([end]) => end.test(path))?.[1];
}

/** The lines of a text of the file `path`, as many as it has line ends, and one more. */
export function highlighted(text: string, path: string): Piece[][] {
  const language = languageOf(path);
  const lines: Piece[][] = [[]];
  const put = (piece: string, look: string): void => {
    for (const [index, line] of piece.split('\n').entries()) {
      if (index > 0) lines.push([]);
      if (line !== '') lines.at(-1)?.push({ text: line, look });
    }
  };
  if (language === undefined || text.length > MAX_LENGTH) put(text, '');
  else walk(lowlight.highlight(language, text).children, '', put);
  return lines;
}

type Nodes = ReturnType<typeof lowlight.highlight>['children'];

function walk(nodes: Nodes, look: string, put: (text: string, look: string) => void): void {
  for (const node of nodes) {
    if (node.type === 'text') put(node.value, look);
    else if (node.type === 'element') {
      const [name] = (node.properties.className ?? []) as readonly string[];
      walk(node.children, name?.startsWith('hljs-') ? name.slice('hljs-'.length) : look, put);
    }
  }
}
