/** Every part that comes with nayek. */
import { emitters } from '../../templates/index.ts';
import { transforms } from '../../transforms/index.ts';
import type { Part } from '../model/transform.ts';

/** The transforms in the order of their folder, then the emitters. */
export const parts: readonly Part[] = [...transforms, ...emitters];
