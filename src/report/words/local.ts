/**
 * The language of this run. Everything is decided and kept in English; what a person reads is put into the language when
 * it is shown. As with gettext's setlocale, there is one language in a process.
 */
import type { Language } from '../../model/part-words.ts';
import type { Plan } from '../../model/plan.ts';

let translate: (english: string) => string = (english) => english;
let narrow = false;
let current: Language = 'en';

/**
 * The language that the environment asks for. LANGUAGE is a list of wishes.
 * https://www.gnu.org/software/gettext/manual/html_node/Locale-Environment-Variables.html
 */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  // Accents are written as UTF-8: another terminal would show something else.
  if (/\.(?!utf-?8(?:@|$))/i.test(locale)) return 'en';
  // With the locale C there is no translation, whatever LANGUAGE says.
  const plain = /^(?:C|POSIX)(?:\.|$)|^$/.test(locale);
  const wishes = plain ? [] : [...(env.LANGUAGE ?? '').split(':').filter((w) => w !== ''), locale];
  return /^fr(?:[_.@]|$)/i.test(wishes[0] ?? '') ? 'fr' : 'en';
}

/** True where the locale says that the terminal shows something else than UTF-8: C, or a character set by name. */
export function isNarrow(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return /^(?:C|POSIX)$/.test(locale) || /\.(?!utf-?8(?:@|$))/i.test(locale);
}

/** From now on texts are shown in this language; `ascii`: in letters that every terminal has. */
export async function useLanguage(language: Language, ascii = false): Promise<void> {
  current = language;
  narrow = ascii;
  if (language === 'en') {
    translate = (english) => english;
    return;
  }
  const [{ translator }, { french }] = await Promise.all([import('./pattern.ts'), import('./fr/index.ts')]);
  translate = translator(french);
}

/** What the scripts of a page say in the language of this run, by the English; {} for English. */
export async function pageWords(): Promise<Readonly<Record<string, string>>> {
  return current === 'en' ? {} : (await import('./fr/page.ts')).page;
}

/** The language that texts are shown in. */
export function language(): Language {
  return current;
}

/** A text for people, in the language of this run. */
export function local(english: string): string {
  return fitted(translate(english));
}

/** A text in the language of the run, in letters that the terminal has. */
export function fitted(text: string): string {
  return narrow ? plain(text) : text;
}

const SIGNS: Readonly<Record<string, string>> = {
  '…': '...',
  '·': '-',
  '—': '-',
  '–': '-',
  '−': '-',
  '→': '->',
  '’': "'",
  '«': '"',
  '»': '"',
  œ: 'oe',
};

/** Without accents, and with the signs of a typewriter. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all that is ASCII
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return text
    .replace(/[…·—–−→’«»œ]/g, (sign) => SIGNS[sign] ?? sign)
    .normalize('NFD')
    .replace(/(?<=[a-z])\p{M}/giu, '');
}

/** What a plan and a report of it say for people. */
type Told = Pick<Plan, 'verdicts' | 'warnings' | 'skipped'> & Partial<Pick<Plan, 'refusal' | 'stops'>>;

/** A plan whose texts are in the language of this run; the same plan in English. For reports only, never to be saved. */
export function localPlan<T extends Told>(plan: T): T {
  if (current === 'en' && !narrow) return plan;
  return {
    ...plan,
    ...(plan.refusal ? { refusal: { ...plan.refusal, reason: local(plan.refusal.reason) } } : {}),
    verdicts: plan.verdicts.map((verdict) => ({
      ...verdict,
      reason: local(verdict.reason),
      warnings: verdict.warnings.map(local),
    })),
    warnings: plan.warnings.map(local),
    ...(plan.stops ? { stops: plan.stops.map((stop) => ({ ...stop, text: local(stop.text) })) } : {}),
    skipped: plan.skipped.map((file) => ({ ...file, reason: local(file.reason) })),
  };
}
