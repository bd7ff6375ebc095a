import { describe, expect, it } from 'vitest';
import { pauseBefore } from './pace.ts';
import { type PullAnswer, pullState } from './pull-state.ts';

const pull = (more: Partial<PullAnswer> = {}): PullAnswer => ({
  ...{ state: 'open', merged: false, merge_commit_sha: null, mergeable_state: 'clean', auto_merge: null },
  ...{ base: { ref: 'main' }, head: { sha: 'h' }, user: { login: 'sluice[bot]' } },
  ...more,
});
const merged = { state: 'closed', merged: true, merge_commit_sha: 'm' } as const;

describe('a pull request', () => {
  it('that is merged is at the commit that GitHub names, and no state of its branch', () =>
    expect(pullState(pull(merged), 'main')).toEqual({ type: 'merged', commit: 'm' }));

  it('that is merged into another branch has not brought the change to its own', () =>
    expect(pullState(pull({ ...merged, base: { ref: 'next' } }), 'main')).toEqual({
      ...{ type: 'elsewhere', base: 'next' },
    }));

  it('that is closed and not merged is over', () =>
    expect(pullState(pull({ state: 'closed' }), 'main')).toEqual({ type: 'closed' }));

  // GitHub sets merge_commit_sha of an open one, too: to a test merge.
  it('that is open is not merged, whatever test merge GitHub names', () =>
    expect(pullState(pull({ merge_commit_sha: 't' }), 'main').type).toBe('open'));

  it.each([
    ['conflicts', { mergeable_state: 'dirty' }, /conflicts/],
    ['lacks a review', { mergeable_state: 'blocked' }, /review or a check/],
    ['is behind', { mergeable_state: 'behind' }, /up to date/],
    ['has a red check', { mergeable_state: 'unstable' }, /check/],
    ['is a draft', { draft: true }, /draft/],
    ['was turned to another branch', { base: { ref: 'next' } }, /turned it to next/],
    ['is armed', { auto_merge: {} }, /as soon as it may/],
    ['is left alone', {}, /nobody has merged/],
    ['is in a state that is new', { mergeable_state: 'shiny' }, /nobody has merged/],
    ['is merged this moment', { ...merged, merge_commit_sha: null }, /not at which commit/],
  ])('that is open and %s says so', (_, more, why) =>
    expect(pullState(pull(more), 'main')).toMatchObject({ type: 'open', why: expect.stringMatching(why) }));
});

describe('the pause between two looks', () => {
  it('grows from five seconds to a minute', () => {
    const pauses = [1, 2, 5, 20].map((look) => pauseBefore(look, 0.5));
    expect(pauses).toEqual([5000, 7500, 25_313, 60_000]);
  });

  it('differs by up to a fifth, so that jobs that began together do not ask together', () =>
    expect([pauseBefore(99, 0), pauseBefore(99, 1)]).toEqual([54_000, 66_000]));
});
