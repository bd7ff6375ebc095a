import { describe, expect, test } from 'vitest';
import { rolloutState } from './rollout.ts';
import { atPause, blueGreen, byHand, done, givenUp, liveRollout, underWay } from './test-rollout.ts';

describe('the status of a Rollout', () => {
  test.each([
    ['complete: the new pods are the stable ones', liveRollout(done), { complete: true, begun: true }],
    [
      'not complete: Healthy, while the stable pods are others',
      liveRollout({ ...done, stableRS: 'old' }),
      { complete: false },
    ],
    [
      'not complete: stable, and not Healthy',
      liveRollout({ ...done, phase: 'Progressing' }),
      { complete: false },
    ],
    [
      'not complete: no hash of the pods at all',
      liveRollout({ ...done, currentPodHash: undefined, stableRS: undefined }),
      { complete: false },
    ],
    [
      'complete before 1.0, which has no phase',
      liveRollout({ ...done, phase: undefined }),
      { complete: true },
    ],
    [
      'complete before 0.8, which has the stable pods elsewhere',
      liveRollout({ ...done, stableRS: undefined, canary: { stableRS: 'new' } }),
      { complete: true },
    ],
    [
      'begun: Pods of the new version',
      liveRollout(underWay),
      {
        begun: true,
        paused: false,
        reachedPause: false,
        progress: 'at step 1 of 4 (setWeight: 20)',
      },
    ],
    [
      'not begun: the spec was seen, nothing was done',
      liveRollout({ ...underWay, updatedReplicas: 0 }),
      { observed: true, begun: false },
    ],
    [
      'begun with an analysis',
      liveRollout({
        ...underWay,
        updatedReplicas: 0,
        canary: { currentStepAnalysisRunStatus: { name: 'a', status: 'Running' } },
      }),
      { begun: true },
    ],
    [
      'paused at a step',
      liveRollout(atPause),
      {
        begun: true,
        paused: true,
        reachedPause: true,
        complete: false,
        progress: 'paused at step 2 of 4 (pause), 20 % of the traffic',
      },
    ],
    [
      'behind the first pause',
      liveRollout({ ...underWay, currentStepIndex: 2 }),
      { paused: false, reachedPause: true, progress: 'at step 3 of 4 (setWeight: 60), 20 % of the traffic' },
    ],
    [
      'paused, by its phase alone',
      liveRollout({ ...atPause, pauseConditions: undefined, controllerPause: undefined }),
      { paused: true, reachedPause: true },
    ],
    [
      'not begun, and at no pause: stopped by hand before it came to anything',
      byHand({ ...underWay, updatedReplicas: 0 }),
      {
        ...{ paused: true, begun: false, reachedPause: false },
        progress: 'paused by hand at step 1 of 4 (setWeight: 20)',
      },
    ],
    ['begun, and stopped by hand', byHand(underWay), { paused: true, begun: true, reachedPause: false }],
    [
      'stopped by hand at a pause that it had come to',
      byHand(atPause),
      {
        ...{ paused: true, begun: true, reachedPause: true },
        progress: 'paused at step 2 of 4 (pause), 20 % of the traffic',
      },
    ],
    [
      'stopped by hand behind the first pause',
      byHand({ ...underWay, currentStepIndex: 2 }),
      { paused: true, reachedPause: true },
    ],
    [
      'aborted, by its phase alone',
      liveRollout({ ...givenUp, abort: undefined }),
      { aborted: true, begun: false, complete: false },
    ],
    [
      'not aborted: Degraded by something else',
      liveRollout({ ...underWay, phase: 'Degraded', message: 'ProgressDeadlineExceeded: x' }),
      { aborted: false },
    ],
    [
      'resumed, and not gone on yet',
      liveRollout({ ...atPause, pauseConditions: [] }),
      { paused: false, reachedPause: false },
    ],
    [
      'the weight that the router was told',
      liveRollout({ ...underWay, canary: { weights: { canary: { weight: 15 } } } }),
      { progress: 'at step 1 of 4 (setWeight: 20), 15 % of the traffic' },
    ],
    [
      'promoted in full',
      liveRollout({ ...underWay, promoteFull: true }),
      { progress: 'at step 1 of 4 (setWeight: 20), being promoted in full' },
    ],
  ])('%s', (_, live, state) => {
    expect(rolloutState(live)).toMatchObject(state);
  });

  test.each([
    ['paused', { ...atPause, abort: true }],
    ['through', { ...done, abort: true }],
    ['under way', { ...underWay, abort: true }],
  ])('what is aborted is nothing else, also while it still looks %s', (_, status) => {
    const nothing = { begun: false, paused: false, reachedPause: false, complete: false };
    expect(rolloutState(liveRollout(status))).toMatchObject({ aborted: true, ...nothing });
  });

  test('an abort is told in the words of the analysis, once', () => {
    const state = rolloutState(liveRollout(givenUp));
    expect(state).toMatchObject({ aborted: true, begun: false, complete: false, reachedPause: false });
    expect(state.message).toBe(givenUp.message);
    const silent = rolloutState(
      liveRollout({ ...givenUp, message: 'RolloutAborted: Rollout aborted update to revision 4' }),
    );
    expect(silent.message).toContain('; AnalysisRun api-4-1 Failed: Metric "success-rate"');
  });
});

