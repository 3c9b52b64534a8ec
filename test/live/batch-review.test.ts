/** Both pages in a real browser, opened from disk: nothing of a repository runs, axe finds nothing, marks come back. */

import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
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

const titles = (page: Page): Promise<string[]> => page.locator('.group > .line h2').allTextContents();
const group = (page: Page, text: string | RegExp) =>
  page.locator('.group', { has: page.locator('h2', { hasText: text }) });

async function exported(page: Page): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export marks' }).click(),
  ]);
  const file = path.join(top, `${Math.random().toString(36).slice(2)}.json`);
  await download.saveAs(file);
  return file;
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe says against WCAG 2.2 AA, in light and dark, wide and on a phone. */
async function faults(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(axe);
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [width, height] of [
      [1280, 900],
      [390, 800],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height });
      const answer = `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`;
      const { violations } = (await page.evaluate(answer)) as {
        violations: { id: string; nodes: { html: string }[] }[];
      };
      found.push(...violations.map((v) => `${colorScheme} ${width}: ${v.id} ${v.nodes[0]?.html}`));
      const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
      if (wide) found.push(`${width}: wider than the screen`);
    }
  }
  return found;
}

const HOSTILE = {
  ...SAMPLE,
  'app/main.py': (SAMPLE['app/main.py'] ?? '')
    .replace('    import uvicorn\n', '    import uvicorn  # </script><img src=x onerror=alert(1)> \u202e\n')
    .replace('    uvicorn.run', '    API_KEY = "hunter2hunter2"\n    uvicorn.run'),
};

describe('the page of one repository', () => {
  const file = path.join(top, 'one.html');

  beforeAll(() => {
    const root = repositoryOf({ ...HOSTILE, '<img src=x onerror=alert(1)>.py': 'x = 1\n' });
    execFileSync(process.execPath, [command, 'patch', root, '--dry-run', '--output-file', `html=${file}`], {
      stdio: 'ignore',
    });
  });

  it('shows each hunk under its reason, hostile text as text, secrets masked', async () => {
    const { page, trouble } = await open(file);
    const hunk = page.locator('.hunk[data-parts~=bind]');
    expect((await hunk.locator('.reasons').allTextContents()).join()).toContain('bind: uvicorn.run takes');
    expect(await hunk.locator('tr.removed .word').first().textContent()).toBeTruthy();
    expect(await page.locator('.map').textContent()).toContain('app.main:app');
    expect(await page.locator('table').first().isVisible()).toBe(true);
    expect(await page.content()).not.toContain('hunter2');
    expect(await page.getByText('</script><img src=x onerror=alert(1)> \\u{202e}').count()).toBe(1);
    expect(await page.locator('img').count()).toBe(0);
    expect(trouble).toEqual([]);
  });

  it('axe finds nothing, side by side neither', async () => {
    const { page } = await open(file);
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('s');
    expect(await page.locator('table.split').count()).toBeGreaterThan(0);
    expect(await faults(page)).toEqual([]);
  });

  it('is worked with keys: j, x and /; a link leads to a hunk', async () => {
    const { page, trouble } = await open(file);
    await page.keyboard.press('j');
    const parts = await page.locator('.hunk.here').getAttribute('data-parts');
    await page.keyboard.press('x');
    expect(await page.locator('#command').textContent()).toBe(`nayek patch --skip ${parts}`);
    await page.keyboard.press('a');
    expect(await page.locator('#command').textContent()).toBe('nayek patch');
    await page.keyboard.press('/');
    await page.keyboard.type('gunicorn==');
    await expect.poll(() => page.locator('.hunk:visible').count()).toBe(1);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    expect(await page.locator('dialog[open]').textContent()).toContain('j');
    expect(trouble).toEqual([]);
  });

  it('is whole without a script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(pathToFileURL(file).href);
    expect(await page.locator('tr.added').count()).toBeGreaterThan(3);
    await context.close();
  });
});

