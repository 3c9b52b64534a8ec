import type { Part } from '../src/transform.ts';

export const gunicorn: Part = {
  id: 'gunicorn',
  summary: '',
  why: '',
  source: '',
  options: {},
  plan: () => [],
};
