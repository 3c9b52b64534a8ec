// Makes the elements of one repository: diffs with their reasons, then verdicts. Shared with page.js.
(() => {
  const make = (tag, properties = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name in element) element[name] = value;
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };

  function detailParts({ row, index }) {
    const block = document.getElementById(`detail-${index}`);
    const detail = block ? JSON.parse(block.textContent) : undefined;
    const base = row.sha
      ? make('p', { className: 'why' }, `planned on ${row.ref ? `${row.ref}, ` : ''}${row.sha}`)
      : '';
    if (!detail) return [base, make('p', {}, row.why || 'There is no report of this repository.')];
    const list = (title, items) => (items.length > 0 ? [make('h2', {}, title), make('ul', {}, ...items)] : []);
    return [
      base,
      ...detail.changes.flatMap((change) => [
        make('h2', {}, `${change.path}${change.created ? ' (new)' : ''}`),
        ...detail.verdicts
          .filter((v) => v.kind === 'applied' && v.files.includes(change.path))
          .map((v) => make('p', { className: 'why' }, `${v.part}: ${v.reason}${v.where ? ` (${v.where})` : ''}`)),
        diff(change.diff),
      ]),
      ...list('Verdicts', detail.verdicts.map(verdict)),
      ...list(
        'Warnings',
        detail.warnings.map((text) => make('li', {}, text)),
      ),
      ...list(
        'Not read',
        detail.skipped.map((text) => make('li', {}, text)),
      ),
    ];
  }

  function diff(text) {
    const kinds = { '+': 'added', '-': 'removed', '@': 'place', '\\': 'place' };
    return make('pre', {}, ...text.split('\n').map((line) => make('span', { className: kinds[line[0]] ?? '' }, line)));
  }

  function verdict(v) {
    const item = make(
      'li',
      {},
      make('span', { className: `kind-${v.kind}` }, v.kind),
      ` ${v.part}: ${v.reason}${v.where ? ` (${v.where})` : ''}`,
    );
    const more = [...v.warnings.map((w) => `warning: ${w}`), ...v.commands.map((c) => `run: ${c}`)];
    if (more.length > 0) item.append(make('ul', {}, ...more.map((m) => make('li', {}, m))));
    if (v.snippet)
      item.append(
        make(
          'pre',
          {},
          ...v.snippet
            .trimEnd()
            .split('\n')
            .map((s) => make('span', {}, s)),
        ),
      );
    return item;
  }

  globalThis.detailOfRepository = { make, detailParts };
})();
