import { expect, test } from 'vitest';
import { missingPlatforms, ownPlatform, platformToTry, samePlatform } from './platforms.ts';

test.each([
  ['linux/arm64', 'linux/arm64/v8', true],
  ['linux/arm', 'linux/arm/v7', true],
  ['linux/arm/v6', 'linux/arm/v7', false],
  ['linux/amd64', 'linux/amd64', true],
  ['linux/amd64', 'linux/amd64/v3', false],
  ['linux/amd64', 'linux/arm64', false],
  ['linux/amd64', '', false],
])('%s and %s are one: %s', (a, b, same) => {
  expect(samePlatform(a, b)).toBe(same);
});

test('the own platform is tried where it is among those that are built, else the first', () => {
  expect(platformToTry([])).toBe(ownPlatform);
  expect(platformToTry(['linux/s390x', ownPlatform])).toBe(ownPlatform);
  expect(platformToTry(['linux/s390x', 'linux/ppc64le'])).toBe('linux/s390x');
});

test('a platform that was asked for and not built is missing', () => {
  expect(missingPlatforms(['linux/amd64', 'linux/arm64'], ['linux/amd64'])).toEqual(['linux/arm64']);
  expect(missingPlatforms(['linux/arm64'], ['linux/arm64/v8', ''])).toEqual([]);
});
