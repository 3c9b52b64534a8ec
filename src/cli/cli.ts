/** The tree of commands, each with its options. What a command does is loaded when it is called. */

import { Command, Option } from 'commander';
import type { Language } from '../model/part-words.ts';
import { setVoice } from '../report/voice.ts';
import { local, useLanguage } from '../report/words/local.ts';
import { useColour } from '../syntax/visible.ts';
import { say } from '../system/say.ts';
import { VERSION } from '../system/version.ts';
import { examplesOf } from './examples.ts';
import { LOCAL_HELP } from './help.ts';
import { list, repeat } from './option-values.ts';

const EXITS = say`Exit: 0 fine · 1 pending or falling short (--check, check, verify) · 2 trouble · 3 done, but the report failed · 130 interrupted`;
const formats = ['diff', 'summary', 'json', 'html', 'markdown', 'sarif', 'github', 'gitlab', 'junit'];

const debug = new Option('--debug', 'show where an error came from');
const inFolder = new Option('-C <dir>', 'work in this folder').default('.');
const ownModule = new Option(
  '--plugin <file|package>',
  'the parts of this module, too, which is run (repeatable)',
).argParser(repeat);
const output = new Option('-o, --output <file>', 'write there instead of stdout (readable by you only)');

/** The tree of commands. */
export function program(): Command {
  const nayek = new Command('nayek')
    .description('Makes a Python web repository deployable: shows the diff first, proves it, undoes it.')
    .version(VERSION)
    .enablePositionalOptions()
    .configureHelp(LOCAL_HELP)
    .addHelpText('after', () => `\n${local(EXITS)}`);
  nayek.hook('preAction', (_, command) => {
    const { color, quiet, verbose } = command.opts<Common>();
    useColour(color);
    setVoice({ quiet, verbose });
  });
  addPatch(nayek);
  addCodemods(nayek);
  addChecks(nayek);
  addJournal(nayek);
  addExplain(nayek);
  addRecipes(nayek);
  addOthers(nayek);
  for (const command of [nayek, ...nayek.commands.flatMap((c) => [c, ...c.commands])]) {
    if (command.name() !== 'batch') said(command);
    const path =
      command.parent === nayek || command === nayek ? command.name() : `${command.parent?.name()} ${command.name()}`;
    command.addHelpText('after', () => examplesOf(path));
    command.exitOverride().configureOutput({ outputError: () => undefined });
  }
  return nayek;
}

/** Which parts run, and how. */
function chosen(command: Command): Command {
  return command
    .option('--recipe <name|file>', 'recipe to follow (default: render); several with commas')
    .option('--rule <file|folder>', 'run these ast-grep rules; with --recipe, behind its parts (repeatable)', repeat)
    .option('--plugin <file|package>', 'run the parts of this module, which is code (repeatable)', repeat)
    .option('--only <ids>', 'run these parts only', list)
    .option('--skip <ids>', 'leave these parts out', list)
    .option(
      '--set <part.option=value>',
      'set an option of a part, or without the part of all that have it (repeatable)',
      repeat,
    )
    .option('--unsafe', 'apply what may change behaviour beyond its purpose');
}

/** What changes a repository. */
function addPatch(nayek: Command): void {
  chosen(nayek.command('patch [dir]'))
    .description('patch in place; prints what it did, by part')
    .option('--dry-run', 'print the unified diff, write nothing')
    .option('-i, --interactive', 'ask for each change, with its hunks and its reason')
    .option('--check', 'write nothing; exit 1 if anything is pending')
    .option('--allow-dirty', 'patch files with uncommitted changes, too')
    .option('--stats', 'say where the time went: on stderr, or in the JSON')
    .addOption(
      new Option('--format <form>', 'print this form; all but summary write nothing (default: summary)').choices(
        formats,
      ),
    )
    .option('--output-file <form=file>', 'write this form there, too (repeatable)', repeat)
    .addOption(output)
    .addOption(inFolder)
    .addOption(debug)
    .action(async (dir, options) => finish((await import('./commands.ts')).patch(dir, options)));
}

