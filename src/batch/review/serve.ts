/**
 * `nayek batch review --serve`: the page on this machine only, and each mark is kept as it is made. A token in the address
 * lets nobody else in: no other user of the machine, and no page of another site (DNS rebinding: the host is checked).
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isMark, type Mark } from './marks.ts';

export interface Served {
  /** With the token. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Bytes; more than the marks of any batch take. */
const MAX_BODY = 20_000_000;

/** A mark, or with '' the taking back of one. */
export type SentMark = Omit<Mark, 'mark'> & { readonly mark: Mark['mark'] | '' };

/** `page` makes the page with a token, `take` keeps marks. */
export async function serveReview(
  page: (token: string) => string,
  take: (marks: readonly SentMark[]) => void,
): Promise<Served> {
  const token = randomBytes(24).toString('base64url');
  let hosts: readonly string[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch(() => end(response, 500, 'internal error'));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, given = '', rest, ...more] = (request.url ?? '').split('/');
    if (!hosts.includes(request.headers.host ?? '')) return end(response, 403, 'wrong host');
    if (!same(given, token) || more.length > 0) return end(response, 403, 'wrong address');
    if (request.method === 'GET' && rest === '') return end(response, 200, page(token), 'text/html; charset=utf-8');
    if (request.method !== 'POST' || rest !== 'marks') return end(response, 404, 'nothing here');
    // A form of another site cannot set this header.
    if (!same(String(request.headers['x-nayek-token'] ?? ''), token)) return end(response, 403, 'no token');
    const marks = marksIn(await bodyOf(request));
    if (!marks) return end(response, 400, 'no marks');
    take(marks);
    end(response, 204, '');
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}/${token}/`, close };
}

function same(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function end(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' };
  response.writeHead(status, { 'content-type': type, 'referrer-policy': 'no-referrer', ...headers });
  response.end(body);
}

/** '' where it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function marksIn(text: string): SentMark[] | undefined {
  try {
    const { marks } = JSON.parse(text) as { marks?: unknown };
    if (!Array.isArray(marks)) return undefined;
    const fits = (m: SentMark): boolean => isMark({ ...m, mark: m.mark === '' ? 'approve' : m.mark });
    return marks.every(fits) ? marks : undefined;
  } catch {
    return undefined;
  }
}
