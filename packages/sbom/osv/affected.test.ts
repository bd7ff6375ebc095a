import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Answer, answers } from './affected.ts';
import type { OsvAffected } from './record.ts';
import { parseRecord } from './record.ts';

/** What a record with these entries says of a version. */
function ask(ecosystem: string, entries: readonly object[], version: string): Answer {
  const named = entries.map((entry) => ({ package: { ecosystem, name: 'x' }, ...entry }));
  return answers(parsed(named), ecosystem)(version);
}

const parsed = (affected: readonly object[]): readonly OsvAffected[] =>
  parseRecord({ id: 'X-1', affected }).affected;
const range = (type: string, ...events: readonly object[]) => ({ type, events });
const until = (fixed: string) => [{ introduced: '0' }, { fixed }];
const commits = range('GIT', { introduced: '0' }, { fixed: 'c43455749b914feef56b178b256f29b3016146eb' });

describe('a record and a version', () => {
  const cases: readonly (readonly [string, string, readonly object[], string, Answer['says']])[] = [
    ['in a range', 'npm', [{ ranges: [range('SEMVER', ...until('2.0.0'))] }], '1.0.0', 'affected'],
    ['out of the range', 'npm', [{ ranges: [range('SEMVER', ...until('2.0.0'))] }], '2.0.0', 'not-affected'],
    [
      'in one of two ranges',
      'npm',
      [{ ranges: [range('SEMVER', { introduced: '3.0.0' }), range('SEMVER', ...until('2.0.0'))] }],
      '1.0.0',
      'affected',
    ],
    [
      'in one of two entries for the package',
      'npm',
      [{ ranges: [range('SEMVER', { introduced: '3.0.0' })] }, { versions: ['1.0.0'] }],
      '1.0.0',
      'affected',
    ],
    ['in the list', 'npm', [{ versions: ['1.0.0'] }], '1.0.0', 'affected'],
    ['not in the list', 'npm', [{ versions: ['1.0.0'] }], '1.0.1', 'not-affected'],
    [
      'in the list in another writing, beside a range',
      'PyPI',
      [{ versions: ['4.2'], ranges: [range('ECOSYSTEM', ...until('2'))] }],
      '4.2.0',
      'affected',
    ],
    ['in the list but for its local label', 'PyPI', [{ versions: ['2.6.0'] }], '2.6.0+cu124', 'affected'],
    [
      'in the list but for its local label, beside a range',
      'PyPI',
      [{ versions: ['2.6.0'], ranges: [range('ECOSYSTEM', ...until('2'))] }],
      '2.6.0+cu124',
      'affected',
    ],
    [
      'not in the list, which has another local label',
      'PyPI',
      [{ versions: ['2.6.0+cpu'] }],
      '2.6.0+cu124',
      'not-affected',
    ],
    [
      'the last that is affected, but for its local label',
      'PyPI',
      [{ ranges: [range('ECOSYSTEM', { introduced: '0' }, { last_affected: '2.6.0' })] }],
      '2.6.0+cu124',
      'affected',
    ],
    [
      'mended, but for its local label',
      'PyPI',
      [{ ranges: [range('ECOSYSTEM', ...until('2.6.0'))] }],
      '2.6.0+cu124',
      'not-affected',
    ],
    [
      'after the last with a local label',
      'PyPI',
      [{ ranges: [range('ECOSYSTEM', { introduced: '0' }, { last_affected: '2.6.0+cu1' })] }],
      '2.6.0+cu124',
      'not-affected',
    ],
    [
      'a build of the first that is affected',
      'Bitnami',
      [{ ranges: [range('SEMVER', { introduced: '6.1.0' }, { fixed: '6.1.9' })] }],
      '6.1.0-3',
      'affected',
    ],
    [
      'a build of the last that is affected',
      'Bitnami',
      [{ ranges: [range('SEMVER', { introduced: '0' }, { last_affected: '6.1.0' })] }],
      '6.1.0-3',
      'affected',
    ],
    [
      'a build of the version that mends',
      'Bitnami',
      [{ ranges: [range('SEMVER', ...until('6.1.0'))] }],
      '6.1.0-3',
      'not-affected',
    ],
    [
      'before the build that mends',
      'Bitnami',
      [{ ranges: [range('SEMVER', ...until('6.1.0-3'))] }],
      '6.1.0-2',
      'affected',
    ],
    [
      'a pre-release before the build of one that mends',
      'Bitnami',
      [{ ranges: [range('SEMVER', ...until('6.1.0-rc.2'))] }],
      '6.1.0-rc.1-4',
      'affected',
    ],
    [
      'a tag that may be moved into the range',
      'GitHub Actions',
      [{ ranges: [range('SEMVER', { introduced: '4.1.0' }, { fixed: '4.9.0' })] }],
      'v4',
      'cannot-tell',
    ],
    [
      'a tag of a minor version that may be moved into the range',
      'GitHub Actions',
      [{ ranges: [range('SEMVER', { introduced: '4.1.2' }, { fixed: '4.9.0' })] }],
      'v4.1',
      'cannot-tell',
    ],
    [
      'a tag that begins in the range',
      'GitHub Actions',
      [{ ranges: [range('SEMVER', ...until('4.9.0'))] }],
      'v4',
      'affected',
    ],
    [
      'a tag after the range',
      'GitHub Actions',
      [{ ranges: [range('SEMVER', { introduced: '4.1.0' }, { fixed: '4.9.0' })] }],
      'v5',
      'not-affected',
    ],
    [
      'a tag before the range',
      'GitHub Actions',
      [{ ranges: [range('SEMVER', { introduced: '4.1.0' }, { fixed: '4.9.0' })] }],
      'v3',
      'not-affected',
    ],
    [
      'a tag of which the list has a version',
      'GitHub Actions',
      [{ versions: ['4.1.2'] }],
      'v4',
      'cannot-tell',
    ],
    [
      'a version of an action before the range',
      'GitHub Actions',
      [{ ranges: [range('SEMVER', { introduced: '4.1.0' })] }],
      'v4.0.0',
      'not-affected',
    ],
    ['no version, and not in a list', 'npm', [{ versions: ['1.0.1'] }], 'V1.0.1', 'cannot-tell'],
    ['no version, and in a list', 'npm', [{ versions: ['V1.0.1'] }], 'V1.0.1', 'affected'],
    ['in the list in another writing', 'PyPI', [{ versions: ['4.2'] }], '4.2.0', 'affected'],
    [
      'in the list beside a range that does not hold it',
      'PyPI',
      [{ versions: ['1.0'], ranges: [range('ECOSYSTEM', { introduced: '2.0' })] }],
      '1.0',
      'affected',
    ],
    [
      'in the list, of an ecosystem whose order is not known',
      'Unheard',
      [{ versions: ['a'] }],
      'a',
      'affected',
    ],
    ['not in the list, of such an ecosystem', 'Unheard', [{ versions: ['a'] }], 'b', 'not-affected'],
    [
      'not in the list, beside a range of such an ecosystem',
      'Unheard',
      [{ versions: ['a'], ranges: [range('ECOSYSTEM', ...until('c'))] }],
      'b',
      'cannot-tell',
    ],
    [
      'a range of such an ecosystem',
      'Unheard',
      [{ ranges: [range('ECOSYSTEM', ...until('c'))] }],
      'b',
      'cannot-tell',
    ],
    [
      'semantic versions of such an ecosystem',
      'Unheard',
      [{ ranges: [range('SEMVER', ...until('2.0.0'))] }],
      '1.0.0',
      'affected',
    ],
    [
      'all versions of such an ecosystem',
      'Unheard',
      [{ ranges: [range('ECOSYSTEM', { introduced: '0' })] }],
      'b',
      'affected',
    ],
    ['commits alone', 'npm', [{ ranges: [commits] }], '1.0.0', 'cannot-tell'],
    [
      'commits beside a list that has it',
      'PyPI',
      [{ ranges: [commits], versions: ['1.0'] }],
      '1.0',
      'affected',
    ],
    [
      'commits beside a list that has it not',
      'PyPI',
      [{ ranges: [commits], versions: ['1.0'] }],
      '2.0',
      'not-affected',
    ],
    [
      'commits beside a range that holds it',
      'PyPI',
      [{ ranges: [commits, range('ECOSYSTEM', ...until('2.0'))] }],
      '1.0',
      'affected',
    ],
    [
      'an entry that cannot tell beside one that does not hold it',
      'npm',
      [{ ranges: [range('SEMVER', ...until('0.1.0'))] }, { ranges: [commits] }],
      '1.0.0',
      'cannot-tell',
    ],
    [
      'an entry that cannot tell beside one that holds it',
      'npm',
      [{ ranges: [commits] }, { versions: ['1.0.0'] }],
      '1.0.0',
      'affected',
    ],
    ['neither ranges nor versions', 'npm', [{}], '1.0.0', 'cannot-tell'],
    [
      'what is no version of its ecosystem',
      'Go',
      [{ ranges: [range('SEMVER', ...until('1.2.0'))] }],
      '(devel)',
      'cannot-tell',
    ],
    ["Go's leading v", 'Go', [{ ranges: [range('SEMVER', ...until('1.6.0'))] }], 'v1.4.0', 'affected'],
    [
      'a pseudo-version before its release',
      'Go',
      [{ ranges: [range('SEMVER', ...until('0.1.0'))] }],
      'v0.0.0-20190802002840-cff245a6509b',
      'affected',
    ],
    [
      'a toolchain in the way Go names its own',
      'Go',
      [{ ranges: [range('SEMVER', ...until('1.21.1'))] }],
      'go1.21rc2',
      'affected',
    ],
    [
      'a release of Debian that never was affected',
      'Debian:12',
      [{ ranges: [range('ECOSYSTEM', ...until('0'))] }],
      '1.0-1',
      'not-affected',
    ],
  ];
  test.each(cases)('%s', (_, ecosystem, entries, version, says) => {
    expect(ask(ecosystem, entries, version).says).toBe(says);
  });
});

