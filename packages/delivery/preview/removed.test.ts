import { expect, it } from 'vitest';
import { removedFinding } from './removed.ts';

const gone = { type: 'gone', silent: [] } as const;
const seen = { asked: true, seen: true, isRemoved: true };

it.each([
  ['seen to go', gone, seen, 'removed', 'true', 'gone from Git and from Argo CD'],
  [
    'gone from Git before, and seen to go now',
    gone,
    { ...seen, isRemoved: false },
    'removed',
    'true',
    'from Argo CD',
  ],
  ['never seen', gone, { ...seen, seen: false }, 'removed', 'unknown', 'no Application of it'],
  ['nobody asked', gone, { asked: false, seen: false, isRemoved: true }, 'removed', 'true', 'was not asked'],
  [
    'nothing there',
    gone,
    { ...seen, seen: false, isRemoved: false },
    'removed',
    'true',
    'There was no environment',
  ],
  [
    'a server that shows nothing',
    { type: 'gone', silent: ['https://a'] },
    { ...seen, seen: false },
    'removed',
    'unknown',
    'https://a shows',
  ],
  ['still there', { type: 'left', names: ['web'] }, seen, 'timed-out', 'false', 'still has web'],
] as const)('a removal: %s', (_, found, about, verdict, ok, words) => {
  expect(removedFinding(12, found, about)).toMatchObject({
    verdict,
    ok,
    sentence: expect.stringContaining(words),
  });
});
