import type { Service } from '../../model/facts.ts';

export type Note = Service['notes'][number];
