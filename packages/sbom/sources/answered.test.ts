import { expect, test } from 'vitest';
import { answered, refuseMore } from './answered.ts';
import { jwt, qs } from './test-scanners.ts';

test('a package that a source cannot tell of is shown and kept', () => {
  expect(answered({ matches: [], left: [{ package: qs, why: 'no-order' }] })).toEqual({
    matches: [],
    unmatched: [{ component: qs.purl, why: 'no-order', file: 'a.cdx.json' }],
    unanswered: [qs],
  });
  expect(answered({ matches: [], left: [{ package: jwt, why: 'no-order' }] }).unanswered).toEqual([jwt]);
});

test('more matches than are kept are an error, and not the end of the memory', () => {
  expect(() => refuseMore(200_000)).not.toThrow();
  expect(() => refuseMore(200_001)).toThrow(
    expect.objectContaining({ kind: 'platform', code: 'scan-too-large' }),
  );
});
