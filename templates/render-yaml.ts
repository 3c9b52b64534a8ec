import type { Part } from '../src/transform.ts';

export const renderYaml: Part = {
  id: 'render-yaml',
  summary: '',
  why: '',
  source: '',
  options: {},
  plan: () => [],
};
