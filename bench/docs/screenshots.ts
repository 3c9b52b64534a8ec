/** The pictures of docs/: both pages as a browser shows them, on a desk, dark, on a phone, in print. */
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findProgram } from '../../src/system/program.ts';
import { makeRepository } from '../batch/repositories.ts';
import { HOME } from './home.ts';

interface Picture {
  readonly name: string;
  readonly of: 'single' | 'batch';
  readonly width: number;
  readonly height: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly media?: 'print';
  /** What a reader has done before. */
  readonly pose: (page: Page) => Promise<void>;
}

const DESK = { width: 1100, height: 760 };
const PHONE = { width: 390, height: 760 };

/** Repositories of the batch: shapes that repeat, so that there are groups. */
const REPOSITORIES = 30;

const toHunk =
  (part: string) =>
  async (page: Page): Promise<void> => {
    await page
      .locator(`.hunk[data-parts~="${part}"]`)
      .first()
      .evaluate((hunk) => hunk.scrollIntoView());
  };
const openFirst = async (page: Page): Promise<void> => {
  await page.keyboard.press('j');
  await page.keyboard.press('o');
};

export const PICTURES: readonly Picture[] = [
  { name: 'page-desktop.png', of: 'single', ...DESK, pose: toHunk('bind') },
  {
    ...{ name: 'page-dark.png', of: 'single', ...DESK, colorScheme: 'dark' },
    async pose(page) {
      await page.keyboard.press('s');
      await toHunk('alembic-url')(page);
    },
  },
  { name: 'page-phone.png', of: 'single', ...PHONE, pose: toHunk('bind') },
  { name: 'page-print.png', of: 'single', width: 794, height: 1000, media: 'print', pose: toHunk('bind') },
  { name: 'batch-review.png', of: 'batch', ...DESK, pose: openFirst },
  { name: 'batch-dark.png', of: 'batch', ...DESK, colorScheme: 'dark', pose: openFirst },
  { name: 'batch-phone.png', of: 'batch', ...PHONE, pose: async () => undefined },
];

/** Takes them all into a folder; `scratch` is empty. Returns their names. @throws Error without a Chromium */
export async function screenshots(folder: string, scratch: string): Promise<string[]> {
  const executablePath = findProgram('chromium') ?? findProgram('google-chrome');
  if (!executablePath) throw new Error('a Chromium is needed: apt-get install chromium');
  const pages = { single: singleIn(scratch), batch: batchIn(scratch) };
  for (const file of Object.values(pages)) {
    // No folder of this machine; it stands in the data of the page alone.
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(scratch, '~'));
  }
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    for (const picture of PICTURES) await take(browser, pages[picture.of], picture, path.join(folder, picture.name));
  } finally {
    await browser.close();
  }
  return PICTURES.map((p) => p.name);
}

async function take(browser: Browser, file: string, picture: Picture, target: string): Promise<void> {
  const { width, height, colorScheme = 'light', media = 'screen', pose } = picture;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.emulateMedia({ media, colorScheme });
  await page.goto(pathToFileURL(file).href);
  await pose(page);
  await page.screenshot({ path: target });
  await context.close();
}

function nayek(cwd: string, ...args: readonly string[]): void {
  const env = { ...process.env, LANG: 'C.UTF-8', LC_ALL: '' };
  execFileSync(process.execPath, [path.join(HOME, 'dist/nayek.cjs'), ...args], { cwd, env, stdio: 'ignore' });
}

function singleIn(scratch: string): string {
  const repository = path.join(scratch, 'konan-backend');
  cpSync(path.join(HOME, 'fixtures/recipes/fi9-nayek/before'), repository, { recursive: true });
  nayek(repository, 'patch', '--format', 'html', '-o', path.join(scratch, 'review.html'));
  return path.join(scratch, 'review.html');
}

function batchIn(scratch: string): string {
  const services = path.join(scratch, 'services');
  const folders = Array.from({ length: REPOSITORIES }, (_, n) => makeRepository(services, n));
  nayek(scratch, 'batch', 'plan', ...folders);
  nayek(scratch, 'batch', 'review', '-o', path.join(scratch, 'batch.html'));
  return path.join(scratch, 'batch.html');
}
