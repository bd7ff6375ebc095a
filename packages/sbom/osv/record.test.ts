import { describe, expect, test } from 'vitest';
import { advisoryOf } from './advisory.ts';
import { parseRecord } from './record.ts';

const affected = (entry: object) => ({ id: 'X-1', affected: [entry] });
const named = { ecosystem: 'npm', name: 'qs' };
const ranged = (range: unknown) => affected({ package: named, ranges: [range] });

describe('a broken record is an error with the place', () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    ['no object', ['X-1'], 'it is a list and must be an object'],
    ['no id', { modified: '2024-01-01T00:00:00Z' }, 'id is missing and must be a text'],
    ['an empty id', { id: '' }, 'id is empty and must be a text'],
    ['an id of another type', { id: 7 }, 'id is a number and must be a text'],
    ['a change at no time', { id: 'X-1', modified: 'yesterday' }, 'modified is a text and must be a time'],
    ['a withdrawal at no time', { id: 'X-1', withdrawn: true }, 'withdrawn is a boolean and must be a time'],
    ['aliases that are no list', { id: 'X-1', aliases: 'CVE-1' }, 'aliases is a text and must be a list'],
    [
      'an alias that is no text',
      { id: 'X-1', aliases: ['A', 1] },
      'aliases[1] is a number and must be a text',
    ],
    ['severity that is no list', { id: 'X-1', severity: 'HIGH' }, 'severity is a text and must be a list'],
    ['affected that is no list', { id: 'X-1', affected: {} }, 'affected is an object and must be a list'],
    ['an entry that is none', affected([]), 'affected[0] is a list and must be an object'],
    [
      'a package without ecosystem',
      affected({ package: { name: 'qs' } }),
      'affected[0].package.ecosystem is missing and must be a text',
    ],
    [
      'a package without name',
      affected({ package: { ecosystem: 'npm' } }),
      'affected[0].package.name is missing and must be a text',
    ],
    [
      'a package whose name is no text',
      affected({ package: { ecosystem: 'npm', name: 1 } }),
      'affected[0].package.name is a number and must be a text',
    ],
    [
      'a package that is none',
      affected({ package: 'qs' }),
      'affected[0].package is a text and must be an object',
    ],
    [
      'versions that are no list',
      affected({ package: named, versions: '1.0.0' }),
      'affected[0].versions is a text and must be a list',
    ],
    [
      'a version that is no text',
      affected({ package: named, versions: [1.1] }),
      'affected[0].versions[0] is a number and must be a text',
    ],
    [
      'a range without type',
      ranged({ events: [] }),
      'affected[0].ranges[0].type is missing and must be a text',
    ],
    [
      'events that are no list',
      ranged({ type: 'SEMVER', events: {} }),
      'affected[0].ranges[0].events is an object and must be a list',
    ],
    [
      'an event that is none',
      ranged({ type: 'SEMVER', events: ['0'] }),
      'affected[0].ranges[0].events[0] is a text and must be an object',
    ],
    [
      'an event at no version',
      ranged({ type: 'SEMVER', events: [{ introduced: 0 }] }),
      'affected[0].ranges[0].events[0].introduced is a number and must be a text',
    ],
  ];
  test.each(cases)('%s', (_, json, message) => {
    expect(() => parseRecord(json)).toThrow(new Error(message));
  });
});

describe('a record', () => {
  test('may say no more than its id, and null for what it has not', () => {
    const nothing = { id: 'X-1', withdrawn: null, aliases: null, severity: null, affected: null };
    expect(parseRecord(nothing)).toMatchObject({
      modified: Number.NEGATIVE_INFINITY,
      withdrawn: false,
      aliases: [],
      affected: [],
    });
    expect(parseRecord(affected({ package: named, ranges: null, versions: null })).affected).toMatchObject([
      { name: 'qs', ranges: [], versions: [] },
    ]);
  });

  test('about a repository alone names no package', () => {
    expect(
      parseRecord(affected({ ranges: [{ type: 'GIT', repo: 'https://example.com/x', events: [] }] }))
        .affected,
    ).toEqual([]);
  });

  test('that puts two events into one means the beginning first', () => {
    const [entry] = parseRecord(
      ranged({ type: 'SEMVER', events: [{ fixed: '2', introduced: '1' }] }),
    ).affected;
    expect(entry?.ranges[0]?.events).toEqual([
      { kind: 'introduced', version: '1' },
      { kind: 'fixed', version: '2' },
    ]);
  });

  test('takes nothing from what its objects inherit', () => {
    const json: unknown = JSON.parse('{"id":"X-1","__proto__":{"withdrawn":"2024-01-01T00:00:00Z"}}');
    expect(parseRecord(json).withdrawn).toBe(false);
  });
});

