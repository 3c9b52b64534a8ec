/** The order of the files: what takes longest begins, so that no worker is left alone with it at the end. */
import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Most of them start the command many times; their size does not tell. */
const LONGEST = [
  'verify-services',
  'verify',
  'batch',
  'batch-publish',
  'cli',
  'fixtures',
  'safety-secrets',
  'safety-crash',
  'outputs',
  'plans',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.indexOf(path.basename(moduleId, '.test.ts'));
      return at === -1 ? LONGEST.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
