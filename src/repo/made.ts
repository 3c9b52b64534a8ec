/** The mark in the first line of files for a server of one's own, by which the survey does not take them for evidence. */

export const MADE = 'made by nayek';

/** True when the first line of a text says that nayek wrote it. */
export function isMade(text: string): boolean {
  const end = text.indexOf('\n');
  return text.slice(0, end === -1 ? 200 : Math.min(end, 200)).includes(MADE);
}