const advisory = (json: object) => {
  const record = parseRecord({ id: 'X-1', ...json });
  return advisoryOf(record, record.affected);
};

describe('the names of an advisory', () => {
  test.each([
    [
      'are its aliases',
      { aliases: ['CVE-2024-1', 'GHSA-aaaa-bbbb-cccc'] },
      ['CVE-2024-1', 'GHSA-aaaa-bbbb-cccc'],
    ],
    ['are not what is related', { related: ['CVE-2024-1'] }, []],
    [
      'are the one vulnerability that a distribution tells of again',
      { upstream: ['CVE-2024-1'] },
      ['CVE-2024-1'],
    ],
    [
      'are none of several that it tells of: one is not the other',
      { upstream: ['CVE-2024-1', 'CVE-2024-2'] },
      [],
    ],
    ['stand once, and its id not again', { aliases: ['X-1', 'A', 'A', ''] }, ['A']],
  ])('%s', (_, json, aliases) => {
    expect(advisory(json).aliases).toEqual(aliases);
  });
});

test.each([
  ['one', ['CVE-2024-1'], ['CVE-2024-1']],
  ['several, each once', ['CVE-2024-1', 'CVE-2024-2', '', 'CVE-2024-1'], ['CVE-2024-1', 'CVE-2024-2']],
  ['none', [], undefined],
])('what an advisory tells of again is kept beside its names: %s', (_, upstream, kept) => {
  expect(advisory({ upstream }).upstream).toEqual(kept);
});

describe('the ratings of an advisory', () => {
  const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H';
  test.each([
    [
      'vectors of the record',
      {
        severity: [
          { type: 'CVSS_V3', score: vector },
          { type: 'CVSS_V4', score: 'CVSS:4.0/AV:N' },
        ],
      },
      [
        { type: 'CVSS_V3', value: vector },
        { type: 'CVSS_V4', value: 'CVSS:4.0/AV:N' },
      ],
    ],
    [
      'a vector of the package',
      { affected: [{ package: named, severity: [{ type: 'CVSS_V2', score: 'AV:L' }] }] },
      [{ type: 'CVSS_V2', value: 'AV:L' }],
    ],
    [
      'a scale of words',
      { severity: [{ type: 'Ubuntu', score: 'medium' }] },
      [{ type: 'word', value: 'medium' }],
    ],
    ["GitHub's word", { database_specific: { severity: 'MODERATE' } }, [{ type: 'word', value: 'MODERATE' }]],
    [
      "an ecosystem's word",
      { affected: [{ package: named, ecosystem_specific: { severity: 'HIGH' } }] },
      [{ type: 'word', value: 'HIGH' }],
    ],
    ['none that has no score', { severity: [{ type: 'CVSS_V3' }] }, []],
  ])('%s', (_, json, ratings) => {
    expect(advisory(json).ratings).toEqual(ratings);
  });
});

test.each([
  ['GHSA-hrpp-h998-j3pp', {}, 'https://github.com/advisories/GHSA-hrpp-h998-j3pp'],
  ['GO-2020-0001', {}, 'https://pkg.go.dev/vuln/GO-2020-0001'],
  [
    'X-1',
    {
      references: [
        { type: 'WEB', url: 'https://a.example' },
        { type: 'ADVISORY', url: 'https://b.example' },
      ],
    },
    'https://b.example',
  ],
  ['X-1', { references: [{ type: 'WEB', url: 'https://a.example' }] }, 'https://a.example'],
  ['X-1', { references: [{ type: 'ADVISORY', url: 'javascript:alert(1)' }] }, undefined],
  ['GO-2020-0001/../x', {}, undefined],
])('the page of %s with %j is %s', (id, json, url) => {
  expect(advisory({ id, ...json }).url).toBe(url);
});

test.each([
  [{ summary: 'Log injection' }, 'Log injection'],
  [{ details: '\nThe first line.\nThe second.' }, 'The first line.'],
  [{ summary: 'x'.repeat(1000) }, `${'x'.repeat(299)}…`],
  [{}, ''],
])('a summary is one short line', (json, summary) => {
  expect(advisory(json).summary).toBe(summary);
});