describe('a status of another generation says nothing', () => {
  const nothing = { begun: false, paused: false, complete: false, aborted: false, reachedPause: false };
  test.each([
    ['none at all', liveRollout(undefined)],
    ['an older generation, complete', liveRollout({ ...done, observedGeneration: '3' })],
    ['an older generation, aborted', liveRollout({ ...givenUp, observedGeneration: '3' })],
    ['an older generation, paused', liveRollout({ ...atPause, observedGeneration: '3' })],
    ['no generation', liveRollout({ ...done, observedGeneration: undefined })],
  ])('%s', (_, live) => {
    expect(rolloutState(live)).toMatchObject({ observed: false, ...nothing });
  });

  test.each([
    '5b9f9dd6c6',
    '8575574967',
  ])('a hash (%s) does not tell of which it is', (observedGeneration) => {
    expect(rolloutState(liveRollout({ ...done, observedGeneration }))).toMatchObject({ observed: undefined });
  });

  test('a generation may be a number, and an object without one does not tell', () => {
    expect(rolloutState(liveRollout({ ...done, observedGeneration: 4 }))).toMatchObject({ observed: true });
    expect(rolloutState(liveRollout({ ...done, observedGeneration: 3 }))).toMatchObject({ observed: false });
    const bare = { ...Object(liveRollout(done)), metadata: {} };
    expect(rolloutState(bare)).toMatchObject({ observed: undefined });
  });

  const referring = (status: object, annotation = '7') => ({
    metadata: { generation: 4, annotations: { 'rollout.argoproj.io/workload-generation': annotation } },
    spec: { workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' }, strategy: {} },
    status: { observedGeneration: '4', ...done, ...status },
  });
  test.each([
    ['acted on', referring({ workloadObservedGeneration: '7' }), 7, true],
    ['found, and not acted on', referring({ workloadObservedGeneration: '6' }), 6, false],
    ['not found yet', referring({ workloadObservedGeneration: '7' }), 8, false],
    ['not told by version 1.0', referring({}), 7, undefined],
  ])('the workload that it rolls out was %s', (_, live, generation, observed) => {
    expect(rolloutState(live, { metadata: { generation } })).toMatchObject({
      observed,
      complete: observed !== false,
    });
  });
});

describe('a Rollout with an active and a preview service', () => {
  const of = (status: object) =>
    rolloutState(liveRollout({ ...underWay, currentStepIndex: undefined, ...status }, blueGreen));
  test.each([
    [
      'begun: the preview service leads to the new pods',
      { updatedReplicas: 0, blueGreen: { activeSelector: 'old', previewSelector: 'new' } },
      { begun: true, reachedPause: false },
    ],
    [
      'paused before the active service is turned over',
      {
        pauseConditions: [{ reason: 'BlueGreenPause' }],
        blueGreen: { activeSelector: 'old', previewSelector: 'new' },
      },
      { reachedPause: true, complete: false },
    ],
    [
      'turned over, and analysed afterwards',
      { blueGreen: { activeSelector: 'new', previewSelector: 'new' } },
      { reachedPause: true, complete: false },
    ],
    [
      'complete',
      { ...done, blueGreen: { activeSelector: 'new', previewSelector: 'new' } },
      { complete: true },
    ],
    [
      'not complete while the active service leads elsewhere',
      { ...done, blueGreen: { activeSelector: 'old' } },
      { complete: false },
    ],
  ])('%s', (_, status, state) => {
    expect(of(status)).toMatchObject(state);
  });
});
