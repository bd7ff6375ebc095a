import { expect, test } from 'vitest';
import { groupMatches } from './group.ts';
import { advisory, aPackage, LODASH, match, QS } from './testing.ts';

const ids = (...matches: Parameters<typeof groupMatches>[0]) =>
  groupMatches(matches)
    .map(({ package: { name, version }, id, aliases }) => `${name}@${version} ${[id, ...aliases].join(' ')}`)
    .toSorted();

test.each<[string, Parameters<typeof groupMatches>[0], readonly string[]]>([
  [
    'one advisory is one finding under its own id, for that is what the source has',
    [match(LODASH, advisory('GO-2022-0588', { aliases: ['GHSA-x3cj-7cxp-qgjp', 'CVE-2021-42576'] }))],
    ['lodash@4.17.0 GO-2022-0588 CVE-2021-42576 GHSA-x3cj-7cxp-qgjp'],
  ],
  [
    'of several records the one of the CVE is shown, then the one of GitHub',
    [
      match(LODASH, advisory('GO-1', { aliases: ['GHSA-1'] })),
      match(LODASH, advisory('GHSA-1', { aliases: ['CVE-2026-1'] })),
    ],
    ['lodash@4.17.0 GHSA-1 CVE-2026-1 GO-1'],
  ],
  [
    'names connect through others, in any case of letters',
    [
      match(LODASH, advisory('A-1', { aliases: ['X-1'] })),
      match(LODASH, advisory('B-1', { aliases: ['y-1', 'x-1'] })),
      match(LODASH, advisory('C-1', { aliases: ['Y-1'] })),
    ],
    ['lodash@4.17.0 A-1 B-1 C-1 X-1 Y-1'],
  ],
  [
    'what shares no name is two findings',
    [match(LODASH, advisory('A-1')), match(LODASH, advisory('B-1'))],
    ['lodash@4.17.0 A-1', 'lodash@4.17.0 B-1'],
  ],
  [
    'each package, and each version of it, is a finding of its own',
    [
      match(LODASH, advisory('A-1')),
      match(QS, advisory('A-1')),
      match(aPackage('lodash', '4.17.1'), advisory('A-1')),
      match(aPackage('lodash', '4.17.0', { ecosystem: 'PyPI' }), advisory('A-1')),
    ],
    ['lodash@4.17.0 A-1', 'lodash@4.17.0 A-1', 'lodash@4.17.1 A-1', 'qs@6.7.0 A-1'],
  ],
  [
    'the same match twice is one',
    [match(LODASH, advisory('A-1')), match(LODASH, advisory('A-1'))],
    ['lodash@4.17.0 A-1'],
  ],
  [
    'an advisory that comes last connects two groups',
    [
      match(LODASH, advisory('A-1', { aliases: ['P-1'] })),
      match(LODASH, advisory('B-1', { aliases: ['Q-1'] })),
      match(LODASH, advisory('C-1', { aliases: ['P-1', 'Q-1'] })),
    ],
    ['lodash@4.17.0 A-1 B-1 C-1 P-1 Q-1'],
  ],
])('%s', (_, matches, expected) => {
  expect(ids(...matches)).toEqual(expected);
  expect(ids(...matches.toReversed())).toEqual(expected);
});

test('one package listed by two SBOMs has the files and paths of both', () => {
  const one = aPackage('qs', '6.7.0', { files: ['b.json'], paths: [['shop', 'express@4', 'qs@6.7.0']] });
  const other = aPackage('qs', '6.7.0', {
    purl: `${QS.purl}?arch=x`,
    files: ['a.json'],
    paths: [['admin', 'qs@6.7.0']],
  });
  const [group] = groupMatches([match(other, advisory('A-1')), match(one, advisory('A-1'))]);
  expect(group?.package).toMatchObject({
    purl: QS.purl,
    files: ['a.json', 'b.json'],
    paths: [
      ['admin', 'qs@6.7.0'],
      ['shop', 'express@4', 'qs@6.7.0'],
    ],
  });
});

test('one NuGet package under two spellings is one', () => {
  const spelled = (name: string) =>
    aPackage(name, '2.1.2', { ecosystem: 'NuGet', purl: `pkg:nuget/${name}@2.1.2` });
  const matches = ['snowflake.data', 'Snowflake.Data'].map((name) => match(spelled(name), advisory('A-1')));
  expect(groupMatches(matches).map((group) => group.package.name)).toEqual(['Snowflake.Data']);
});

test('20,000 advisories that each name the next are one finding', () => {
  const chain = Array.from({ length: 20_000 }, (_, index) =>
    match(LODASH, advisory(`CVE-2026-${index}`, { aliases: [`CVE-2026-${index + 1}`] })),
  );
  expect(groupMatches(chain)).toHaveLength(1);
});

test.each<[string, Parameters<typeof groupMatches>[0], readonly (readonly string[])[]]>([
  [
    'with one CVE there is one part, with all names',
    [match(LODASH, advisory('GO-1', { aliases: ['CVE-2026-1', 'GHSA-1'] }))],
    [['CVE-2026-1', 'GHSA-1', 'GO-1']],
  ],
  ['without a CVE too', [match(LODASH, advisory('GO-1', { aliases: ['GHSA-1'] }))], [['GHSA-1', 'GO-1']]],
  [
    'with several CVEs each is a part, under the advisories that name it',
    [
      match(LODASH, advisory('DSA-1', { aliases: ['CVE-2026-1', 'CVE-2026-2'] })),
      match(LODASH, advisory('GHSA-1', { aliases: ['CVE-2026-1'] })),
      match(LODASH, advisory('CVE-2026-2', { aliases: ['CVE-2026-1'] })),
    ],
    [
      ['CVE-2026-1', 'DSA-1', 'GHSA-1'],
      ['CVE-2026-2', 'DSA-1'],
    ],
  ],
])('%s', (_, matches, expected) => {
  expect(groupMatches(matches).flatMap(({ parts }) => parts.map((part) => [...part].sort()))).toEqual(
    expected,
  );
});
