/** The source of a regular expression without the flag `u` that matches just this text. */
export function literally(text: string): string {
  return text.replace(/[^\w]/g, '\\$&');
}
