import type { Part } from '../src/transform.ts';

export const alembicUrl: Part = {
  id: 'alembic-url',
  summary: '',
  why: '',
  source: '',
  options: {},
  plan: () => [],
};
