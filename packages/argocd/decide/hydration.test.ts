import { describe, expect, test } from 'vitest';
import type { Json } from '../json.ts';
import { decide } from './decide.ts';
import { BEFORE, LATER, OURS, seconds, situation } from './testing.ts';
import type { ContentEvidence } from './types.ts';

const RENDERED = '7'.repeat(40);
const iso = (count: number): string => new Date(seconds(count)).toISOString();

/** What is decided 60 s after the first answer, where what is compared with was made before our commit. */
function decided(
  current: Json,
  {
    dry = { state: 'contained' },
    conditions = [],
  }: { dry?: ContentEvidence | null; conditions?: readonly Json[] } = {},
) {
  return decide(
    situation({
      shown: {
        ...{ revision: RENDERED, spec: { sourceHydrator: { syncSource: { path: 'payments' } } }, conditions },
        status: {
          sourceHydrator: {
            lastSuccessfulOperation: { drySHA: BEFORE, hydratedSHA: RENDERED },
            ...(current !== undefined && { currentOperation: current }),
          },
        },
      },
      content: dry === null ? {} : { [LATER]: dry },
      refreshedAt: seconds(10),
    }),
  );
}

const failed = (message: string, at: number, drySHA = LATER): Json => ({
  ...{ phase: 'Failed', drySHA, message, startedAt: iso(at - 1), finishedAt: iso(at) },
});

describe('a hydrated source that does not hold the change yet', () => {
  test('is refreshed where the hydrator is at nothing', () => {
    expect(decided(undefined)).toMatchObject({ type: 'act', action: 'refresh' });
    const done = { phase: 'Hydrated', drySHA: BEFORE, hydratedSHA: RENDERED };
    expect(decided(done)).toMatchObject({ type: 'act', action: 'refresh' });
  });

  test('is waited for while it renders: a refresh would make it begin again', () => {
    expect(decided({ phase: 'Hydrating', drySHA: LATER })).toMatchObject({
      ...{ type: 'wait', clause: 'contained', why: 'The hydrator renders 3333333' },
    });
  });

  test('of a failure it is asked whether that commit holds the change', () => {
    expect(decided(failed('no', 0), { dry: null })).toMatchObject({
      ...{ type: 'ask', evidence: 'content', revision: LATER },
    });
  });

  test.each([
    ['at a commit before ours is not ours', failed('helm template: no', 0), 'behind', { type: 'act' }],
    [
      'of its renderer is final',
      failed('failed to generate manifests: helm template . failed', 59),
      'contained',
      { verdict: 'failed', reason: 'hydration-failed' },
    ],
    [
      'of another kind may mend itself',
      failed('push was refused', 30),
      'contained',
      { action: 'refresh', why: expect.stringContaining('push was refused') },
    ],
    [
      'of another kind that stands is final',
      failed('push was refused', 0),
      'contained',
      { verdict: 'failed' },
    ],
    [
      'of the platform is waited out',
      failed('rpc error: code = Unavailable desc = connection refused', 0),
      'contained',
      { type: 'act', action: 'refresh' },
    ],
  ] as const)('a failure %s', (_, current, state, expected) => {
    expect(decided(current, { dry: { state } })).toMatchObject(expected);
  });

  test('a branch that is not there before the first time is no failure while it renders', () => {
    const message = "unable to resolve 'environments/dev' to a commit SHA";
    const conditions = [{ type: 'ComparisonError', message, lastTransitionTime: iso(5) }];
    expect(decided({ phase: 'Hydrating', drySHA: LATER }, { conditions })).toMatchObject({
      ...{ type: 'wait', clause: 'fresh' },
    });
  });
});

test('a commit that renders the same is live by the dry commit that the hydrator names for it', () => {
  const shown = {
    spec: { sourceHydrator: {} },
    status: { sourceHydrator: { lastSuccessfulOperation: { drySHA: LATER, hydratedSHA: OURS } } },
  };
  const content = { [LATER]: { state: 'contained' }, [OURS]: { state: 'behind' } } as const;
  expect(decide(situation({ shown, content }))).toMatchObject({ verdict: 'live' });
});
