/**
 * Pull requests, by the programs `gh` and `glab`: they hold the credentials, nothing of them passes through here.
 * https://cli.github.com/manual/gh_pr · https://docs.gitlab.com/api/merge_requests/
 */
import { execFile } from 'node:child_process';
import { mask } from '../../secrets/mask.ts';
import { oneLine } from '../../syntax/visible.ts';
import { NayekError } from '../../system/errors.ts';
import { findProgram } from '../../system/program.ts';
import { say } from '../../system/say.ts';
import { allowedEnvironment } from '../git.ts';
import { hostOf } from './remote.ts';

export interface PullRequest {
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly body: string;
}

export interface NewPullRequest {
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  readonly draft: boolean;
}

/** A repository at its forge. Every call rejects with NayekError `forge`. */
export interface Forge {
  /** Pull requests of the branch, newest first; those of forks are left out. */
  list(branch: string): Promise<PullRequest[]>;
  /** Answers with the URL. */
  create(pull: NewPullRequest): Promise<string>;
  setBody(pull: PullRequest, body: string): Promise<void>;
}

/** @throws NayekError `forge` when the program is not installed, or the URL is at no host. */
export function forgeOf(kind: 'gh' | 'glab', url: string, timeout: number): Forge {
  const host = hostOf(url);
  const project = projectOf(url);
  if (host === '' || project === '') {
    throw new NayekError('forge', say`no pull requests for ${mask(url)}`, { hint: say`publish with \`--mode push\`` });
  }
  const program = findProgram(kind);
  if (!program) {
    throw new NayekError('forge', say`${kind} is not installed`, {
      hint: say`install it, or publish with \`--mode push\``,
    });
  }
  const call = (args: readonly string[], input?: string): Promise<string> =>
    run(kind, program, args, input, timeout * 1000);
  return kind === 'gh' ? gitHub(call, `${host}/${project}`) : gitLab(call, host, project);
}

/** Path of the repository at its host, without `.git`. */
function projectOf(url: string): string {
  const scp = /^[\w.-]+@[\w.-]+:(.*)$/.exec(url)?.[1];
  let path = scp ?? '';
  if (scp === undefined) {
    try {
      path = decodeURIComponent(new URL(url).pathname);
    } catch {
      return '';
    }
  }
  return path.replace(/^\/+/, '').replace(/(?:\.git)?\/*$/, '');
}

type Call = (args: readonly string[], input?: string) => Promise<string>;

function gitHub(call: Call, repo: string): Forge {
  const FIELDS = 'number,url,state,body,isCrossRepository';
  return {
    async list(branch) {
      const args = ['--repo', repo, '--head', branch, '--state', 'all', '--limit', '30', '--json', FIELDS];
      const rows = arrayOf(await call(['pr', 'list', ...args]));
      return rows
        .filter((row) => row.isCrossRepository !== true)
        .map((row) => pullOf(row, 'number', 'url', 'body'))
        .sort((a, b) => b.number - a.number);
    },
    async create({ branch, base, title, body, draft }) {
      const what = ['--head', branch, '--base', base, '--title', title, '--body-file', '-'];
      const out = await call(['pr', 'create', '--repo', repo, ...what, ...(draft ? ['--draft'] : [])], body);
      return urlIn(out);
    },
    async setBody(pull, body) {
      await call(['pr', 'edit', String(pull.number), '--repo', repo, '--body-file', '-'], body);
    },
  };
}

function gitLab(call: Call, host: string, project: string): Forge {
  const at = `projects/${encodeURIComponent(project)}/merge_requests`;
  const api = (method: string, path: string, fields: readonly string[]): Promise<string> =>
    call(['api', '--hostname', host, '--method', method, path, ...fields.flatMap((field) => ['--raw-field', field])]);
  return {
    async list(branch) {
      const query = `source_branch=${encodeURIComponent(branch)}&state=all&per_page=30`;
      const rows = arrayOf(await api('GET', `${at}?${query}`, []));
      return rows
        .filter((row) => row.source_project_id === row.target_project_id)
        .map((row) => pullOf(row, 'iid', 'web_url', 'description'))
        .sort((a, b) => b.number - a.number);
    },
    async create({ branch, base, title, body, draft }) {
      // A draft is one whose title says so. https://docs.gitlab.com/user/project/merge_requests/drafts/
      const name = draft ? `Draft: ${title}` : title;
      const fields = [`source_branch=${branch}`, `target_branch=${base}`, `title=${name}`, `description=${body}`];
      return urlIn(await api('POST', at, fields));
    },
    async setBody(pull, body) {
      await api('PUT', `${at}/${pull.number}`, [`description=${body}`]);
    },
  };
}

function pullOf(row: Record<string, unknown>, number: string, url: string, body: string): PullRequest {
  const state = String(row.state).toLowerCase();
  return {
    number: Number(row[number]),
    url: String(row[url]),
    state: state === 'merged' ? 'merged' : state.startsWith('open') ? 'open' : 'closed',
    body: String(row[body] ?? ''),
  };
}

function arrayOf(text: string): Record<string, unknown>[] {
  try {
    const data: unknown = JSON.parse(text);
    if (Array.isArray(data)) return data;
  } catch {
    // Said below.
  }
  throw new NayekError('forge', say`the list of pull requests is not JSON`, { hint: say`update gh or glab` });
}

/** `gh` prints the URL as its last line, `glab api` an object. */
function urlIn(text: string): string {
  const url = /"web_url":\s*"([^"]+\/merge_requests\/\d+)"/.exec(text)?.[1] ?? text.trim().split(/\s/).at(-1) ?? '';
  if (/^https?:\/\//.test(url)) return url;
  throw new NayekError('forge', say`no URL of the new pull request was answered`, { hint: say`update gh or glab` });
}

function run(
  name: string,
  program: string,
  args: readonly string[],
  input: string | undefined,
  timeout: number,
): Promise<string> {
  const env = {
    ...allowedEnvironment(),
    ...{ GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', GH_PAGER: 'cat', PAGER: 'cat' },
    ...{ NO_PROMPT: '1', GLAB_CHECK_UPDATE: 'false', NO_COLOR: '1' },
  };
  return new Promise((resolve, reject) => {
    const options = { env, timeout, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024, windowsHide: true } as const;
    const child = execFile(program, [...args], options, (error, stdout, stderr) => {
      if (!error) {
        resolve(stdout);
        return;
      }
      const said = child.killed
        ? say`took longer than ${timeout / 1000} s`
        : oneLine(mask(stderr.trim() || error.message));
      const limited = /rate limit|submitted too quickly|abuse detection|\b429\b/i.test(said);
      const hint = limited ? say`lower \`rate\` in the manifest, and run publish again in a while` : undefined;
      reject(new NayekError('forge', `${name}: ${said}`, { cause: error, ...(hint ? { hint } : {}) }));
    });
    // A program that ends at once closes the pipe; its exit status says enough.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}