/** Codemods of one's own. */
function addCodemods(nayek: Command): void {
  nayek
    .command('test [dir]')
    .description('the rules of a folder against their fixtures and tests; exit 1 if one fails')
    .option('--update', 'write after/ of each fixture as it comes out')
    .addOption(inFolder)
    .addOption(debug)
    .action(async (dir, options) => finish((await import('./test.ts')).test(dir, options)));

  const start = nayek.command('new').description('start a codemod of your own');
  for (const [kind, about] of [
    ['rule', 'a rule file, a fixture that changes and one that must not'],
    ['transform', 'a module that edits sources, with fixtures'],
    ['emitter', 'a module that writes a file, with fixtures'],
  ] as const) {
    const command = start.command(`${kind} <id>`).description(about).addOption(inFolder).addOption(debug);
    if (kind === 'rule') {
      const languages = ['python', 'ini', 'toml', 'yaml', 'requirements'];
      command.addOption(new Option('--language <language>', 'what it changes').choices(languages).default('python'));
    }
    command.action(async (id, options) => finish((await import('./new.ts')).newPart(kind, id, options)));
  }
}

/** What looks at a repository and changes nothing of it. */
function addChecks(nayek: Command): void {
  chosen(nayek.command('check [dir]'))
    .description('the checklist with evidence; exit 1 if something falls short')
    .addOption(new Option('--format <form>').choices(['summary', 'json']).default('summary'))
    .addOption(output)
    .addOption(inFolder)
    .addOption(debug)
    .action(async (dir, options) => finish((await import('./commands.ts')).check(dir, options)));

  chosen(nayek.command('verify [dir]'))
    .description(
      'the checklist on the patched result; with --live the result is installed, started and asked, in a copy',
    )
    .option('--live', "run the repository's own code in a copy: install, migrate, start, health check, stop")
    .option('--yes', 'do not ask before running it')
    .option('--unpatched', 'the tree as it is: what holds without nayek')
    .option('--service <name|folder>', 'this service only')
    .option('--python <program|version>', 'Python to make the environment with')
    .option('--reuse-env <path>', 'virtual environment to use and keep; made where it is missing')
    .option('--no-install', 'take that environment as it is')
    .option('--database-url <url>', 'an empty database to migrate and use, instead of a throw-away PostgreSQL')
    .option('--env-file <file>', 'values for variables that only you know')
    .option('--timeout <seconds>', 'how long a start may take', '60')
    .option('--log <file>', 'keep all output there, secrets masked')
    .option('--keep', 'keep the copy and its environment')
    .addOption(new Option('--format <form>').choices(['summary', 'json']).default('summary'))
    .addOption(output)
    .addOption(inFolder)
    .addOption(debug)
    .action(async (dir, options) => finish((await import('./verify.ts')).verify(dir, options)));
}

/** Saved plans, and the patches that can be undone. */
function addJournal(nayek: Command): void {
  nayek
    .command('apply <plan.json>')
    .description('execute a plan saved by `patch --dry-run --format json -o`, exactly; refuse when files have changed')
    .option('--allow-dirty', 'patch files with uncommitted changes, too')
    .option('-C <dir>', 'the repository, when it is not where it was')
    .addOption(debug)
    .action(async (file, options) => finish((await import('./commands.ts')).apply(file, options)));

  nayek
    .command('undo [dir]')
    .description('restore the bytes before the last patch; refuse if they changed since')
    .option('--force', 'restore all the same; a copy of what changed is kept')
    .addOption(inFolder)
    .addOption(debug)
    .action(async (dir, options) => finish((await import('./journal.ts')).undoLast(dir, options)));

  nayek
    .command('status [dir]')
    .description('the patches that can be undone and their health; exit 1 if one was cut short or is damaged')
    .addOption(new Option('--format <form>').choices(['summary', 'json']).default('summary'))
    .addOption(inFolder)
    .addOption(debug)
    .action(async (dir, options) => finish((await import('./journal.ts')).status(dir, options)));

  nayek
    .command('doctor [dir]')
    .description('check what nayek keeps; exit 1 if something falls short')
    .option('--journal', 'the journal of patches: owner, seal, saved copies')
    .option('--set-aside', 'move out of the way what is not ours; nothing is deleted')
    .addOption(inFolder)
    .addOption(debug)
    .action(async (dir, options) => finish((await import('./journal.ts')).doctor(dir, options)));
}

