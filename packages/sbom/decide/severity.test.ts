import { describe, expect, test } from 'vitest';
import type { Rating } from '../types.ts';
import { cvssScorer } from './cvss.ts';
import { rateWorst } from './severity.ts';

const [V2, V3, V31, V4, HARMLESS] = [
  'AV:N/AC:L/Au:N/C:P/I:P/A:P',
  'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
  'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:N/A:N',
  'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
  'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N',
];
const v2 = (value: string): Rating => ({ type: 'CVSS_V2', value });
const v3 = (value: string): Rating => ({ type: 'CVSS_V3', value });
const v4 = (value: string): Rating => ({ type: 'CVSS_V4', value });
const word = (value: string): Rating => ({ type: 'word', value });
const ofAll = async (...advisories: readonly (readonly Rating[])[]) =>
  rateWorst(
    advisories.map((ratings) => ({ ratings })),
    await cvssScorer(advisories.flat()),
  );
const of = (...ratings: readonly Rating[]) => ofAll(ratings);

describe('the base score of a vector', () => {
  // Scores by the calculators of FIRST and, for version 2, the guide's own examples (https://www.first.org/cvss/v2/guide, 3.3).
  test.each<[Rating, number, string]>([
    [v2('AV:N/AC:L/Au:N/C:N/I:N/A:C'), 7.8, 'high'],
    [v2('AV:N/AC:L/Au:N/C:C/I:C/A:C'), 10, 'critical'],
    [v2('AV:L/AC:H/Au:N/C:C/I:C/A:C'), 6.2, 'medium'],
    [v2(`(${V2})`), 7.5, 'high'],
    [v3(V3), 7.5, 'high'],
    [v3(V31), 3.7, 'low'],
    [v3('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H'), 10, 'critical'],
    [v3('CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N'), 6.1, 'medium'],
    [v3('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N'), 0, 'none'],
    [v4(V4), 9.3, 'critical'],
    [v4('CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N'), 0, 'none'],
  ])('%j is %s, %s', async (rating, score, severity) => {
    expect(await of(rating)).toEqual({ score, severity });
  });

  test.each([
    v3('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O'),
    v4(`${V4}/E:U`),
  ])('is not lowered by what was known of exploits: %j', async (rating) =>
    expect((await of(rating)).severity).toBe('critical'));

  test.each([
    v3('CVSS:3.1/AV:N/AC:L'),
    v3('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/C:N'),
    v3('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:Q/I:H/A:H'),
    v3('CVSS:3.9/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'),
    v3(V4),
    v3(V2),
    v2(V3),
    v4('CVSS:4.0/AV:N'),
    v3('7.5'),
    v3(''),
    v3(`CVSS:3.1/${'AV:N/'.repeat(100_000)}`),
  ])('of %# is none where it is not a whole vector', async (rating) =>
    expect(await of(rating)).toEqual({ severity: 'unknown' }));
});

describe('of several ratings in one advisory', () => {
  test.each<[string, readonly Rating[], object]>([
    [
      'the newest version counts, better or worse',
      [v2(V2), v3(V31), v4(V4)],
      { severity: 'critical', score: 9.3 },
    ],
    [
      'version 3 before version 2',
      [v2('AV:N/AC:L/Au:N/C:C/I:C/A:C'), v3(V31)],
      { severity: 'low', score: 3.7 },
    ],
    ['the highest of one version', [v3(V31), v3(V3)], { severity: 'high', score: 7.5 }],
    ['a vector before a word', [word('critical'), v3(V31)], { severity: 'low', score: 3.7 }],
    ['what cannot be read is left out', [v4('CVSS:4.0/AV:N'), v3(V3)], { severity: 'high', score: 7.5 }],
    ['a word where no vector can be read', [v3('broken'), word('MODERATE')], { severity: 'medium' }],
    ['the worst word', [word('low'), word('Important'), word('medium')], { severity: 'high' }],
    ['a known word before one that says nothing', [word('untriaged'), word('low')], { severity: 'low' }],
    ['a word that says nothing', [word('untriaged')], { severity: 'unknown' }],
    ['a word of the language itself', [word('constructor'), word('__proto__')], { severity: 'unknown' }],
    [
      'what scores 0 beside an older vector that says more',
      [v4(HARMLESS), v3(V3)],
      { severity: 'high', score: 7.5 },
    ],
    [
      'what scores 0 beside a word that says more',
      [v4(HARMLESS), word('critical')],
      { severity: 'critical' },
    ],
    [
      'what scores 0 where nothing says more',
      [v4(HARMLESS), word('none'), word('untriaged')],
      { severity: 'none', score: 0 },
    ],
    ['nothing', [], { severity: 'unknown' }],
    ['that there is none', [word('none')], { severity: 'none' }],
  ])('%s', async (_, ratings, expected) => {
    expect(await of(...ratings)).toEqual(expected);
    expect(await of(...ratings.toReversed())).toEqual(expected);
  });
});

describe('of several advisories', () => {
  const LOW = 'CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N';
  test.each<[string, readonly (readonly Rating[])[], object]>([
    ['the worst counts, whatever its CVSS', [[v4(LOW)], [v3(V3)]], { severity: 'high', score: 7.5 }],
    ['a word weighs as much', [[v4(LOW)], [word('critical')]], { severity: 'critical' }],
    ['the higher score of one severity', [[word('high')], [v3(V3)]], { severity: 'high', score: 7.5 }],
    [
      'those that do not rate it are left out',
      [[], [v3(V31)], [word('untriaged')]],
      { severity: 'low', score: 3.7 },
    ],
    ['none that rates it', [[], []], { severity: 'unknown' }],
  ])('%s', async (_, advisories, expected) => {
    expect(await ofAll(...advisories)).toEqual(expected);
    expect(await ofAll(...advisories.toReversed())).toEqual(expected);
  });
});

test('without a vector nothing is loaded, and nothing is scored', async () => {
  const score = await cvssScorer([word('high')]);
  expect(score(v3(V3))).toBeUndefined();
});
