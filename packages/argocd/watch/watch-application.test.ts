import { silentLog } from '@sluice/core/log';
import type { Relation } from '@sluice/gitops/git/repository';
import { expect, describe as group, it } from 'vitest';
import type { Seen } from '../api/port.ts';
import { argocdWith, notAsked } from '../api/test-argocd.ts';
import { application, BEFORE, deployment, OURS, type Shown, seconds, situation } from '../decide/testing.ts';
import { createProgress } from './progress.ts';
import { watchApplication } from './watch-application.ts';

/** What a watch shows, and when, in seconds. */
type Shows = readonly (readonly [
  at: number,
  shown: Shown,
  streamed: boolean,
  current?: boolean,
  passed?: Shown,
])[];

const before: Shown = { revision: BEFORE, reconciledAt: -60, operationState: null };

/** The verdict for our commit where the watch shows this, and a GET answers that; and how many GETs there were. */
async function judged(shows: Shows, got: Shown, mode: 'wait' | 'once' = 'wait', overtaken = false) {
  let now = seconds(0);
  let gets = 0;
  const clock = { now: () => now, sleep: notAsked };
  const argocd = argocdWith({
    async get() {
      gets += 1;
      return { application: application(got), serverTime: now, streamed: overtaken };
    },
    refresh: async () => undefined,
    async *watch(): AsyncGenerator<Seen> {
      for (const [at, shown, streamed, current = false, before] of shows) {
        now = seconds(at);
        const passed = before === undefined ? [] : [{ application: application(before), takenAt: now }];
        const answer = { application: application(shown), serverTime: now, streamed, current, passed };
        yield { type: 'answer', answer };
      }
    },
  });
  const repository = {
    ...{ url: 'https://git.example/gitops', defaultBranch: notAsked, snapshot: notAsked },
    ...{ commitsBetween: notAsked, history: notAsked, resolve: async (revision: string) => revision },
    relation: async (one: string, other: string): Promise<Relation> =>
      one === other ? 'same' : one === BEFORE ? 'ancestor' : 'descendant',
  };
  const app = application();
  const [source] = app.sources;
  if (source === undefined) throw new Error('it has no source');
  const verdict = await watchApplication(
    {
      ...{ argocd, repository, clock, expectation: { type: 'revision', revision: OURS } },
      selected: { argocd, application: app, sourceIndex: 0, source, paths: [] },
    },
    {
      settings: { ...situation().settings, scope: 'application', settleMs: 1000, degradedGraceMs: 1000 },
      ...{ mode, timeoutMs: 100_000, startedAt: seconds(0) },
      sync: { prune: false, marker: { name: 'sluice-run', value: 'acme/app/1/1' } },
    },
    createProgress('payments', seconds(0), clock, silentLog),
  );
  return { verdict: verdict.verdict, gets };
}

const degraded: Shown = { health: 'Degraded', resources: [deployment({ health: { status: 'Degraded' } })] };

group('no verdict rests on what only the stream has shown', () => {
  const live: Shows = [
    [0, before, false],
    [30, {}, true],
    [40, {}, true],
  ];
  const failed: Shows = [
    [0, before, false],
    [30, degraded, true],
    [40, degraded, true],
  ];

  it.each([
    ['live, as a GET says, too', live, {}, 'live'],
    ['live, and a GET says Degraded: an event was missed', live, degraded, 'timed-out'],
    ['live, and a GET says that it runs something older', live, before, 'timed-out'],
    ['failed, as a GET says, too', failed, degraded, 'failed'],
    ['failed, and a GET says Healthy: an event was missed', failed, {}, 'timed-out'],
  ])('%s', async (_, shows, got, verdict) => {
    expect(await judged(shows, got)).toEqual({ verdict, gets: expect.any(Number) });
    expect((await judged(shows, got)).gets).toBeGreaterThan(0);
  });

  it('and none on a GET that the stream has overtaken', async () => {
    expect(await judged(live, {}, 'wait', true)).toMatchObject({ verdict: 'timed-out' });
    const settled: Shows = [...live, [60, {}, false]];
    expect(await judged(settled, {}, 'wait', true)).toMatchObject({ verdict: 'live' });
  });

  it('of a single look neither', async () => {
    const looked = await judged(live.slice(0, 2), degraded, 'once');
    expect(looked.verdict).not.toBe('live');
    expect(looked.gets).toBeGreaterThan(0);
  });

  it('and what a GET has shown is not read once more', async () => {
    const got: Shows = live.map(([at, shown]) => [at, shown, false]);
    expect(await judged(got, {})).toEqual({ verdict: 'live', gets: 0 });
  });

  it('nor what an event has shown that tells of what has just happened', async () => {
    const told: Shows = live.map(([at, shown, streamed]) => [at, shown, streamed, streamed]);
    expect(await judged(told, degraded)).toEqual({ verdict: 'live', gets: 0 });
  });

  it('and what has passed while nobody looked keeps it from having settled', async () => {
    const shown: Shows = [
      [0, before, false],
      [30, {}, true, true],
      [40, {}, true, true, degraded],
    ];
    expect(await judged(shown.slice(0, 2), {})).toMatchObject({ verdict: 'timed-out' });
    expect(await judged(shown, {})).toMatchObject({ verdict: 'timed-out' });
    expect(await judged([...shown, [50, {}, true, true]], {})).toMatchObject({ verdict: 'live' });
  });
});
