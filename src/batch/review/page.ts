/**
 * The page: one file without a network, opened from disk. Its policy allows the style and the scripts that are in it, by
 * their hashes. Whatever comes from a repository is data in JSON, and becomes text in the document, never markup.
 * https://www.w3.org/TR/CSP3/#match-element-to-source-list
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { VERSION } from '../../system/version.ts';
import type { Detail, Row } from './rows.ts';

export interface ReviewEntry {
  readonly row: Row;
  readonly detail: Detail | undefined;
}

/** The page as one text. Each repository's detail is a block of its own, read when it is opened. */
export function reviewPage(entries: readonly ReviewEntry[]): string {
  const style = asset('page.css');
  const scripts = ['detail.js', 'page.js'].map(asset);
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map(hash).join(' ')}`,
    `style-src ${hash(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="referrer" content="no-referrer">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<title>Review of a batch</title>',
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    `<noscript>This page needs its script; \`nayek batch review --format markdown\` does without.</noscript>`,
    `<main id="main" data-version="${VERSION}"></main>`,
    block(
      'rows',
      entries.map((e) => e.row),
    ),
    ...entries.map(({ detail }, index) => (detail ? block(`detail-${index}`, detail) : '')),
    ...scripts.map((script) => `<script>${script}</script>`),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** Data that no markup can end: '<' is written as an escape of JSON. */
function block(id: string, data: unknown): string {
  return `<script type="application/json" id="${id}">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`;
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function asset(name: string): string {
  const here = typeof __dirname === 'string' ? __dirname : path.dirname(fileURLToPath(import.meta.url));
  const bundled = path.join(here, 'review', name);
  return readFileSync(existsSync(bundled) ? bundled : path.join(here, name), 'utf8').trim();
}
