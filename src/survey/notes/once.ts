/** What a service starts beside itself when it is loaded: once in every worker process. */
import type { Service } from '../../model/facts.ts';
import { externalName } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { type Place, topOf } from '../../python/place.ts';
import { makerOf } from '../../python/values.ts';
import type { CallExpr, Expr, Stmt } from '../../syntax/python/ast.ts';
import { expressionsOf } from '../../syntax/python/children.ts';
import { descend, keyword, lastName } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import type { Started } from '../started.ts';
import type { Note } from './note.ts';

/** Methods of bots that ask for messages until they are stopped: two that ask for the same ones are in each other's way. */
const POLLS = /^(?:run_polling|start_polling|infinity_polling|polling|run_until_disconnected|start_consuming)$/;
/** What a call that is looked for mentions: the name of its method, or of one that it is given. */
const CALLED = /\bstart\b|polling\b|\brun_until_disconnected\b|\bstart_consuming\b/;
const STARTED = /^(?:threading\.(?:Thread|Timer)|multiprocessing\.(?:context\.)?Process)$/;

/** At most one, a bot before all else. */
export function once(modules: ModuleGraph, { entry }: Service, started: readonly Started[]): Note[] {
  let found: Note | undefined;
  const files = new Map<string, boolean>();
  /** Anything that is looked for, so that the rest is neither parsed nor walked. */
  const mentions = (stmt: Stmt, path: string): boolean => {
    const any = files.get(path) ?? CALLED.test(modules.module(path)?.text ?? '');
    files.set(path, any);
    return any && ((stmt.kind !== 'function' && stmt.kind !== 'class') || stmt.mentions?.(CALLED, 'head') !== false);
  };
  for (const { path, stmt, when } of started) {
    if (when !== 'service' || stmt.kind === 'import' || stmt.kind === 'from') continue;
    if (!mentions(stmt, path)) continue;
    const place = topOf(modules, path);
    for (const call of expressionsOf(stmt)
      .flatMap((e) => [...descend(e)])
      .filter(isCall)) {
      const bot = [call.func, ...call.args.map((a) => a.value)].find(
        (e) => e.kind === 'attribute' && POLLS.test(e.attr),
      );
      if (!bot && (found || !starts(place, call))) continue;
      const { text: source } = modules.module(path) ?? { text: '' };
      const quoted = source.slice(call.start, call.end).replace(/\s+/g, ' ').slice(0, 60);
      const at = { path, line: call.line };
      if (bot) {
        const text = say`\`${quoted}\` runs a bot when ${entry.module} is loaded: once in each worker process, and two of one bot take each other's messages. Run one worker, or start the bot as a worker of its own.`;
        return [{ text, at, oneProcess: true }];
      }
      const text = say`\`${quoted}\` runs when ${entry.module} is loaded: once in each worker process. What must be done once is a worker of its own, or needs one worker.`;
      found = { text, at };
    }
  }
  return found ? [found] : [];
}

function isCall(expr: Expr): expr is CallExpr {
  return expr.kind === 'call';
}

/** `Thread(…).start()`, also by a name. */
function starts(place: Place, { func }: CallExpr): boolean {
  if (func.kind !== 'attribute' || lastName(func) !== 'start') return false;
  const made = func.value.kind === 'call' ? func.value : makerOf(place, func.value)?.call;
  if (!made || keyword(made, 'target')?.kind === 'lambda') return false;
  return STARTED.test(externalName(place, made.func) ?? '');
}
