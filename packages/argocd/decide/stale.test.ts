import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import { BEFORE, managed, OLD_IMAGE, OURS, seconds, situation } from './testing.ts';
import type { DecisionInput, UncachedEvidence } from './types.ts';

const anew: UncachedEvidence = { revision: OURS, items: [managed()] };

const anotherRevision: UncachedEvidence = { ...anew, revision: BEFORE };

/** Shown is what was rendered before the change, although it is compared with our commit. */
const decided = (
  uncached: DecisionInput['evidence']['uncached'],
  more: Parameters<typeof situation>[0] = {},
) =>
  decide(
    situation({
      resources: [managed(OLD_IMAGE, OLD_IMAGE)],
      facts: { uncached: uncached ?? anotherRevision },
      ...more,
    }),
  );

const hard = (at: number, revision = OURS, tries = 3) => ({
  hardRefresh: { revision, requestedAt: seconds(at), tries },
});

describe('clause 3, effective: manifests that do not show the change', () => {
  test('are rendered anew before anything is said of them', () => {
    expect(decided(undefined)).toMatchObject({ type: 'ask', evidence: 'uncached' });
  });

  test.each([
    ['render to the same', { revision: OURS, items: [managed(OLD_IMAGE)] }],
    ['cannot be rendered', { revision: OURS, unavailable: 'repo-server is away' }],
    ['render to nothing of it', { revision: OURS, items: [] }],
  ])('that %s without the cache are no fault of the cache', (_, uncached) => {
    expect(decided(uncached)).toMatchObject({ verdict: 'not-effective' });
  });

  test('that are proven to be out of date are asked for by a hard refresh', () => {
    const act = { type: 'act', action: 'hard-refresh', revision: OURS };
    expect(decided(anew)).toMatchObject(act);
    expect(decided(anew, hard(20, BEFORE))).toMatchObject(act);
    expect(decided(anew, hard(50))).toMatchObject({ type: 'wait', clause: 'effective' });
    expect(decided(anew, { ...hard(40), shown: { reconciledAt: 45 } })).toMatchObject({ type: 'wait' });
  });

  test('are asked for three times: a hard refresh gets lost as any other does', () => {
    const shown = { reconciledAt: 58 };
    expect(decided(anew, { ...hard(50, OURS, 1), shown })).toMatchObject({
      type: 'wait',
      until: seconds(65),
    });
    expect(decided(anew, { ...hard(45, OURS, 1), shown })).toMatchObject({ action: 'hard-refresh' });
    expect(decided(anew, { ...hard(20, OURS, 2), shown })).toMatchObject({ action: 'hard-refresh' });
    expect(decided(anew, { ...hard(45, OURS, 3), shown })).toMatchObject({ type: 'wait' });
  });

  test('and are no others after it: that is said, once it was compared again', () => {
    expect(decided(anew, { ...hard(30), shown: { reconciledAt: 10 } })).toMatchObject({ type: 'wait' });
    expect(decided(anew, { ...hard(30), shown: { reconciledAt: 31 } })).toMatchObject({
      ...{ verdict: 'not-effective', reason: 'stale-manifests' },
    });
  });

  test('after it, what was seen before it counts no more', () => {
    expect(decided(anew, hard(60))).toMatchObject({ type: 'ask', evidence: 'resources' });
  });

  test('of a name instead of a commit prove nothing', () => {
    const content = { main: { state: 'contained' } } as const;
    expect(decided(anew, { shown: { revision: 'main' }, content })).toMatchObject({
      verdict: 'not-effective',
    });
  });
});

test('values that differ without the cache alone are asked for by a hard refresh as well', () => {
  const place = { type: 'value', document: 0, path: 'replicas' } as const;
  const edits = [{ place, from: '1', to: '2' }];
  const rendered = { revision: OURS, differing: [], stale: true } as const;
  expect(decide(situation({ edits, rendered }))).toMatchObject({ action: 'hard-refresh', revision: OURS });
  expect(decide(situation({ edits, rendered: { revision: OURS, differing: [] } }))).toMatchObject({
    reason: 'no-rendered-difference',
  });
});
