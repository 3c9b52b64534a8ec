import { beforeAll, describe, expect, it } from 'vitest';
import { applyEdits } from '../src/syntax/edit.ts';
import type { Expr, Stmt } from '../src/syntax/python/ast.ts';
import { importEdit, osAt } from '../src/syntax/python/imports.ts';
import { parsePython } from '../src/syntax/python/lower.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import {
  calls,
  dotted,
  expressions,
  isMainGuard,
  keyword,
  positional,
  stringValue,
} from '../src/syntax/python/walk.ts';

beforeAll(loadPython);

function first(text: string): Stmt {
  const [stmt] = parsePython(text).body;
  if (!stmt) throw new Error('no statement');
  return stmt;
}

function expr(text: string): Expr {
  const stmt = first(text);
  if (stmt.kind !== 'expr') throw new Error(stmt.kind);
  return stmt.value;
}

describe('lowering', () => {
  it('keeps offsets in UTF-16 units behind characters outside the basic plane', () => {
    const text = 's = "🚀"; run(host="é")\n';
    const [found] = [...calls(parsePython(text).body)];
    expect(text.slice(found?.call.start, found?.call.end)).toBe('run(host="é")');
    const host = found && keyword(found.call, 'host');
    expect(text.slice(host?.start, host?.end)).toBe('"é"');
  });

  it('reads imports of every form', () => {
    expect(first('import a.b as c, d\n')).toMatchObject({ names: [{ module: 'a.b', as: 'c' }, { module: 'd' }] });
    expect(first('from ..x.y import (a as b,  # why\n c)\n')).toMatchObject({
      level: 2,
      module: 'x.y',
      names: [{ name: 'a', as: 'b' }, { name: 'c' }],
    });
    expect(first('from . import x\n')).toMatchObject({ level: 1, module: '', names: [{ name: 'x' }] });
    expect(first('from m import *\n')).toMatchObject({ star: true, names: [] });
    expect(first('from __future__ import annotations\n')).toMatchObject({ module: '__future__' });
  });

  it('decodes strings, and leaves interpolated ones open', () => {
    expect(stringValue(expr("'a' \"b\\n\" r'\\n'"))).toBe('ab\n\\n');
    expect(expr('f"{a}/x{b}"')).toMatchObject({
      value: null,
      pieces: ['', '/x', ''],
      holes: [{ id: 'a' }, { id: 'b' }],
    });
    expect(stringValue(expr('b"x"'))).toBeUndefined();
    expect(stringValue(expr('"\\N{DASH}"'))).toBeUndefined();
  });

  it('chains assignments and reads annotations', () => {
    expect(first('a = b = 1\n')).toMatchObject({ targets: [{ id: 'a' }, { id: 'b' }], value: { text: '1' } });
    expect(first('a: int = 1\n')).toMatchObject({ annotation: { id: 'int' }, value: { text: '1' } });
    expect(first('a: Optional[str]\n')).toMatchObject({ annotation: { kind: 'subscript' } });
    expect(first('a += 1\n')).toMatchObject({ op: '+=' });
  });

  it('reads calls with keywords, stars and a generator', () => {
    const call = expr('f(a, *b, c=1, **d)\n');
    if (call.kind !== 'call') throw new Error(call.kind);
    expect(positional(call)).toHaveLength(1);
    expect(call.args.map((a) => a.star ?? a.name ?? '')).toEqual(['', '*', 'c', '**']);
    expect(expr('f(x for x in y)')).toMatchObject({ args: [{ value: { type: 'generator_expression' } }] });
  });

  it('keeps elif, else, except, finally and with bodies apart', () => {
    expect(first('if a:\n  x\nelif b:\n  y\nelse:\n  z\n')).toMatchObject({
      body: [{}],
      orelse: [{ kind: 'if', test: { id: 'b' }, orelse: [{ value: { id: 'z' } }] }],
    });
    expect(first('try:\n  a\nexcept E as e:\n  b\nelse:\n  c\nfinally:\n  d\n')).toMatchObject({
      body: [{ value: { id: 'a' } }],
      handlers: [[{ value: { id: 'b' } }]],
      orelse: [{ value: { id: 'c' } }],
      finalbody: [{ value: { id: 'd' } }],
    });
    expect(first('with open(x) as f:\n  g()\n')).toMatchObject({ kind: 'with', targets: [{ id: 'f' }], body: [{}] });
  });

  it('knows the main guard in both orders', () => {
    expect(isMainGuard(first('if __name__ == "__main__":\n  pass\n'))).toBe(true);
    expect(isMainGuard(first("if '__main__' == __name__:\n  pass\n"))).toBe(true);
    expect(isMainGuard(first('if __name__ != "__main__":\n  pass\n'))).toBe(false);
  });

  it('counts errors and still finds what is around them', () => {
    const module = parsePython('import os\ndef broken(:\n  pass\nrun(1)\n');
    expect(module.errors).toBeGreaterThan(0);
    expect(module.errorLine).toBe(2);
    expect(module.body[0]).toMatchObject({ kind: 'import' });
  });

  it('survives nesting far deeper than its bound', () => {
    const deep = `x = ${'('.repeat(3000)}1${')'.repeat(3000)}\n`;
    expect(() => [...expressions(parsePython(deep).body)]).not.toThrow();
    expect(() => parsePython(`${'['.repeat(20_000)}`)).not.toThrow();
  });

  it('joins dotted names only', () => {
    expect(dotted(expr('a.b.c'))).toBe('a.b.c');
    expect(dotted(expr('a().c'))).toBeUndefined();
  });
});

