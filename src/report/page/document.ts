/**
 * The document around a page: one file without a network, opened from disk. Its policy allows the style and the script
 * that are in it, by their hashes. https://www.w3.org/TR/CSP3/#match-element-to-source-list
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { xml } from '../xml.ts';

export interface PageDocument {
  readonly language: string;
  readonly title: string;
  /** Name of the bundled script, such as 'single'. */
  readonly script: string;
  /** Names of style sheets, in order. */
  readonly styles: readonly string[];
  /** HTML. */
  readonly body: string;
  /** What a page may ask for: nothing where undefined. A source list of `connect-src`. */
  readonly connects?: string;
  /** Data for the script: name → JSON value. */
  readonly data?: Readonly<Record<string, unknown>>;
}

export function pageDocument({ language, title, script, styles, body, connects, data = {} }: PageDocument): string {
  const style = styles.map((name) => asset(`${name}.css`)).join('\n');
  const code = asset(`${script}.js`);
  const policy = [
    "default-src 'none'",
    `script-src ${hash(code)}`,
    `style-src ${hash(style)}`,
    ...(connects === undefined ? [] : [`connect-src ${connects}`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return [
    '<!doctype html>',
    `<html lang="${xml(language)}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="referrer" content="no-referrer">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${xml(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    body,
    ...Object.entries(data).map(([id, value]) => block(id, value)),
    `<script>${code}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** Data that no markup can end: '<' is written as an escape of JSON. */
function block(id: string, data: unknown): string {
  return `<script type="application/json" id="${xml(id)}">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`;
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Beside the command; from the sources, where `npm run build` has put it. */
function asset(name: string): string {
  const here = typeof __dirname === 'string' ? __dirname : path.dirname(fileURLToPath(import.meta.url));
  const bundled = path.join(here, 'page', name);
  const built = path.join(here, '..', '..', '..', 'dist', 'page', name);
  return readFileSync(existsSync(bundled) ? bundled : built, 'utf8').trim();
}
