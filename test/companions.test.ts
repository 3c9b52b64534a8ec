/** src/knowledge/companions.json as it is read, and the ranges that it is compared by. */
import { describe, expect, it } from 'vitest';
import table from '../src/knowledge/companions.json' with { type: 'json' };
import { companionRows } from '../src/knowledge/companions.ts';
import { areDisjoint, exactVersion, rangeOf } from '../src/survey/dependencies/ranges.ts';
import { compareVersions } from '../src/survey/dependencies/versions.ts';

const names = Object.keys(table.asks);

describe('what versions ask of each other', () => {
  it('is known of the usual ones, small, and of a day', () => {
    expect(names.length).toBeGreaterThan(300);
    expect(JSON.stringify(table).length).toBeLessThan(250_000);
    expect(table.date).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it('stands in rows in order, and every specifier is understood but those of pre-releases', () => {
    for (const name of names) {
      const rows = companionRows(name);
      rows.forEach((row, i) => {
        expect(compareVersions(row.from, row.to)).toBeLessThanOrEqual(0);
        const before = rows[i - 1];
        if (before) expect([name, row.from, compareVersions(before.to, row.from) <= 0]).toEqual([name, row.from, true]);
      });
      const asked = rows.flatMap((row) => row.asks ?? []);
      const strange = asked.filter((a) => !rangeOf(a.specifier) && !/==v?[\d.]+[.-]?(?:a|b|rc|dev)/.test(a.specifier));
      expect([name, strange]).toEqual([name, []]);
    }
  });

  it('says what a version asks for, on which Python', () => {
    const of = (name: string, version: string) =>
      companionRows(name).find((r) => compareVersions(r.from, version) <= 0 && compareVersions(r.to, version) >= 0);
    expect(of('fastapi', '0.95.0')?.asks?.find((a) => a.name === 'starlette')?.specifier).toBe('<0.27.0,>=0.26.1');
    expect(of('flask', '1.1.4')?.asks?.find((a) => a.name === 'jinja2')?.specifier).toBe('<3.0,>=2.10.1');
    expect(of('django', '6.0')?.python).toEqual({ from: '3.12' });
    expect(of('pandas', '2.1.1')?.asks?.filter((a) => a.name === 'numpy')).toContainEqual({
      name: 'numpy',
      specifier: '>=1.26.0',
      on: { from: '3.12' },
    });
  });
});

describe('ranges of versions', () => {
  const disjoint = (a: string, b: string): boolean | undefined => {
    const [left, right] = [rangeOf(a), rangeOf(b)];
    return left && right && areDisjoint(left, right);
  };

  it.each([
    ['<2', '==2.1.1'],
    ['<2', '>=2'],
    ['<2,>=1', '==0.9'],
    ['~=1.4.2', '==1.5'],
    ['==1.*', '==2'],
    ['^0.2.3', '>=0.3'],
    ['~1.2', '==1.3.0'],
    ['!=1.7', '==1.7.0'],
    ['>1', '<=1'],
    ['<2.0rc1', '==2.0'],
  ])('%s and %s share nothing', (a, b) => {
    expect([disjoint(a, b), disjoint(b, a)]).toEqual([true, true]);
  });

  it.each([
    ['', '==1'],
    ['*', '<1'],
    ['<=2', '>=2'],
    ['~=1.4', '==1.9'],
    ['==1.*', '==1.0.0'],
    ['^1.2', '<2'],
    ['!=1.7', '>=1.7'],
    ['>=2.0b1', '==2.0'],
    ['>1.0.post1', '==1.0'],
    ['==2.1.0+cpu', '>=2.1'],
  ])('%s and %s share something', (a, b) => {
    expect([disjoint(a, b), disjoint(b, a)]).toEqual([false, false]);
  });

  it('are none where a specifier is not understood', () => {
    for (const text of ['^1 || ^2', '==2.0b1', 'latest', '>=x'])
      expect([text, rangeOf(text)]).toEqual([text, undefined]);
  });

  it('name one version', () => {
    expect(['==1.2', '1.2', '>=1.2', '==1.*', '>=2,<=2'].map(exactVersion)).toEqual([
      '1.2',
      '1.2',
      undefined,
      undefined,
      '2',
    ]);
  });
});
