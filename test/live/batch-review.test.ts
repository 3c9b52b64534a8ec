/** The review page in a real browser, opened from disk: nothing of a repository runs, and marks come back. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRepository } from '../../bench/batch/repositories.ts';
import type { MarksFile } from '../../src/batch/review/marks.ts';
import { reviewPage } from '../../src/batch/review/page.ts';
import type { Detail, Row } from '../../src/batch/review/rows.ts';
import { openOutput } from '../../src/report/output.ts';
import { findProgram } from '../../src/system/program.ts';
import { buildOnce, command } from '../built.ts';
import { repositoryOf, SAMPLE } from '../sample.ts';
import { temporaryFolder } from '../temporary.ts';

const top = temporaryFolder('review');
const program = findProgram('chromium') ?? findProgram('google-chrome');

let browser: Browser;

beforeAll(async () => {
  if (!program) throw new Error('a Chromium is needed: apt-get install chromium');
  buildOnce();
  browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
});

afterAll(async () => {
  await browser?.close();
});

/** Opens a page, and collects what must not be: requests but for itself, errors, dialogs. */
async function open(file: string): Promise<{ page: Page; trouble: string[] }> {
  const context = await browser.newContext({ acceptDownloads: true });
  const page = await context.newPage();
  const trouble: string[] = [];
  const address = pathToFileURL(file).href;
  page.on('request', (request) => {
    if (request.url() !== address && !request.url().startsWith('blob:')) trouble.push(`asks for ${request.url()}`);
  });
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('console', (message) => trouble.push(message.text()));
  page.on('dialog', (dialog) => {
    trouble.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(address);
  return { page, trouble };
}

const batch = (...args: readonly string[]): void => {
  execFileSync(process.execPath, [command, 'batch', ...args], { cwd: top, stdio: 'ignore' });
};

const titles = (page: Page): Promise<string[]> => page.locator('tbody td.name > button').allTextContents();

async function exported(page: Page): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export marks' }).click(),
  ]);
  const file = path.join(top, `${Math.random().toString(36).slice(2)}.json`);
  await download.saveAs(file);
  return file;
}

