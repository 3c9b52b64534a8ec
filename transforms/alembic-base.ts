import type { Part } from '../src/transform.ts';

export const alembicBase: Part = {
  id: 'alembic-base',
  summary: '',
  why: '',
  source: '',
  options: {},
  plan: () => [],
};
