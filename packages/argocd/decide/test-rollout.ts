import type { Json } from '../json.ts';
import type { Shown } from './testing.ts';
import { IMAGE } from './testing.ts';
import type { ManagedResource } from './types.ts';

const key = { group: 'argoproj.io', kind: 'Rollout', namespace: 'payments', name: 'api' };

export const rolloutPlace = {
  type: 'container',
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  name: 'api',
  list: 'containers',
  container: 'app',
} as const;

export const canary = {
  canary: { steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: { duration: '10m' } }] },
};
export const blueGreen = { blueGreen: { activeService: 'api', autoPromotionEnabled: false } };

const spec = (strategy: Json, image: string): Json => ({
  replicas: 5,
  strategy,
  template: { spec: { containers: [{ name: 'app', image }] } },
});

/** A live Rollout in its fourth generation, as Argo Rollouts 1.x writes it. */
export function liveRollout(
  status: Readonly<Record<string, Json>> | undefined,
  strategy: Json = canary,
): Json {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'api', namespace: 'payments', generation: 4 },
    spec: spec(strategy, IMAGE),
    ...(status !== undefined && { status: { observedGeneration: '4', ...status } }),
  };
}

/** With `spec.paused`, which somebody has set. */
export function byHand(status: Readonly<Record<string, Json>>): Json {
  const live = liveRollout({ ...status, phase: 'Paused', message: 'manually paused' });
  return { ...Object(live), spec: { ...Object(spec(canary, IMAGE)), paused: true } };
}

export const done = {
  ...{ phase: 'Healthy', currentPodHash: 'new', stableRS: 'new', currentStepIndex: 4 },
  ...{ updatedReplicas: 5, blueGreen: {}, canary: {} },
} as const;

export const atPause = {
  ...{ phase: 'Paused', message: 'CanaryPauseStep', currentPodHash: 'new', stableRS: 'old' },
  ...{ currentStepIndex: 1, updatedReplicas: 1, controllerPause: true, blueGreen: {}, canary: {} },
  pauseConditions: [{ reason: 'CanaryPauseStep', startTime: '2026-11-21T03:00:30Z' }],
} as const;

export const underWay = {
  ...{ phase: 'Progressing', message: 'more replicas need to be updated', currentPodHash: 'new' },
  ...{ stableRS: 'old', currentStepIndex: 0, updatedReplicas: 1, blueGreen: {}, canary: {} },
} as const;

const reason = 'Metric "success-rate" assessed Failed due to failed (2) > failureLimit (1)';
export const givenUp = {
  ...{ phase: 'Degraded', abort: true, abortedAt: '2026-11-21T03:00:40Z', currentPodHash: 'new' },
  message: `RolloutAborted: Rollout aborted update to revision 4: ${reason}`,
  ...{ stableRS: 'old', currentStepIndex: 0, updatedReplicas: 0, blueGreen: {} },
  canary: { currentStepAnalysisRunStatus: { name: 'api-4-1', status: 'Failed', message: reason } },
} as const;

export const managedRollout = (live: Json, strategy: Json = canary): ManagedResource => ({
  ...key,
  target: {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'api' },
    spec: spec(strategy, IMAGE),
  },
  live,
});

/** An application of the Rollout alone, with the health that Argo CD shows of it. */
export const shownRollout = (health: string, more: Shown = {}): Shown => ({
  health,
  resources: [{ ...key, version: 'v1alpha1', status: 'Synced', health: { status: health } }],
  ...more,
});
