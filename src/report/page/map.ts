/** How a service hangs together, as steps from its entry to its processes. */
import type { Named } from '../../model/overview.ts';
import { place } from './hunks.ts';
import type { Labels } from './labels.ts';
import { el, type Tree } from './tree.ts';
import type { ServiceView } from './view.ts';

/** Routes and variables that are seen at once; the rest is folded. */
const SEEN = 6;

export function mapTree(services: readonly ServiceView[], labels: Labels): Tree {
  return services.map((service) => [
    el('h3', {}, service.name, ' ', el('code', { class: 'dim' }, service.root || '.')),
    el(
      'ol',
      { class: 'map' },
      step(labels.entry, entry(service)),
      step(
        labels.routes,
        listed(
          service.routes.map((r) => named(r, service.health?.name === r.name ? labels.health : '')),
          labels,
        ),
      ),
      step(
        labels.settings,
        listed(
          service.settings.map((s) => named(s)),
          labels,
        ),
      ),
      step(labels.database, database(service, labels)),
      step(labels.environment, listed(variables(service, labels), labels)),
      step(labels.processes, processes(service, labels)),
    ),
  ]);
}

function step(title: string, content: Tree): Tree {
  return el('li', {}, el('h4', {}, title), content);
}

function named({ name, at }: Named, remark = ''): Tree {
  return el(
    'li',
    {},
    el('code', {}, name),
    remark === '' ? '' : el('span', { class: 'badge' }, remark),
    ' ',
    place(at),
  );
}

function entry({ entry: made, python }: ServiceView): Tree {
  const about = [made.framework, made.interface, ...(python ? [`Python ${python.name}`] : [])];
  return el('ul', {}, named(made), el('li', { class: 'dim' }, about.join(' \u00b7 ')));
}

function database({ database: found, migrations, redis }: ServiceView, labels: Labels): Tree {
  const items = [
    ...(found ? [named({ ...found, name: found.driver ? `${found.name} (${found.driver})` : found.name })] : []),
    ...(migrations ? [named(migrations, labels.migrations)] : []),
    ...(redis ? [named({ name: 'redis', at: redis })] : []),
  ];
  return listed(items, labels);
}

function variables({ environment }: ServiceView, labels: Labels): Tree[] {
  const ordered = [...environment].sort((a, b) => Number(b.required) - Number(a.required));
  return ordered.map((one) => named(one, one.required ? labels.required : ''));
}

function processes({ planned, processes: found }: ServiceView, labels: Labels): Tree {
  return listed([...planned.map((p) => named(p, labels.planned)), ...found.map((p) => named(p))], labels);
}

function listed(items: readonly Tree[], labels: Labels): Tree {
  if (items.length === 0) return el('p', { class: 'dim' }, labels.none);
  const rest = items.slice(SEEN);
  return [
    el('ul', {}, items.slice(0, SEEN)),
    rest.length === 0 ? '' : el('details', {}, el('summary', {}, `${rest.length} ${labels.more}`), el('ul', {}, rest)),
  ];
}
