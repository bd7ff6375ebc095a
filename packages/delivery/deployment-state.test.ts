import { expect, test } from 'vitest';
import { deploymentState, describe } from './deployment-state.ts';

test.each([
  ['live', 'success'],
  ['superseded', 'inactive'],
  ['pending', 'pending'],
  ['committed', 'pending'],
  ['unknown', 'error'],
  ['failed', 'failure'],
  ['timed-out', 'failure'],
  ['plan-stale', 'failure'],
])('the verdict %s is recorded as %s', (verdict, state) => {
  expect(deploymentState(verdict)).toBe(state);
});

test('a description keeps to 140 characters on one line', () => {
  expect(describe('a\n  b')).toBe('a b');
  expect(describe('x'.repeat(140))).toHaveLength(140);
  expect(describe('x'.repeat(141))).toBe(`${'x'.repeat(139)}…`);
  expect(describe(`${'x'.repeat(138)}🚀🚀`)).toBe(`${'x'.repeat(138)}…`);
});
