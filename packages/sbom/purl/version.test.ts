import { expect, test } from 'vitest';
import { isSameVersion } from './version.ts';

test.each([
  ['1.0.0', '1.0.0', 'npm', true],
  ['v1.2.3', '1.2.3', 'Go', true],
  ['1.2.3', '1.2.3+incompatible', 'Go', true],
  ['2.0.0', '2.0.0(react@18)', 'npm', true],
  ['4.1.0', '4.1.0.Final', 'Maven', true],
  ['13.0.1', '13.0.1.0', 'NuGet', true],
  ['1.13.0', '1.13.0-java', 'RubyGems', true],
  ['1.2.13-1', '1:1.2.13-1', 'Debian:12', true],
  ['6.1.0', '6.1.0-3', 'Bitnami', true],
  ['100.0.0', '1.0.0', 'npm', false],
  ['1.0.0', '1.0.0-beta.1', 'npm', false],
  ['1.0', '1.0-SNAPSHOT', 'Maven', false],
  ['1.0', '1.0.dev1', 'PyPI', false],
  ['1.0-1', '1.0~rc1-1', 'Debian:12', false],
  ['1.0', '1.0~rc1', 'Debian:12', false],
])('%s and %s of %s can be one version: %s', (one, other, ecosystem, isSame) => {
  expect(isSameVersion(one, other, ecosystem)).toBe(isSame);
  expect(isSameVersion(other, one, ecosystem)).toBe(isSame);
});