describe('import os', () => {
  const added = (text: string): string => {
    const edit = importEdit(parsePython(text), 'import os');
    return applyEdits(text, [edit]);
  };
  it.each([
    ['import fastapi\n', 'import os\n\nimport fastapi\n'],
    ['import asyncio\nimport sys\nimport fastapi\n', 'import asyncio\nimport os\nimport sys\nimport fastapi\n'],
    [
      'import json\nfrom pathlib import Path\n\nimport x\n',
      'import json\nimport os\nfrom pathlib import Path\n\nimport x\n',
    ],
    ['"""Doc."""\n\nx = 1\n', '"""Doc."""\n\nimport os\n\nx = 1\n'],
    [
      '"""Doc."""\nfrom __future__ import annotations\nx = 1\n',
      '"""Doc."""\nfrom __future__ import annotations\nimport os\nx = 1\n',
    ],
    [
      '#!/usr/bin/env python\n# -*- coding: utf-8 -*-\nimport x\n',
      '#!/usr/bin/env python\n# -*- coding: utf-8 -*-\nimport os\n\nimport x\n',
    ],
    ['import x\r\n', 'import os\r\n\r\nimport x\r\n'],
    ['import sys', 'import os\nimport sys'],
    [
      'try:\n    import x\nexcept ImportError:\n    x = None\n',
      'import os\n\ntry:\n    import x\nexcept ImportError:\n    x = None\n',
    ],
  ])('into %j', (before, after) => {
    expect(added(before)).toBe(after);
    expect(parsePython(after).errors).toBe(0);
  });

  it('uses the import that is in sight, alias and local ones too', () => {
    const at = (text: string): string => {
      const module = parsePython(text);
      const [found] = [...calls(module.body)].filter((c) => c.call.func.kind === 'name' && c.call.func.id === 'run');
      const { name, edit } = osAt(module, found?.call.start ?? 0, found?.around);
      return `${name}${edit ? ' +import' : ''}`;
    };
    expect(at('import os\nrun()\n')).toBe('os');
    expect(at('import os.path\nrun()\n')).toBe('os');
    expect(at('import os as o\nrun()\n')).toBe('o');
    expect(at('def f():\n    import os\n    run()\n')).toBe('os');
    expect(at('def g():\n    import os\n\ndef f():\n    run()\n')).toBe('os +import');
    expect(at('os = 1\nrun()\n')).toBe('_os +import');
    expect(at('run()\nimport os\n')).toBe('os +import');
    // Bound to something else where the call stands.
    expect(at('import os\ndef f(os):\n    run()\n')).toBe('_os +import');
    expect(at('import os\ndef f():\n    run()\n    import os\n')).toBe('_os +import');
    expect(at('import os\ndel os\nrun()\n')).toBe('_os +import');
    expect(at('import os\nfor os in x:\n    pass\nrun()\n')).toBe('_os +import');
    expect(at('import os\ndef g():\n    global os\n    os = 1\nrun()\n')).toBe('_os +import');
    // Not where it stands: another function's own.
    expect(at('import os\ndef g(os):\n    pass\ndef f():\n    run()\n')).toBe('os');
    expect(at('import os\nclass A:\n    os = 1\ndef f():\n    run()\n')).toBe('os');
  });
});
