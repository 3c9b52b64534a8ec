/** Files of a repository as their readers see them: each is read once, whoever asks, and by one reader for its kind. */
import type { Snapshot, SourceFile } from '../repo/snapshot.ts';
import { readDockerfile } from './dockerfile.ts';
import { readIni } from './ini.ts';
import { parseProcfile } from './procfile.ts';
import { type RequirementsLine, readRequirements } from './requirements.ts';
import { readToml } from './toml.ts';
import { parseYaml, yamlDocuments } from './yaml.ts';

/** Undefined where the file is absent or cannot be read. A snapshot laid over another shares its unchanged files. */
type Document<T> = (repo: Snapshot, path: string) => T | undefined;

function once<T>(read: (text: string) => T): Document<T> {
  const known = new WeakMap<SourceFile, { readonly value: T }>();
  return (repo, path) => {
    const file = repo.read(path);
    if (!file) return undefined;
    let found = known.get(file);
    if (!found) {
      found = { value: read(file.text) };
      known.set(file, found);
    }
    return found.value;
  };
}

/** Undefined for what is no TOML, too. */
export const tomlOf = once(readToml);
export const iniOf = once(readIni);
export const yamlOf = once(parseYaml);
/** What can be read of YAML, whatever is wrong with the file. */
export const yamlDocumentsOf = once(yamlDocuments);
export const dockerfileOf = once(readDockerfile);
export const procfileOf = once(parseProcfile);
export const requirementsOf = once((text): readonly RequirementsLine[] => readRequirements(text));
export const jsonOf = once((text): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
});
