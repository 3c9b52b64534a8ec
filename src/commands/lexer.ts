/**
 * The one reader of shell lines: words and operators, as sh would read them. Nothing is expanded: `$VARIABLES` and
 * substitutions stay in the words as they are written.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
 */

/** UTF-16 offsets, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface SimpleCommand {
  /** Quotes and backslashes removed; assignments come first. */
  readonly words: readonly string[];
  /** Where each word stands in the line, its quotes included. */
  readonly ranges: readonly Span[];
  /** Offsets of the command in the line. */
  readonly start: number;
  readonly end: number;
  /** What stands behind it; '' at the end of the line. A newline reads as ';'. */
  readonly operator: '' | ';' | '&' | '&&' | '|' | '||';
}

export interface ShellLine {
  readonly commands: readonly SimpleCommand[];
  /** True where there are only words and operators: no redirection, substitution, subshell, comment or open quote. */
  readonly plain: boolean;
}

/** Reads a line, a script or an entry of a Procfile. Never throws: what is no shell still comes out as words. */
export function readShell(text: string): ShellLine {
  return new Lexer(text).read();
}

/**
 * The words of one simple command. Undefined when it is more than that: an operator, a redirection, a substitution, a
 * newline, a comment or an open quote.
 */
export function shellWords(command: string): readonly string[] | undefined {
  return command.trim() === '' ? [] : onlyWords(readShell(command));
}

/** The words of a line that is one simple command. */
export function onlyWords({ commands, plain }: ShellLine): readonly string[] | undefined {
  const [only] = commands;
  return plain && commands.length === 1 && only?.operator === '' ? only.words : undefined;
}

class Lexer {
  private readonly text: string;
  private at = 0;
  private word: string | undefined;
  private words: string[] = [];
  private ranges: Span[] = [];
  private from = 0;
  private plain = true;
  /** The next word is the target of a redirection. */
  private redirected = false;
  private readonly commands: SimpleCommand[] = [];

  constructor(text: string) {
    this.text = text;
  }

  read(): ShellLine {
    for (; this.at < this.text.length; this.at++) this.step(this.text[this.at] ?? '');
    this.endCommand('', this.text.length);
    return { commands: this.commands, plain: this.plain };
  }

  /** Reads one construct; `at` is left on its last character. */
  // complexity: a case each of the grammar, in its order
  private step(char: string): void {
    const next = this.text[this.at + 1] ?? '';
    if (char === ' ' || char === '\t' || char === '\r') this.endWord();
    else if (char === "'" || char === '"') this.quoted(char);
    else if (char === '\\') {
      if (next !== '\n') this.add(next);
      this.at++;
    } else if (char === '`' || (char === '$' && next === '(')) this.substitution();
    else if (char === '\n' || char === ';') this.endCommand(';', this.at);
    else if (char === '&' || char === '|') {
      const twice = next === char;
      this.endCommand((twice ? char + char : char) as SimpleCommand['operator'], this.at);
      if (twice) this.at++;
    } else if (char === '<' || char === '>') this.redirection();
    else if (char === '#' && this.word === undefined) this.comment();
    else if (char === '(' || char === ')') this.parenthesis(char);
    else this.add(char);
  }

  private add(text: string): void {
    if (this.word === undefined) this.from = this.at;
    this.word = (this.word ?? '') + text;
  }

  private quoted(quote: string): void {
    this.add('');
    for (this.at++; this.at < this.text.length && this.text[this.at] !== quote; this.at++) {
      const char = this.text[this.at] ?? '';
      const next = this.text[this.at + 1] ?? '';
      if (quote === '"' && char === '\\' && /["\\$`\n]/.test(next)) {
        if (next !== '\n') this.add(next);
        this.at++;
      } else if (quote === '"' && (char === '`' || (char === '$' && next === '('))) {
        this.substitution();
      } else this.add(char);
    }
    if (this.at >= this.text.length) this.plain = false;
  }

  /** `$(…)` or backticks, kept whole in the word. */
  private substitution(): void {
    this.plain = false;
    this.add('');
    const from = this.at;
    if (this.text[this.at] === '`') {
      const close = this.text.indexOf('`', this.at + 1);
      this.at = close === -1 ? this.text.length : close;
    } else {
      let depth = 0;
      for (this.at++; this.at < this.text.length; this.at++) {
        if (this.text[this.at] === '(') depth++;
        if (this.text[this.at] === ')' && --depth === 0) break;
      }
    }
    this.add(this.text.slice(from, this.at + 1));
  }

  /** The operator and its target are no words of the command. */
  private redirection(): void {
    this.plain = false;
    if (/^\d+$/.test(this.word ?? '')) this.word = undefined;
    this.endWord();
    while (/[<>&|-]/.test(this.text[this.at + 1] ?? '')) this.at++;
    this.redirected = true;
  }

  private comment(): void {
    this.plain = false;
    const end = this.text.indexOf('\n', this.at);
    this.at = end === -1 ? this.text.length : end - 1;
  }

  /** A subshell ends a command; `app:make()` without quotes, as people write it for gunicorn, is one word. */
  private parenthesis(char: string): void {
    this.plain = false;
    const open = this.word !== undefined && /:\w+(?:\([^)]*)?$/.test(this.word);
    if (char === '(' ? open : open && this.word?.includes('(')) this.add(char);
    else this.endCommand(';', this.at);
  }

  private endWord(): void {
    if (this.word !== undefined && !this.redirected) {
      this.words.push(this.word);
      this.ranges.push({ start: this.from, end: this.at });
    }
    if (this.word !== undefined) this.redirected = false;
    this.word = undefined;
  }

  private endCommand(operator: SimpleCommand['operator'], end: number): void {
    this.endWord();
    this.redirected = false;
    const [first] = this.ranges;
    if (first) {
      const text = this.text.slice(first.start, end);
      const { words, ranges } = this;
      this.commands.push({ words, ranges, start: first.start, end: first.start + text.trimEnd().length, operator });
    }
    this.words = [];
    this.ranges = [];
  }
}
