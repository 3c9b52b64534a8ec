/** What one platform's build runs of its own accord, and the others do not. */
import type { Service } from '../../model/facts.ts';
import { join } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { literally } from '../../system/pattern.ts';
import { say } from '../../system/say.ts';
import type { Note } from './note.ts';

/** https://devcenter.heroku.com/articles/python-nltk https://github.com/heroku/heroku-buildpack-python#hooks */
export function buildHooks(repo: Snapshot, { root, deployment }: Service): Note[] {
  if (deployment.dockerfiles.length > 0) return [];
  const out: Note[] = [];
  for (const folder of new Set([root, ''])) {
    for (const hook of ['bin/pre_compile', 'bin/post_compile']) {
      const path = join(folder, hook);
      if (!repo.has(path) || isNamed(repo, hook)) continue;
      const text = say`${path} is run by Heroku's build alone: elsewhere the build command must name it (\`bash ${hook}\`).`;
      out.push({ text, at: { path, line: 1 } });
    }
    const corpora = join(folder, 'nltk.txt');
    const names = (repo.read(corpora)?.text ?? '').split(/\s+/).filter((name) => /^[\w.-]+$/.test(name));
    if (names.length === 0 || isNamed(repo, 'nltk.downloader')) continue;
    const command = `python -m nltk.downloader -d nltk_data ${names.join(' ')}`;
    const text = say`${corpora} is read by Heroku's build alone: elsewhere the build command must download it (\`${command}\`).`;
    out.push({ text, at: { path: corpora, line: 1 } });
  }
  return out;
}

/** What builds the service elsewhere runs it already. */
function isNamed(repo: Snapshot, text: string): boolean {
  const builders = repo.paths.filter((p) => /(?:^|\/)(?:render\.ya?ml|Makefile|nixpacks\.toml|[\w.-]+\.sh)$/.test(p));
  return repo.matching(builders, new RegExp(literally(text))).length > 0;
}
