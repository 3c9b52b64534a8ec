/** The facts of a repository as text that can be read and compared: JSON, with each place as 'path:line'. */
import type { Evidence, Facts, RunCall, Service } from '../src/model/facts.ts';

/** Columns that a line may take before its object is broken into several. */
const WIDTH = 130;

/** What the survey finds, without syntax trees; ends with a newline. */
export function writtenFacts(facts: Facts): string {
  const { refusal, services, runCalls, alembic } = facts;
  const all = {
    ...(refusal ? { refusal } : {}),
    services: services.map(written),
    ...(runCalls.length > 0 ? { runCalls: runCalls.map(writtenCall) } : {}),
    ...(alembic.length > 0 ? { alembic } : {}),
  };
  return `${print(all, '')}\n`;
}

function written(service: Service): Record<string, unknown> {
  const { name, root, entry, dependencies, needs, ...rest } = service;
  const { module, attr, path: _, factory, ...more } = entry;
  const { requirements = [], ...file } = dependencies ?? {};
  const declared = requirements.map(({ name, extras, specifier, group }) => {
    const extra = extras.length > 0 ? `[${extras.join(',')}]` : '';
    return `${name}${extra}${specifier}${group === undefined ? '' : ` (${group})`}`;
  });
  return {
    name,
    root,
    entry: { start: `${module}:${attr}${factory ? '()' : ''}`, ...more },
    ...rest,
    // The day of a proof is no fact of the repository.
    needs: needs.map(({ proved: _, ...need }) => need),
    ...(dependencies ? { dependencies: { ...file, requirements: declared.join('; ') } } : {}),
  };
}

function writtenCall({ server, callee, at, service, why }: RunCall): Record<string, unknown> {
  return { server, callee, at, ...(service ? { service: service.name } : {}), why };
}

function print(value: unknown, indent: string): string {
  const plain = isEvidence(value) ? place(value) : value;
  if (plain === null || typeof plain !== 'object') return JSON.stringify(plain);
  const whole = oneLine(plain);
  if (indent.length + whole.length <= WIDTH) return whole;
  const below = `${indent}  `;
  if (Array.isArray(plain)) return `[\n${plain.map((v) => below + print(v, below)).join(',\n')}\n${indent}]`;
  const lines = entriesOf(plain).map(([key, v]) => `${below}${JSON.stringify(key)}: ${print(v, below)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

function oneLine(value: unknown): string {
  if (isEvidence(value)) return JSON.stringify(place(value));
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = entriesOf(value);
  return entries.length === 0
    ? '{}'
    : `{ ${entries.map(([k, v]) => `${JSON.stringify(k)}: ${oneLine(v)}`).join(', ')} }`;
}

/** Without what is not known and lists of nothing. */
function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, v]) => v !== undefined && !(Array.isArray(v) && v.length === 0));
}

function isEvidence(value: unknown): value is Evidence {
  if (value === null || typeof value !== 'object' || !('path' in value) || !('line' in value)) return false;
  return Object.keys(value).every((k) => k === 'path' || k === 'line' || k === 'note');
}

function place({ path, line, note }: Evidence): string {
  return note === undefined ? `${path}:${line}` : `${path}:${line} ${note}`;
}
