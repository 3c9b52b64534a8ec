/** Help in the language of the run: of every command, its options and examples. */
import { type Command, Help, type HelpConfiguration, type Option } from 'commander';
import { local } from '../report/words/local.ts';
import { say } from '../system/say.ts';

/** What commander puts over the lists. */
const TITLES: Readonly<Record<string, string>> = {
  'Usage:': say`Usage:`,
  'Arguments:': say`Arguments:`,
  'Options:': say`Options:`,
  'Commands:': say`Commands:`,
};

/** For `configureHelp`: commands below take it over. */
export const LOCAL_HELP: HelpConfiguration = {
  showGlobalOptions: false,
  styleTitle: (title) => local(TITLES[title] ?? title),
  commandDescription: (command) => local(command.description()),
  subcommandDescription: (command) => local(command.description()),
  optionDescription(option) {
    const { description, defaultValue, argChoices, envVar } = option;
    const more = [
      ...(argChoices ? [local(say`one of ${argChoices.join(', ')}`)] : []),
      ...(shownDefault(option) ? [local(say`default: ${String(defaultValue)}`)] : []),
      ...(envVar === undefined ? [] : [local(say`else that of ${envVar}`)]),
    ];
    const head = local(description);
    if (more.length === 0) return head;
    return head === '' ? more.join(', ') : `${head} (${more.join(', ')})`;
  },
};

function shownDefault({ defaultValue, negate }: Option): boolean {
  return !negate && (typeof defaultValue === 'string' || typeof defaultValue === 'number');
}

/** All texts of a tree of commands, as ids of the catalogues. */
export function helpTexts(root: Command): string[] {
  const help = new Help();
  return [root, ...root.commands].flatMap((command) => [
    command.description(),
    ...help.visibleOptions(command).map((o) => o.description),
    ...(command === root ? [] : helpTexts(command)),
  ]);
}
