import { expect, test } from 'vitest';
import type { Verdict } from '../decide/types.ts';
import { afterChildren, type Offspring } from './after-children.ts';

const key = (name: string) => ({ group: 'argoproj.io', kind: 'Application', namespace: 'argocd', name });
const parent: Verdict = {
  ...{ type: 'verdict', verdict: 'unknown', reason: 'generated', sentence: 'not looked at' },
  ...{ messages: ['a warning'], missing: [], proof: [], generates: [] },
};
const unknown = { verdict: 'unknown', reason: 'could-not-ask', sentence: 'not seen' } as const;
const failed = { verdict: 'failed', reason: 'not-generated', sentence: 'an error' } as const;

test.each<[string, readonly Offspring[], string, string]>([
  [
    'every object has an Application that was watched',
    [
      { key: key('a'), watched: 1 },
      { key: key('b'), watched: 2 },
    ],
    'live',
    'proven',
  ],
  ['there is none', [], 'unknown', 'generated'],
  [
    'one of them has none',
    [
      { key: key('a'), watched: 1 },
      { key: key('b'), watched: 0 },
    ],
    'unknown',
    'generated',
  ],
  [
    'one could not be looked at',
    [
      { key: key('a'), watched: 1 },
      { key: key('b'), watched: 1, against: unknown },
    ],
    'unknown',
    'could-not-ask',
  ],
  [
    'one has failed',
    [
      { key: key('a'), watched: 0, against: unknown },
      { key: key('b'), watched: 1, against: failed },
    ],
    'failed',
    'not-generated',
  ],
])('a parent where %s', (_, all, verdict, reason) => {
  const after = afterChildren(parent, all);
  expect(after).toMatchObject({ verdict, reason });
  expect(after.messages).toContain('a warning');
  expect(after.generates).toBeUndefined();
});

test('every sentence about a child is told', () => {
  const after = afterChildren(parent, [
    { key: key('a'), watched: 0, against: unknown },
    { key: key('b'), watched: 1, against: failed },
  ]);
  expect([after.sentence, ...after.messages]).toEqual(['an error', 'not seen', 'a warning']);
});
