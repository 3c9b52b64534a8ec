/**
 * Flask 2.3 has no `before_first_request`: the functions run before the first request all the same, once, under a lock, and
 * again after an error, as Flask did it.
 * https://flask.palletsprojects.com/en/stable/changes/#version-2-3-0
 */
import type { Part } from '../src/model/transform.ts';
import { type Edit, indentAt, lineEnd, lineEnding } from '../src/syntax/edit.ts';
import { ensureImport } from '../src/syntax/python/ensure-import.ts';
import { say } from '../src/system/say.ts';
import { words } from './before-first-request/words.ts';
import type { Application } from './handlers/registered.ts';
import { rewritten } from './handlers/rewritten.ts';

const HOW = {
  classes: ['flask.Flask', 'flask.app.Flask'],
  decorator: 'before_first_request',
  method: 'before_first_request',
  events: [],
};
/** The last three run before any function does that runs before a request. */
const WORDS =
  /\b(?:before_first_request(?:_funcs)?|before_app_first_request|url_value_preprocessor|request_started|got_first_request)\b/;
/** Names of what is written. */
const NAMES = ['first_request_lock', 'first_request_done', 'run_before_first_request'] as const;

export const beforeFirstRequest: Part = {
  id: 'before-first-request',
  summary: "Functions of Flask's before_first_request, which 2.3 does not have, run once from before_request.",
  severity: 'important',
  words,
  source: 'https://flask.palletsprojects.com/en/stable/changes/#version-2-3-0',
  options: {},
  anywhere: true,
  plan(repo, facts) {
    return rewritten(repo, facts, {
      id: 'before-first-request',
      how: HOW,
      words: WORDS,
      ask: /^before_.*first_request/,
      unused: say`nothing uses before_first_request`,
      snippet: SNIPPET,
      whyNot,
      edits,
      done: (names) => say`${names} once, before the first request`,
    });
  },
};

const SNIPPET = `def create_app():
    app = Flask(__name__)
    with app.app_context():
        init()  # what before_first_request did, where it needs no request
    return app
`;

function whyNot({ handlers, module, stmt }: Application): string | undefined {
  const later = handlers.find((h) => h.fn.async);
  if (later) return say`${later.name} is async`;
  const taken = NAMES.find((name) => module.text.includes(name));
  if (taken) return say`there is a ${taken} already`;
  const rest = module.text.slice(stmt.end, lineEnd(module.text, stmt.end));
  return /^\s*(?:#.*)?\s*$/.test(rest) ? undefined : say`other things stand on its line`;
}

/** Directly behind the application: before all that others have run before a request. */
function edits({ module, stmt, name, handlers }: Application): Edit[] {
  const { text } = module;
  const end = lineEnding(text);
  const indent = indentAt(text, stmt.start);
  const lock = ensureImport(module, { module: 'threading', name: 'Lock' });
  const [held, done, run] = NAMES;
  const blank = indent === '' ? ['', ''] : [''];
  const lines = [
    `${held} = ${lock.name}()`,
    `${done} = []`,
    ...blank,
    `@${name}.before_request`,
    `def ${run}():`,
    `    with ${held}:`,
    `        if not ${done}:`,
    ...handlers.map((h) => `            ${h.name}()`),
    `            ${done}.append(True)`,
  ];
  const made = lines.map((line) => (line === '' ? '' : indent + line) + end).join('');
  const at = lineEnd(text, stmt.end);
  const open = text[at - 1] === '\n' ? '' : end;
  return [
    ...(lock.edit ? [lock.edit] : []),
    { start: at, end: at, text: open + made },
    ...handlers.map((h) => h.without),
  ];
}