/** What parts and recipes do. */
function addExplain(nayek: Command): void {
  nayek
    .command('explain [part|recipe]')
    .description('what a part or a recipe does, why, and an example')
    .option('--rule <file|folder>', 'these rules, too (repeatable)', repeat)
    .addOption(ownModule)
    .addOption(debug)
    .action(async (part, options) => finish((await import('./commands.ts')).explain(part, options)));
}

/** Recipes. */
function addRecipes(nayek: Command): void {
  const recipe = nayek.command('recipe').description('recipes: what there is, what one does, and your own');
  recipe
    .command('list')
    .description('those that come with nayek')
    .addOption(debug)
    .action(async () => finish((await import('./recipe.ts')).list()));
  recipe
    .command('show <name|file>')
    .description('what it runs, in order, with its options')
    .addOption(ownModule)
    .addOption(debug)
    .action(async (name, options) => finish((await import('./recipe.ts')).show(name, options)));
  recipe
    .command('check <file>')
    .description('whether it is right; a mistake is told with its line')
    .addOption(ownModule)
    .addOption(debug)
    .action(async (file, options) => finish((await import('./recipe.ts')).check(file, options)));
  recipe
    .command('init [file]')
    .description('a file to start from (recipe.yaml)')
    .addOption(inFolder)
    .addOption(debug)
    .action(async (file, options) => finish((await import('./recipe.ts')).init(file, options)));
}

/** For shells, and the batch with commands of its own. */
function addOthers(nayek: Command): void {
  nayek
    .command('completion <shell>')
    .description('completion for bash, zsh or fish, on stdout')
    .addOption(debug)
    .action(async (shell) => {
      const [{ completion }, { batchProgram }] = await Promise.all([import('./completion.ts'), import('./batch.ts')]);
      process.stdout.write(completion(shell, [program(), batchProgram()]));
    });

  nayek
    .command('man')
    .description('the manual page, on stdout, for `man -l -`')
    .addOption(debug)
    .action(async () => void process.stdout.write(await manual()));

  nayek
    .command('batch [arguments...]')
    .description('many repositories: plan, review, publish; `nayek batch --help` lists its commands')
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args) => finish((await import('./batch.ts')).batch(args)));
}

interface Common {
  readonly color?: 'auto' | 'always' | 'never';
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** How much is said, and how it looks. */
function said(command: Command): void {
  command
    .option('-q, --quiet', 'say nothing beside the product and errors')
    .option('-v, --verbose', 'name every place, and what was read')
    .addOption(
      new Option('--lang <language>', 'language of what is said (default: that of LANG)').choices(['en', 'fr']),
    )
    .addOption(new Option('--color <when>', 'default: auto').choices(['auto', 'always', 'never']));
}

/** The exit code of a command becomes that of the process. */
export async function finish(exit: number | Promise<number>): Promise<void> {
  process.exitCode = await exit;
}

/** The man page; the build writes it, in each language. */
export async function manual(language?: Language): Promise<string> {
  if (language) await useLanguage(language);
  const [{ manPage }, { batchProgram }] = await Promise.all([import('./man.ts'), import('./batch.ts')]);
  return manPage([program(), batchProgram()]);
}