describe('the versions that mend it', () => {
  const fixesOf = (ecosystem: string, entries: readonly object[], version: string) => {
    const answer = ask(ecosystem, entries, version);
    return answer.says === 'affected' ? answer.fixed : answer.says;
  };
  const two = range('SEMVER', ...until('1.4.2'), { introduced: '2.0.0' }, { fixed: '2.1.0' });
  const cases: readonly (readonly [string, string, readonly object[], string, readonly string[]])[] = [
    ['of every line, the lowest first', 'npm', [{ ranges: [two] }], '1.0.0', ['1.4.2', '2.1.0']],
    ['none before it', 'npm', [{ ranges: [two] }], '2.0.5', ['2.1.0']],
    [
      'by their order, not by their text',
      'npm',
      [
        {
          ranges: [
            range('SEMVER', ...until('1.10.0')),
            range('SEMVER', { introduced: '0' }, { fixed: '1.9.0' }),
          ],
        },
      ],
      '1.0.0',
      ['1.10.0'],
    ],
    [
      'none that another range still holds',
      'npm',
      [
        {
          ranges: [
            range('SEMVER', ...until('1.2.0')),
            range('SEMVER', { introduced: '1.1.0' }, { fixed: '1.5.0' }),
          ],
        },
      ],
      '1.0.0',
      ['1.5.0'],
    ],
    ['none where there is none', 'npm', [{ ranges: [range('SEMVER', { introduced: '0' })] }], '1.0.0', []],
    ['no commits', 'PyPI', [{ ranges: [commits, range('ECOSYSTEM', ...until('2.0'))] }], '1.0', ['2.0']],
    [
      'as the record has them, where the order is not known',
      'Unheard',
      [{ versions: ['a'], ranges: [range('ECOSYSTEM', ...until('c'))] }],
      'a',
      ['c'],
    ],
  ];
  test.each(cases)('%s', (_, ecosystem, entries, version, fixes) => {
    expect(fixesOf(ecosystem, entries, version)).toEqual(fixes);
  });

  test('each is later than the version, is not affected itself, and they rise', () => {
    const number = fc.integer({ min: 1, max: 20 });
    const ranges = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(ranges, number, (pairs, at) => {
        const entry = {
          ranges: pairs.map(([start, length]) =>
            range('SEMVER', { introduced: `${start}.0.0` }, { fixed: `${start + length}.0.0` }),
          ),
        };
        const answer = ask('npm', [entry], `${at}.0.0`);
        const inside = (n: number) => pairs.some(([start, length]) => start <= n && n < start + length);
        expect(answer.says).toBe(inside(at) ? 'affected' : 'not-affected');
        if (answer.says !== 'affected') return;
        const fixes = answer.fixed.map((fix) => Number.parseInt(fix, 10));
        expect(fixes).toEqual([...new Set(fixes)].sort((a, b) => a - b));
        for (const fix of fixes) expect(fix > at && !inside(fix)).toBe(true);
        expect(fixes.length).toBeGreaterThan(0);
      }),
    );
  });
});
