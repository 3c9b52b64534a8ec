/** Examples of each command. */
import { local } from '../report/words/local.ts';
import { say } from '../system/say.ts';

/** What people type, by command: shown by `--help` and in the man page. */
export const EXAMPLES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  nayek: [
    ['nayek', 'what is here, and what to do next'],
    ['nayek patch --dry-run', 'every change as a diff; nothing is written'],
  ],
  patch: [
    ['nayek patch --dry-run | less', 'read it'],
    ['nayek patch --dry-run | git apply', 'the diff is exact in a pipe'],
    ['nayek patch --only bind,gunicorn', 'two parts of it'],
    ['nayek patch --check', 'for CI: exit 1 if anything is pending'],
    ['nayek patch --recipe vps --set domain=shop.example.org', 'for a server of your own'],
    ['nayek patch --dry-run --format json -o plan.json', 'save the plan for `nayek apply`'],
  ],
  test: [['nayek test rules/', 'rules against their fixtures']],
  recipe: [['nayek recipe init own.yaml', 'a recipe of your own']],
  new: [['nayek new rule no-utcnow', 'a rule with its fixtures']],
  'new rule': [['nayek new rule no-utcnow', 'a rule, a fixture that changes and one that must not']],
  check: [
    ['nayek check', 'the checklist, each point with its evidence'],
    ['nayek check --recipe vps', 'the points of another recipe'],
  ],
  verify: [
    ['nayek verify', 'the checklist on the patched result'],
    ['nayek verify --live', 'install, migrate, start and ask it, in a copy'],
    ['nayek verify --live --python 3.12 --env-file .env.test', 'with values that only you know'],
  ],
  apply: [['nayek apply plan.json', 'exactly what was reviewed, or nothing']],
  undo: [['nayek undo', 'the bytes before the last patch']],
  status: [['nayek status', 'what can be taken back']],
  doctor: [['nayek doctor --journal', 'whether undo can rely on its journal']],
  explain: [
    ['nayek explain', 'all parts and recipes'],
    ['nayek explain bind', 'why, with an example'],
    ['nayek explain vps', 'what a recipe does'],
    ['nayek explain no-utcnow --rule rules/', 'a rule of your own, with its fixture'],
  ],
  completion: [['nayek completion bash >~/.local/share/bash-completion/completions/nayek', 'from the next shell on']],
  man: [['nayek man | man -l -', 'read it']],
  batch: [['nayek batch plan ../services/*', 'then: nayek batch review, nayek batch publish']],
  'batch plan': [
    ['nayek batch plan ../services/*', 'folders, or a manifest'],
    ['nayek batch plan fleet.yaml --canary 5', 'five first'],
  ],
  'batch review': [['nayek batch review -o review.html', 'one page with every diff']],
  'batch publish': [['nayek batch publish --limit 10', 'the approved ones, ten at a time']],
  'batch worker': [['nayek batch worker --engine redis://queue.example.org', 'take jobs until it is stopped']],
};

/** As lines under a heading; '' for a command without examples. */
export function examplesOf(name: string): string {
  const list = EXAMPLES[name] ?? [];
  if (list.length === 0) return '';
  return ['', local(say`Examples:`), ...list.flatMap(([line, says]) => [`  ${line}`, `      ${local(says)}`])].join(
    '\n',
  );
}