describe('a planned batch', () => {
  const state = path.join(top, 'state');
  const page = path.join(state, 'review.html');

  beforeAll(() => {
    const hostile = repositoryOf({
      ...SAMPLE,
      'app/main.py': (SAMPLE['app/main.py'] ?? '')
        .replace('import uvicorn\n', 'import uvicorn  # </script><img src=x onerror=alert(1)> \u202e\n')
        .replace('    uvicorn.run', '    API_KEY = "hunter2hunter2"\n    uvicorn.run'),
    });
    const folders = Array.from({ length: 10 }, (_, n) => makeRepository(top, n));
    batch('plan', ...folders, hostile, '--state', state);
    batch('review', '--state', state);
  });

  it('shows rows, and makes a diff only when it is opened', async () => {
    const { page: view, trouble } = await open(page);
    expect(await view.locator('tbody tr').count()).toBe(11);
    expect(await view.locator('pre').count()).toBe(0);
    await view.getByRole('button', { name: /repo-0000/ }).click();
    expect(await view.locator('pre').count()).toBeGreaterThan(2);
    expect(await view.locator('pre .added', { hasText: '+web: gunicorn' }).count()).toBe(1);
    expect(await view.getByText(/^bind: /).count()).toBeGreaterThan(0);
    await view.getByRole('button', { name: /repo-0000/ }).click();
    expect(await view.locator('pre').count()).toBe(0);
    expect(trouble).toEqual([]);
  });

  it('hostile text stays text; secrets are masked, reordering is flagged', async () => {
    const { page: view, trouble } = await open(page);
    await view.getByRole('button', { name: /shop$/ }).click();
    const text = (await view.locator('tr.detail').textContent()) ?? '';
    expect(text).toContain('</script><img src=x onerror=alert(1)> \\u{202e}');
    expect(text).toContain('API_KEY = "***"');
    expect(await view.locator('img').count()).toBe(0);
    expect(await view.content()).not.toContain('hunter2');
    expect(await view.locator('.flag').count()).toBe(1);
    expect(trouble).toEqual([]);
  });

  it('the policy stops a script and a request that get in all the same', async () => {
    const { page: view } = await open(page);
    const ran = await view.evaluate(`(async () => {
      const made = document.createElement('script');
      made.textContent = 'globalThis.intruder = true';
      document.body.append(made);
      const image = document.createElement('img');
      const loaded = new Promise((resolve) => {
        image.onload = () => resolve('loaded');
        image.onerror = () => resolve('refused');
      });
      image.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';
      return [String(globalThis.intruder), await loaded];
    })()`);
    expect(ran).toEqual(['undefined', 'refused']);
  });

  it('sorts and filters', async () => {
    const { page: view } = await open(page);
    const first = await titles(view);
    await view.getByRole('columnheader', { name: 'Repository' }).getByRole('button').click();
    expect(await titles(view)).toEqual([...first].reverse());
    await view.getByRole('columnheader', { name: 'Files' }).getByRole('button').click();
    const files = (await view.locator('tbody tr td:nth-child(9)').allTextContents()).map(Number);
    expect(files).toEqual([...files].sort((a, b) => b - a));
    await view.getByLabel('Status').selectOption('skipped');
    expect(await titles(view)).toHaveLength(2);
    await view.getByLabel('Status').selectOption('');
    await view.getByLabel('Search').fill('django');
    expect((await titles(view)).map((t) => t.slice(-4)).sort()).toEqual(['0003', '0008']);
    await view.getByLabel('Search').fill('');
    await view.getByLabel('Needs').selectOption('bidi');
    expect(await titles(view)).toHaveLength(1);
  });

  it('marks: by row and all shown; exported, taken over by the command, imported by another page', async () => {
    const { page: view, trouble } = await open(page);
    await view.getByLabel('Search').fill('repo-000');
    await view.getByRole('button', { name: 'Approve all shown' }).click();
    await view.locator('tr', { hasText: 'repo-0002' }).getByRole('button', { name: 'Exclude' }).click();
    const file = await exported(view);
    const { marks }: MarksFile = JSON.parse(readFileSync(file, 'utf8'));
    expect(marks.map((m) => m.mark).sort()).toEqual([...Array(7).fill('approve'), 'exclude']);
    // The page remembers, and another one can be told.
    await view.reload();
    expect(await view.locator('#sums').textContent()).toContain('7 approved, 1 excluded');
    const { page: other } = await open(page);
    expect(await other.locator('#sums').textContent()).toContain('0 approved, 0 excluded');
    await other.locator('input[type=file]').setInputFiles(file);
    await other.getByText('8 of 8 marks imported').waitFor();
    expect(JSON.parse(readFileSync(await exported(other), 'utf8')).marks).toEqual(marks);
    batch('review', '--state', state, '--marks', file);
    const { page: fresh } = await open(page);
    expect(await fresh.locator('#sums').textContent()).toContain('7 approved, 1 excluded');
    expect(await fresh.locator('tr[data-mark=exclude]').count()).toBe(1);
    expect(trouble).toEqual([]);
  });
});

it('a thousand repositories open, sort and are marked; only the diff that is opened is made', async () => {
  const diff = `@@ -0,0 +1,200 @@\n${'+a line of a file that is created\n'.repeat(200)}`.trimEnd();
  const verdict = { part: 'procfile', kind: 'applied', where: 'app/main.py:1', reason: 'because' } as const;
  const none = { files: ['Procfile'], warnings: [], commands: [], snippet: '' };
  const detail: Detail = {
    changes: [{ path: 'Procfile', created: true, by: 'procfile', diff }],
    verdicts: [{ ...verdict, ...none }],
    warnings: [],
    skipped: [],
  };
  const entries = Array.from({ length: 1000 }, (_, n) => {
    const counts = { applied: n % 6, satisfied: 1, skipped: 0, manual: n % 2, failed: 0 };
    const size = { files: n % 7, insertions: n, deletions: 0, warnings: 0 };
    const row: Row = {
      ...{
        jobId: `j${n}`,
        title: `repo-${n}`,
        repo: `/repos/repo-${n}`,
        status: 'changed',
        why: '',
        ref: 'main',
        sha: 'abc',
      },
      ...{ ...size, verdicts: counts, bidi: false, patch: String(n).padStart(64, '0'), mark: '' },
    };
    return { row, detail };
  });
  const file = path.join(top, 'thousand.html');
  openOutput(file).end(reviewPage(entries));
  const { page, trouble } = await open(file);
  expect(await page.locator('tbody tr').count()).toBe(1000);
  expect(await page.locator('pre').count()).toBe(0);
  await page.getByRole('columnheader', { name: '+' }).getByRole('button').click();
  expect((await titles(page))[0]).toBe('repo-999');
  await page.getByRole('button', { name: 'Approve all shown' }).click();
  await page.getByRole('button', { name: 'repo-999' }).click();
  expect(await page.locator('pre span').count()).toBe(201);
  expect(await page.locator('#sums').textContent()).toContain('1000 approved');
  expect(trouble).toEqual([]);
});
