import type { Part } from '../src/transform.ts';

export const procfile: Part = {
  id: 'procfile',
  summary: '',
  why: '',
  source: '',
  options: {},
  plan: () => [],
};
