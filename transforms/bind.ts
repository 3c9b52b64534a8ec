import type { Part } from '../src/transform.ts';

export const bind: Part = {
  id: 'bind',
  summary: '',
  why: '',
  source: '',
  options: {},
  plan: () => [],
};
