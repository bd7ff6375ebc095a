import { expect, test } from 'vitest';
import { isNamed, keyName } from './key.ts';
import { runOf } from './test-runs.ts';

const key = { project: 'shop', environment: 'qa' };
const named = (name: string) => runOf(1, { names: ['Deploy', name] });

test('a run is known by the key in brackets in its name, and by no other', () => {
  expect(isNamed(named('Deploy 1.2 [sluice shop/qa]'), key)).toBe(true);
  expect(isNamed(named('Deploy 1.2 [sluice shop/qa/eu]'), key)).toBe(false);
  expect(isNamed(named('Deploy 1.2 [sluice shop/qa/eu]'), { ...key, tenant: 'eu' })).toBe(true);
  expect(isNamed(named('Deploy 1.2 sluice shop/qa'), key)).toBe(false);
});

test('a part that holds a slash or a bracket makes no name: it would read as that of another key', () => {
  expect(keyName({ project: 'shop/qa', environment: 'eu' })).toBeUndefined();
  expect(isNamed(named('[sluice shop/qa/eu]'), { project: 'shop/qa', environment: 'eu' })).toBe(false);
  expect(keyName({ ...key, tenant: 'a]b' })).toBeUndefined();
});
