import { describe, expect, test } from 'vitest';
import { newestOf, parsePolicy, selectTag } from './policy.ts';

/** Longer than a slow machine takes: no clock decides what is right. */
const longest = 60_000;

const select = (policy: string, tags: string[], timeout = longest) => {
  const selection = selectTag(parsePolicy(policy), tags, timeout);
  return selection.type === 'tag' ? selection.tag : selection;
};
const none = { type: 'none' };

describe('semver takes the highest version of the range', () => {
  test.each([
    ['semver:^1.27', ['1.27.0', '1.29.1', '1.28.3', '2.0.0', '1.30.0-rc.1', 'latest'], '1.29.1'],
    ['semver:*', ['0.1', '2.0.3', '10.0.0', '9.9'], '10.0.0'],
    ['semver:', ['0.1', '2.0.3'], '2.0.3'],
    ['semver:~1.4.2', ['v1.4.3', 'v1.5.0'], 'v1.4.3'],
    ['semver:>=1.2, <2', ['1.2.0', '1.9.0', '2.0.0'], '1.9.0'],
    ['semver:=>1.2 =<1.9', ['1.2.0', '1.8.0', '2.0.0'], '1.8.0'],
    ['semver:1.x, !=1.9.0', ['1.8.0', '1.9.0'], '1.8.0'],
    ['semver:1.x || 3.x', ['1.8.0', '2.9.0', '3.0.1'], '3.0.1'],
    ['semver:1.2 - 1.4', ['1.2.0', '1.4.7', '1.5.0'], '1.4.7'],
    ['semver:>=1.3.0-0', ['1.3.0-rc.1', '1.3.1-rc.2', '1.2.0'], '1.3.1-rc.2'],
    ['semver:>=1.3-0', ['1.3.0-rc.1', '1.2.0'], '1.3.0-rc.1'],
    ['semver:*-0', ['1.3.0-rc.1', '1.2.0'], '1.3.0-rc.1'],
    ['semver:^1.3.0-0', ['1.3.0', '2.0.0-rc.1'], '1.3.0'],
  ])('%s of %j', (policy, tags, wanted) => {
    expect(select(policy, tags)).toEqual(wanted);
  });

  test('of two spellings of one version it takes the one that says more, in whatever order they come', () => {
    expect(select('semver:^1', ['1.28', '1.28.0', 'v1.28'])).toBe('1.28.0');
    expect(select('semver:^1', ['v1.28', '1.28.0', '1.28'])).toBe('1.28.0');
  });

  test.each([
    [['1234567', '20260101', '2024.08.01', 'latest', 'b1.0.0']],
    [['1.27.3-alpine', '1.28.0-rc.1']],
    [[]],
  ])('none of %j: digits alone are no version, and what comes before a release must be asked for', (tags) => {
    expect(select('semver:*', tags)).toEqual(none);
  });
});

describe('numeric and alphabetical take the highest, with -desc the lowest', () => {
  test.each([
    ['numeric:', ['9', '10', '-3'], '10'],
    ['numeric-desc:', ['9', '10', '-3', '-20.5', '-20'], '-20.5'],
    ['numeric:^build-(\\d+)$', ['build-9', 'build-10', '11', 'build-x'], 'build-10'],
    ['numeric:', ['20260101120000001', '20260101120000002', '9'], '20260101120000002'],
    ['numeric:', ['1.10', '1.9', '01.9'], '1.9'],
    ['numeric:^(?P<n>\\d+)-(?P<sha>[0-9a-f]+)$', ['9-abc', '10-abb'], '10-abb'],
    ['alphabetical:^v', ['v9', 'v10', 'w'], 'v9'],
    ['alphabetical-desc:^v', ['v9', 'v10', 'a'], 'v10'],
    ['alphabetical:-(\\d{8})$', ['b-20260101', 'a-20260102', 'z'], 'a-20260102'],
    ['alphabetical:(?i)^REL', ['rel-1', 'Rel-2', 'x'], 'rel-1'],
  ])('%s of %j', (policy, tags, wanted) => {
    expect(select(policy, tags)).toEqual(wanted);
  });

  test('a tag that is let through and is no number is said, not passed over', () => {
    expect(select('numeric:', ['1', '2a'])).toEqual({
      type: 'unusable',
      why: 'it lets 2a through, and "2a" is no number',
    });
  });

  test('nothing matches', () => {
    expect(select('alphabetical:^x', ['a', 'b'])).toEqual(none);
  });
});

test('newest leaves the choice to the times of the builds', () => {
  expect(select('newest:^main-', ['main-a', 'pr-1', 'main-b'])).toEqual({
    type: 'candidates',
    tags: ['main-a', 'main-b'],
  });
  expect(
    newestOf([
      { tag: 'a', built: 3 },
      { tag: 'b', built: 9 },
      { tag: 'c', built: 5 },
    ]),
  ).toBe('b');
  expect(
    newestOf([
      { tag: 'b', built: 3 },
      { tag: 'a', built: 3 },
    ]),
  ).toBe('b');
  expect(newestOf([])).toBeUndefined();
});

test('a regular expression that would take for ever is ended', () => {
  expect(select('alphabetical:^(a+)+$', [`${'a'.repeat(60)}_`], 50)).toMatchObject({
    type: 'unusable',
    why: expect.stringContaining('too long'),
  });
});

test('of a hundred thousand tags the highest is taken', () => {
  const tags = Array.from({ length: 100_000 }, (_, index) => `build-${index}`);
  expect(select('numeric:^build-(\\d+)$', tags)).toBe('build-99999');
});

test.each([
  ['latest', /semver:<range>/],
  ['', /semver:<range>/],
  ['semver:latest', /a range of semantic versions/],
  ['semver:!=latest', /a range of semantic versions/],
  [`semver:${'1 || '.repeat(50)}1`, /a range/],
  ['newest:(', /a regular expression/],
  [`numeric:${'a'.repeat(501)}`, /at most 500 characters/],
])('%j is no policy', (text, message) => {
  expect(() => parsePolicy(text)).toThrow(message);
});
