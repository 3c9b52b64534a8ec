// Runs in the page that page.ts writes. Texts of repositories are only ever set as textContent.
(() => {
  const rows = JSON.parse(document.getElementById('rows').textContent);
  const main = document.getElementById('main');
  const KINDS = ['applied', 'manual', 'failed', 'satisfied', 'skipped'];
  const memory = `nayek-batch ${rows
    .map((r) => r.patch)
    .join('')
    .slice(0, 4096)}`;

  const { make, detailParts } = globalThis.detailOfRepository;

  const marks = new Map(rows.filter((r) => r.mark).map((r) => [r.jobId, r.mark]));
  try {
    for (const [id, mark] of JSON.parse(localStorage.getItem(memory) ?? '[]')) marks.set(id, mark);
  } catch {
    // A browser may forbid storage to pages from disk: then the marks last as long as the page.
  }
  const remember = () => {
    try {
      localStorage.setItem(memory, JSON.stringify([...marks]));
    } catch {
      // As above.
    }
  };

  const COLUMNS = [
    { name: 'Repository', key: (r) => r.title },
    { name: 'Status', key: (r) => r.status },
    ...KINDS.map((kind) => ({ name: kind, key: (r) => r.verdicts[kind], number: true })),
    { name: 'Warnings', key: (r) => r.warnings, number: true },
    { name: 'Files', key: (r) => r.files, number: true, narrow: true },
    { name: '+', key: (r) => r.insertions, number: true, narrow: true },
    { name: '\u2212', key: (r) => r.deletions, number: true, narrow: true },
    { name: 'Mark', key: (r) => marks.get(r.jobId) ?? '' },
  ];

  const search = make('input', { type: 'search', placeholder: 'name, path or reason', ariaLabel: 'Search' });
  const choice = (label, options) =>
    make('select', { ariaLabel: label }, ...options.map(([value, text]) => make('option', { value }, text)));
  const statuses = [...new Set(rows.map((r) => r.status))].sort();
  const byStatus = choice('Status', [['', 'every status'], ...statuses.map((s) => [s, s])]);
  const byMark = choice('Mark', [
    ['', 'marked or not'],
    ['none', 'not marked'],
    ['approve', 'approved'],
    ['exclude', 'excluded'],
  ]);
  const byNeed = choice('Needs', [
    ['', 'all'],
    ['manual', 'with manual steps'],
    ['warnings', 'with warnings'],
    ['bidi', 'with reordered text'],
  ]);
  const sums = make('p', { id: 'sums', role: 'status' });
  const file = make('input', { type: 'file', accept: '.json', hidden: true });
  const button = (text, onclick, properties = {}) => make('button', { type: 'button', onclick, ...properties }, text);

  const body = make('tbody');
  const heads = COLUMNS.map((column) =>
    make(
      'th',
      { scope: 'col', className: `${column.number ? 'number' : ''} ${column.narrow ? 'narrow' : ''}` },
      button(column.name, () => sortBy(column)),
    ),
  );
  main.append(
    make(
      'header',
      {},
      make('h1', {}, rows.length === 1 ? '1 repository' : `${rows.length} repositories`),
      make(
        'div',
        { className: 'bar' },
        search,
        byStatus,
        byNeed,
        byMark,
        button('Approve all shown', () => markShown('approve')),
        button('Clear shown', () => markShown('')),
        button('Export marks', exportMarks, { id: 'export' }),
        button('Import marks', () => file.click()),
        file,
      ),
      sums,
    ),
    make('table', {}, make('thead', {}, make('tr', {}, ...heads)), body),
  );

  const views = rows.map((row, index) => view(row, index));
  let order = { column: COLUMNS[0], down: false };

  function view(row, index) {
    const opener = button(row.title, () => toggle(shown), { ariaExpanded: 'false', title: row.repo });
    const name = make('td', { className: 'name' }, opener);
    if (row.why) name.append(make('div', { className: 'why' }, row.why));
    if (row.bidi) name.append(make('div', { className: 'flag' }, 'holds characters that reorder text'));
    const number = (value, className = '') =>
      make('td', { className: `number ${className}` }, value ? String(value) : '');
    const pressed = (mark, text) =>
      button(text, () => decide(shown, marks.get(row.jobId) === mark ? '' : mark), {
        className: mark,
        disabled: !row.patch,
      });
    const buttons = [pressed('approve', 'Approve'), pressed('exclude', 'Exclude')];
    const line = make(
      'tr',
      { id: row.jobId },
      name,
      make('td', { className: `status-${row.status}` }, row.status),
      ...KINDS.map((kind) => number(row.verdicts[kind], `kind-${kind}`)),
      number(row.warnings),
      number(row.files),
      number(row.insertions),
      number(row.deletions),
      make('td', { className: 'marks' }, ...buttons),
    );
    const shown = {
      row,
      index,
      line,
      opener,
      buttons,
      detail: undefined,
      text: `${row.repo}\n${row.why}\n${row.ref}`.toLowerCase(),
    };
    paintMark(shown);
    return shown;
  }

  // A diff is made into elements when somebody wants to see it.
  function toggle(shown) {
    if (shown.detail) {
      shown.detail.remove();
      shown.detail = undefined;
    } else {
      shown.detail = make(
        'tr',
        { className: 'detail' },
        make('td', { colSpan: COLUMNS.length }, ...detailParts(shown)),
      );
      shown.line.after(shown.detail);
    }
    shown.opener.ariaExpanded = String(shown.detail !== undefined);
  }

  function decide(shown, mark) {
    setMark(shown, mark);
    remember();
    paintSums();
  }

  function setMark(shown, mark) {
    if (!shown.row.patch) return;
    if (mark) marks.set(shown.row.jobId, mark);
    else marks.delete(shown.row.jobId);
    paintMark(shown);
  }

  function paintMark({ row, line, buttons }) {
    const mark = marks.get(row.jobId) ?? '';
    line.dataset.mark = mark;
    for (const b of buttons) b.ariaPressed = String(b.className === mark);
  }

  function matches({ row, text, index }) {
    const mark = marks.get(row.jobId);
    if (byStatus.value && row.status !== byStatus.value) return false;
    if (byMark.value && (byMark.value === 'none' ? mark !== undefined : mark !== byMark.value)) return false;
    if (byNeed.value === 'manual' && !row.verdicts.manual) return false;
    if (byNeed.value === 'warnings' && !row.warnings) return false;
    if (byNeed.value === 'bidi' && !row.bidi) return false;
    const wanted = search.value.trim().toLowerCase();
    if (!wanted || text.includes(wanted)) return true;
    return (document.getElementById(`detail-${index}`)?.textContent.toLowerCase() ?? '').includes(wanted);
  }

  let visibleViews = [];

  function show() {
    const { column, down } = order;
    const keyed = views.filter(matches).map((shown) => ({ shown, key: column.key(shown.row) }));
    const collate = new Intl.Collator('en', { numeric: true }).compare;
    keyed.sort((a, b) => {
      const by = column.number ? a.key - b.key : collate(a.key, b.key);
      return (down ? -by : by) || a.shown.index - b.shown.index;
    });
    visibleViews = keyed.map(({ shown }) => shown);
    body.replaceChildren(...visibleViews.flatMap(({ line, detail }) => (detail ? [line, detail] : [line])));
    for (const [at, head] of heads.entries()) {
      head.ariaSort = COLUMNS[at] === column ? (down ? 'descending' : 'ascending') : 'none';
    }
    paintSums();
  }

  function sortBy(column) {
    order = { column, down: order.column === column ? !order.down : column.number === true };
    show();
  }

  function paintSums() {
    const counts = new Map();
    for (const { status } of rows) counts.set(status, (counts.get(status) ?? 0) + 1);
    const marked = (mark) => rows.filter((r) => r.patch && marks.get(r.jobId) === mark).length;
    const parts = [...counts].map(([status, count]) => `${count} ${status}`);
    sums.textContent = `${visibleViews.length} shown \u00b7 ${parts.join(', ')} \u00b7 ${marked('approve')} approved, ${marked('exclude')} excluded`;
  }

  function markShown(mark) {
    for (const shown of visibleViews) setMark(shown, mark);
    remember();
    show();
  }

  function exportMarks() {
    const list = rows.flatMap((r) =>
      r.patch && marks.has(r.jobId) ? [{ jobId: r.jobId, patch: r.patch, mark: marks.get(r.jobId) }] : [],
    );
    const text = `${JSON.stringify({ schema: 1, marks: list }, null, 1)}\n`;
    const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    make('a', { href: url, download: 'nayek-marks.json' }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  async function importMarks() {
    const [chosen] = file.files;
    file.value = '';
    if (!chosen) return;
    try {
      const data = JSON.parse(await chosen.text());
      let taken = 0;
      for (const { jobId, patch, mark } of data.marks) {
        const shown = views.find((v) => v.row.jobId === jobId && v.row.patch === patch);
        if (!shown || !['approve', 'exclude'].includes(mark)) continue;
        setMark(shown, mark);
        taken++;
      }
      remember();
      show();
      sums.textContent += ` \u00b7 ${taken} of ${data.marks.length} marks imported`;
    } catch {
      sums.textContent = 'That file holds no marks.';
    }
  }

  file.addEventListener('change', importMarks);
  search.addEventListener('input', show);
  for (const select of [byStatus, byMark, byNeed]) select.addEventListener('change', show);
  show();
})();
