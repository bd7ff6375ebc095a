import { expect, test } from 'vitest';
import { isDowngrade } from './downgrade.ts';

test.each([
  ['1.4.2', '1.4.1', true],
  ['1.4.2-beta2', '1.4.2-alpha.9-fix', true],
  ['v1.4.2', '1.3.9', true],
  ['1.27', '1.3', true],
  ['1.4.2', '1.4.2-rc.1', true],
  ['1.4.2-rc.2', '1.4.2-rc.1', true],
  ['1.4.1', '1.4.2', false],
  ['1.9', '1.10', false],
  ['1.4.2-rc.1', '1.4.2', false],
  ['1.4.2', '1.4.2', false],
])('from %s to %s: %s', (found, wanted, older) => {
  expect(isDowngrade(found, wanted)).toBe(older);
});

test.each([
  ['1.27.3', '1.27.3-alpine'],
  ['1.4.2-eaf0000', '1.4.2-ea00000'],
  ['1.27.3-bookworm', '1.27.3-alpine'],
  ['latest', '1.0.0'],
  ['1.0.0', '3f9a1c2'],
  ['9876543', '1234567'],
  ['2024.08.01', '2024.07.01'],
])('what is no semantic version, or another variant of one, is not judged: %s to %s', (found, wanted) => {
  expect(isDowngrade(found, wanted)).toBe(false);
});