describe('a planned batch', () => {
  const state = path.join(top, 'state');
  const page = path.join(state, 'review.html');

  beforeAll(() => {
    const folders = Array.from({ length: 12 }, (_, n) => makeRepository(top, n));
    batch('plan', ...folders, repositoryOf(HOSTILE), '--state', state);
    batch('review', '--state', state);
  });

  it('groups what differs in names only; a diff is made when it is opened; each member has its own', async () => {
    const { page: view, trouble } = await open(page);
    const alike = group(view, 'repo-0001 and 2 alike');
    expect(await alike.count()).toBe(1);
    expect(await view.locator('table').count()).toBe(0);
    await alike.getByRole('button', { name: /repo-0001 and 2 alike$/, expanded: false }).click();
    expect(await alike.locator('.code', { hasText: 'name: repo-0001' }).count()).toBeGreaterThan(0);
    await alike
      .locator('.members')
      .getByRole('button', { name: /repo-0006/ })
      .click();
    expect(await alike.locator('.code', { hasText: 'name: repo-0001' }).count()).toBe(0);
    expect(await alike.locator('.code', { hasText: 'name: repo-0006' }).count()).toBeGreaterThan(0);
    expect(trouble).toEqual([]);
  });

  it('says what an approval covers that nobody has opened, and the mark keeps it', async () => {
    const { page: view } = await open(page);
    const alike = group(view, 'repo-0001 and 2 alike');
    await alike.getByRole('button', { name: /repo-0001 and 2 alike$/, expanded: false }).click();
    await alike.getByRole('button', { name: /^Approve 3/ }).click();
    expect(await view.locator('#ask').textContent()).toContain(
      '2 differ in names and line numbers only from one that was.',
    );
    await view.getByRole('button', { name: 'Cancel' }).click();
    expect(await view.locator('#sums').textContent()).toContain('0 approved');
    await alike.getByRole('button', { name: /^Approve 3/ }).click();
    await view.getByRole('button', { name: 'Approve 3 all the same' }).click();
    const { marks }: MarksFile = JSON.parse(readFileSync(await exported(view), 'utf8'));
    expect(marks.map((m) => m.seen).sort()).toEqual(['alike', 'alike', 'opened']);
  });

  it('hostile text stays text; secrets are masked, reordering is flagged; axe finds nothing', async () => {
    const { page: view, trouble } = await open(page);
    await view.getByLabel('Needs').selectOption('bidi');
    await view.keyboard.press('Escape');
    await view.locator('h1').click();
    await view.keyboard.press('j');
    await view.keyboard.press('o');
    const text = (await view.locator('.detail').first().textContent()) ?? '';
    expect(text).toContain('</script><img src=x onerror=alert(1)> \\u{202e}');
    expect(text).toContain('API_KEY = "***"');
    expect(await view.locator('img').count()).toBe(0);
    expect(await view.content()).not.toContain('hunter2');
    expect(await view.locator('.flag').count()).toBe(1);
    await view.getByLabel('Needs').selectOption('');
    expect(await faults(view)).toEqual([]);
    expect(trouble).toEqual([]);
  });

  it('is French throughout where the run is: buttons, choices, keys, questions, sums', async () => {
    const french = path.join(state, 'fr.html');
    batch('review', '--state', state, '--lang', 'fr', '-o', french);
    const { page: view, trouble } = await open(french);
    const texts = async (): Promise<string[]> =>
      (await view.evaluate(`[...document.querySelectorAll('button, option, h1, #sums, dialog p, dialog h2, dd, .about, .members p, [aria-label], [placeholder]')]
        .flatMap((e) => [e.matches('tr, table, .hunk') ? '' : e.textContent ?? '', e.ariaLabel ?? '', e.getAttribute('placeholder') ?? ''])`)) as string[];
    await view.getByRole('button', { name: 'Approuver tout ce qui est affiché' }).click();
    const seen = await texts();
    await view.getByRole('button', { name: /quand même$/ }).click();
    await view.keyboard.press('j');
    await view.keyboard.press('o');
    await view.keyboard.press('?');
    seen.push(...(await texts()));
    const english =
      /\b(?:all|approved?|excluded?|opened|shown?|mark(?:ed|s)?|search|with|not|names?|files?|warnings?|changed|skipped|pending|groups|repositor\w+|side|find|keys)\b/i;
    const prose = seen.map((text) => text.replace(/\bnayek [a-z ]+|\S*[/._-]\S*/g, ' '));
    expect(prose.filter((text) => english.test(text))).toEqual([]);
    expect(seen.join('\n')).toMatch(/groupes · \d+ ouverts sur \d+ · [1-9]\d* approuvés, 0 exclus/);
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

  it('filters, searches and orders', async () => {
    const { page: view } = await open(page);
    await view.getByLabel('Status').selectOption('skipped');
    expect(await titles(view)).toHaveLength(2);
    await view.getByLabel('Status').selectOption('');
    await view.getByLabel('Search').fill('django');
    expect((await titles(view)).join()).toContain('0003');
    await view.getByLabel('Search').fill('');
    await view.getByLabel('Order').selectOption('name');
    const names = await titles(view);
    expect(names).toEqual([...names].sort(new Intl.Collator('en', { numeric: true }).compare));
  });

  it('marks: exported, remembered, imported by another page, taken over by the command and shown by status', async () => {
    const { page: view, trouble } = await open(page);
    await view.getByRole('button', { name: 'Approve all shown' }).click();
    expect(await view.locator('#ask').textContent()).toContain('like nothing that was opened');
    await view.getByRole('button', { name: /all the same/ }).click();
    await group(view, 'repo-0002')
      .first()
      .getByRole('button', { name: /^Exclude/ })
      .click();
    const sums = (await view.locator('#sums').textContent()) ?? '';
    expect(sums).toMatch(/\d+ approved, [1-9]\d* excluded/);
    const file = await exported(view);
    const { marks }: MarksFile = JSON.parse(readFileSync(file, 'utf8'));
    await view.reload();
    expect(await view.locator('#sums').textContent()).toBe(sums);
    const { page: other } = await open(page);
    await other.locator('input[type=file]').setInputFiles(file);
    await other.getByText(`${marks.length} of ${marks.length} marks imported`).waitFor();
    expect(JSON.parse(readFileSync(await exported(other), 'utf8')).marks).toEqual(marks);
    batch('review', '--state', state, '--marks', file);
    const status = execFileSync(process.execPath, [command, 'batch', 'status', '--state', state], { encoding: 'utf8' });
    expect(status).toMatch(/review: \d+ approved \(\d+ unopened\), [1-9]\d* excluded, 0 without a mark/);
    expect(trouble).toEqual([]);
  });

  it('--serve keeps marks as they are made; who has no token is refused', async () => {
    const child = spawn(process.execPath, [command, 'batch', 'review', '--serve', '--state', state]);
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    try {
      const url = await new Promise<string>((resolve) =>
        child.stdout.once('data', (data) => resolve(String(data).trim())),
      );
      const { origin } = new URL(url);
      for (const [address, init] of [
        [`${origin}/`, {}],
        [`${origin}/x/`, {}],
        [`${url}marks`, { method: 'POST', body: '{"marks":[]}' }],
      ] as const) {
        expect((await fetch(address, init)).status).toBe(403);
      }
      const context = await browser.newContext();
      const view = await context.newPage();
      await view.goto(url);
      await view.getByRole('button', { name: 'Clear shown' }).click();
      await view.getByText('saved').waitFor();
      await view.keyboard.press('j');
      await view.keyboard.press('o');
      await view.keyboard.press('x');
      await view.getByText(/1 excluded|[23] excluded/).waitFor();
      await view.getByText('saved').waitFor();
      const all = execFileSync(process.execPath, [command, 'batch', 'status', '--state', state], { encoding: 'utf8' });
      expect(all).toMatch(/review: 0 approved, [1-9]\d* excluded/);
    } finally {
      child.kill('SIGINT');
    }
    expect(await ended).toBe(0);
  });
});

it('a thousand repositories open, are searched and marked; only the diff that is opened is made', async () => {
  const diff = `@@ -0,0 +1,200 @@\n${'+a line of a file that is created\n'.repeat(200)}`.trimEnd();
  const detail: Detail = {
    ...{ recipe: 'render', written: false, notes: [], skipped: [], services: [], verdicts: [] },
    changes: [{ path: 'Procfile', created: true, by: ['procfile'], diff, hunks: [] }],
  };
  const entries = Array.from({ length: 1000 }, (_, n) => {
    const counts = { applied: n % 6, satisfied: 1, skipped: 0, manual: n % 2, failed: 0 };
    const size = { files: n % 7, insertions: n, deletions: 0, warnings: 0, bidi: false, mark: '' } as const;
    const name = { jobId: `j${n}`, title: `repo-${n}`, repo: `/repos/repo-${n}`, status: 'changed', why: '' };
    const row: Row = {
      ...{ ...name, ...size, ref: 'main', sha: 'abc', verdicts: counts },
      ...{ patch: String(n).padStart(64, '0'), group: `g${n}` },
    };
    return { row, detail };
  });
  const file = path.join(top, 'thousand.html');
  openOutput(file).end(reviewPage(entries));
  const { page, trouble } = await open(file);
  expect(await page.locator('.group').count()).toBe(1000);
  expect(await page.locator('table').count()).toBe(0);
  await page.getByLabel('Order').selectOption('changes');
  expect((await titles(page))[0]).toBe('repo-999');
  await page.getByRole('button', { name: 'repo-999', exact: true }).click();
  expect(await page.locator('tr.added').count()).toBe(200);
  await page.getByRole('button', { name: 'Approve all shown' }).click();
  await page.getByRole('button', { name: 'Approve 1000 all the same' }).click();
  expect(await page.locator('#sums').textContent()).toContain('1000 approved');
  expect(trouble).toEqual([]);
});
