/** What the production image of a service sets by `ENV`. https://docs.docker.com/reference/dockerfile/#env */
import type { ServiceSeed } from '../../model/facts.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { isCredential } from '../../secrets/credential.ts';
import { type Instruction, lastStage, workdirOf } from '../../syntax/dockerfile.ts';
import { findDockerfiles } from '../dependencies/dockerfiles.ts';

const OTHER_STAGE = /\bAS\s+(?:\w+[-_])?(?:dev|develop|development|debug|tests?|testing|lint)\b/i;

/**
 * Name → value, the last one where several stand. Stages for development, folders of the container, values put together
 * from others and credentials are left out.
 */
export function imageValues(repo: Snapshot, seed: ServiceSeed): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  let other = false;
  for (const { name, args } of findDockerfiles(repo, seed)[0]?.instructions ?? []) {
    if (name === 'FROM') other = OTHER_STAGE.test(args);
    if (name !== 'ENV' || other) continue;
    for (const [key, value] of pairs(args)) {
      if (value !== '' && !/^[/~.]|\$/.test(value) && !isCredential(key, value)) out.set(key, value);
    }
  }
  return out;
}

/**
 * A path in the folder that the image works in, as a path from the service's folder, which is copied there: `/app/media`
 * is a folder that only the image has, and no other platform lets a service write beside its own.
 * https://docs.docker.com/reference/dockerfile/#workdir
 */
export function outsideImage(repo: Snapshot, seed: ServiceSeed, value: string): string {
  if (!value.startsWith('/') || /[\s,;:]/.test(value)) return value;
  // The folder of a project on Replit.
  const elsewhere = /^\/home\/runner\/(?:workspace|[A-Za-z][\w-]*)\/(.+)$/.exec(value)?.[1];
  if (elsewhere !== undefined) return elsewhere;
  const folder = workdirOf(lastStage(findDockerfiles(repo, seed)[0]?.instructions ?? []));
  return folder.length > 1 && value.startsWith(`${folder}/`) ? value.slice(folder.length + 1) || '.' : value;
}

/** `A=b C="d e"`, and the old `A b c`. */
function pairs(args: Instruction['args']): (readonly [string, string])[] {
  if (!/^\w+=/.test(args)) {
    const old = /^(\w+)\s+(\S.*)$/.exec(args);
    return old ? [[old[1] ?? '', (old[2] ?? '').trim()]] : [];
  }
  return [...args.matchAll(/(\w+)=("[^"]*"|'[^']*'|\S*)/g)].map(
    ([, key = '', value = '']) => [key, value.replace(/^(["'])(.*)\1$/, '$2')] as const,
  );
}
