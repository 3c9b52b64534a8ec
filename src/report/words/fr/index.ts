/** French: the English of the sources → French, a file a room. Placeholders are the same on both sides. */
import { asking } from './asking.ts';
import { batch } from './batch.ts';
import { commands } from './commands.ts';
import { drift } from './drift.ts';
import { engine } from './engine.ts';
import { errors } from './errors.ts';
import { help } from './help.ts';
import { notes } from './notes.ts';
import { options } from './options.ts';
import { reports } from './reports.ts';
import { rules } from './rules.ts';
import { survey } from './survey.ts';
import { templates } from './templates.ts';
import { transforms } from './transforms.ts';
import { verify } from './verify.ts';
import { writer } from './writer.ts';

export const french: Readonly<Record<string, string>> = {
  ...asking,
  ...batch,
  ...commands,
  ...drift,
  ...engine,
  ...errors,
  ...help,
  ...notes,
  ...options,
  ...reports,
  ...rules,
  ...survey,
  ...templates,
  ...transforms,
  ...verify,
  ...writer,
};
