import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { forAct } from '../e2e/rig/published.ts';

const text = readFileSync(path.resolve(import.meta.dirname, '../../.github/workflows/deploy.yml'), 'utf8');
const lines = (of: string): readonly string[] => of.split('\n');

test('what act runs is deploy.yml without one line, and nothing else differs', () => {
  const gone = lines(text).indexOf('      deployment: false');
  expect(lines(text)[gone]).toBe('      deployment: false');
  expect(lines(forAct(text))).toEqual(lines(text).toSpliced(gone, 1));
});

test.each([
  ['no', ''],
  ['two', '      deployment: false\n      deployment: false\n'],
])('a workflow with %s such line is refused', (_, given) => {
  expect(() => forAct(`jobs:\n${given}`)).toThrow('deployment: false stands');
});
