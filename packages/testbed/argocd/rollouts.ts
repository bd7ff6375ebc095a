import { createHash } from 'node:crypto';
import { goDuration, isoSeconds, type StandInClock } from './clock.ts';
import { at, isObject, type JsonObject, listAt, objectAt, sortedJson, textAt } from './json.ts';
import type { Health, Manifest } from './types.ts';

/** What the controller of Argo Rollouts 1.x keeps in the status of a Rollout. */
export interface RolloutRecord {
  /** The generation that it has looked at. */
  readonly observed: number;
  /** The same of the workload that `workloadRef` names. */
  readonly workload?: number;
  readonly current: string;
  readonly stable: string;
  /** How many steps are done. */
  readonly step: number;
  readonly pause?: { readonly reason: string; readonly since: string };
  readonly abort?: { readonly message: string; readonly at: string };
  readonly promoteFull?: true;
  /** Of an update that does not get on: what its health says. */
  readonly stuck?: string;
}

export type RolloutAction = 'promote' | 'promote-full' | 'abort' | 'retry';

export interface RolloutView {
  readonly manifest: Manifest;
  readonly generation: number;
  readonly rollout: RolloutRecord;
  /** The generation of the workload that `workloadRef` names; its template is in `manifest` then. */
  readonly workload?: number;
}

export const isRollout = ({ group, kind }: { readonly group: string; readonly kind: string }) =>
  group === 'argoproj.io' && kind === 'Rollout';

const hashOf = (manifest: Manifest): string =>
  createHash('sha1')
    .update(sortedJson(at(manifest, 'spec', 'template')))
    .digest('hex')
    .slice(0, 10);

const steps = (manifest: Manifest) => listAt(manifest, 'spec', 'strategy', 'canary', 'steps');
const isBlueGreen = (manifest: Manifest) => isObject(at(manifest, 'spec', 'strategy', 'blueGreen'));
const isDone = ({ current, stable }: RolloutRecord) => current === stable;

/** A new Rollout has nothing to be held against: it goes to all Pods at once. */
export function firstRecord(manifest: Manifest): RolloutRecord {
  return { observed: 0, current: hashOf(manifest), stable: '', step: 0 };
}

/** Its controller has seen what it is to roll out now. */
export const isObserved = ({ generation, rollout, workload }: RolloutView): boolean =>
  rollout.observed === generation && rollout.workload === workload;

/** Everything has long been done. */
export function doneRecord({ manifest, generation, workload }: Omit<RolloutView, 'rollout'>): RolloutRecord {
  const current = hashOf(manifest);
  return {
    observed: generation,
    ...(workload !== undefined && { workload }),
    current,
    stable: current,
    step: steps(manifest).length,
  };
}

export interface RolloutTimes {
  readonly clock: StandInClock;
  /** From a new spec to the controller's look at it, and for each step. */
  readonly step: () => number;
  readonly deadline: () => number;
}

/** What happens next to a Rollout, and in how many milliseconds; undefined where nothing does by itself. */
export function nextOf(
  view: RolloutView,
  times: RolloutTimes,
  isBad: boolean,
): { readonly after: number; readonly record: RolloutRecord } | undefined {
  const { manifest, rollout } = view;
  const after = times.step();
  if (!isObserved(view)) return { after, record: observe(view) };
  if (rollout.abort !== undefined || isDone(rollout) || rollout.stuck !== undefined) return undefined;
  if (isBad) {
    const stuck = `ProgressDeadlineExceeded: ReplicaSet "${textAt(manifest, 'metadata', 'name')}-${rollout.current}" has timed out progressing.`;
    return { after: times.deadline(), record: { ...rollout, stuck } };
  }
  const step = steps(manifest)[rollout.step];
  const pause = isObject(step) && isObject(step.pause) ? step.pause : undefined;
  if (rollout.pause !== undefined) {
    const { duration } = pause ?? {};
    if (duration === undefined || duration === null) return undefined;
    const ms = goDuration(typeof duration === 'number' ? `${duration}s` : String(duration));
    return { after: ms, record: resumed(rollout) };
  }
  const since = isoSeconds(times.clock.now() + after);
  if (rollout.stable === '' || rollout.promoteFull) return { after, record: finished(manifest, rollout) };
  if (pause !== undefined)
    return { after, record: { ...rollout, pause: { reason: 'CanaryPauseStep', since } } };
  if (step !== undefined) return { after, record: { ...rollout, step: rollout.step + 1 } };
  const waits = at(manifest, 'spec', 'strategy', 'blueGreen', 'autoPromotionEnabled') === false;
  if (waits && rollout.step === 0)
    return { after, record: { ...rollout, pause: { reason: 'BlueGreenPause', since } } };
  return { after, record: finished(manifest, rollout) };
}

/** Another template begins at the first step, and takes an abort back. */
function observe({ manifest, generation, rollout, workload }: RolloutView): RolloutRecord {
  const current = hashOf(manifest);
  const seen = { observed: generation, ...(workload !== undefined && { workload }) };
  if (current === rollout.current) return { ...rollout, ...seen };
  return {
    ...seen,
    current,
    stable: rollout.stable,
    step: current === rollout.stable ? steps(manifest).length : 0,
  };
}

const finished = (manifest: Manifest, { observed, workload, current }: RolloutRecord): RolloutRecord => ({
  ...{ observed, ...(workload !== undefined && { workload }), current, stable: current },
  step: steps(manifest).length,
});

function resumed({ pause: _, ...rollout }: RolloutRecord): RolloutRecord {
  return { ...rollout, step: rollout.step + 1 };
}

/** What somebody tells a Rollout: `kubectl argo rollouts promote | promote --full | abort | retry rollout`. */
export function acted(
  { manifest, rollout }: RolloutView,
  action: RolloutAction,
  now: string,
  message?: string,
): RolloutRecord {
  switch (action) {
    case 'promote':
      return rollout.pause === undefined ? { ...rollout, step: rollout.step + 1 } : resumed(rollout);
    case 'promote-full': {
      const { pause: _, ...rest } = rollout;
      return { ...rest, promoteFull: true };
    }
    case 'abort': {
      const { pause: _, ...rest } = rollout;
      const words = `RolloutAborted: Rollout aborted update to revision 2${message === undefined ? '' : `: ${message}`}`;
      return { ...rest, step: 0, abort: { message: words, at: now } };
    }
    case 'retry': {
      const { abort: _, ...rest } = rollout;
      return { ...rest, step: isBlueGreen(manifest) ? rollout.step : 0 };
    }
  }
}

/** `status.phase` and `status.message`. */
function phaseOf({ manifest, rollout }: RolloutView): readonly [phase: string, message: string] {
  if (rollout.abort !== undefined) return ['Degraded', rollout.abort.message];
  if (rollout.stuck !== undefined) return ['Degraded', rollout.stuck];
  if (rollout.pause !== undefined) return ['Paused', rollout.pause.reason];
  if (isDone(rollout)) return ['Healthy', ''];
  if (isBlueGreen(manifest)) return ['Progressing', 'active service cutover pending'];
  return ['Progressing', 'more replicas need to be updated'];
}

/** Argo CD's health of a Rollout, as its check for that kind tells it. */
export function rolloutHealth(view: RolloutView): Health {
  if (!isObserved(view))
    return { status: 'Progressing', message: 'Waiting for rollout spec update to be observed' };
  const [phase, message] = phaseOf(view);
  const status =
    phase === 'Paused' ? 'Suspended' : phase === 'Healthy' || phase === 'Degraded' ? phase : 'Progressing';
  return { status, ...(message === '' ? {} : { message }) };
}

/** `status` of the live object: of the generation that was looked at last. */
export function rolloutStatus(view: RolloutView): JsonObject | undefined {
  const { manifest, rollout } = view;
  if (rollout.observed === 0) return undefined;
  const replicas = Number(at(manifest, 'spec', 'replicas') ?? 1);
  const { current, stable, pause, abort } = rollout;
  const [phase, message] = phaseOf(view);
  const weight = weightOf(view);
  const updated = abort === undefined ? Math.ceil((replicas * weight) / 100) : 0;
  const analysis = abort && {
    name: `${textAt(manifest, 'metadata', 'name')}-${current}-2`,
    status: 'Failed',
  };
  return {
    HPAReplicas: replicas,
    availableReplicas: replicas,
    readyReplicas: replicas,
    replicas,
    updatedReplicas: updated,
    observedGeneration: String(rollout.observed),
    ...(rollout.workload === undefined ? {} : { workloadObservedGeneration: String(rollout.workload) }),
    currentPodHash: current,
    stableRS: stable,
    ...(steps(manifest).length === 0 ? {} : { currentStepIndex: rollout.step }),
    blueGreen: isBlueGreen(manifest)
      ? { activeSelector: stable === '' ? current : stable, previewSelector: current }
      : {},
    canary: analysis === undefined || isBlueGreen(manifest) ? {} : { currentStepAnalysisRunStatus: analysis },
    conditions: [conditionOf(phase, message)],
    phase,
    ...(message === '' ? {} : { message }),
    ...(pause === undefined
      ? {}
      : { controllerPause: true, pauseConditions: [{ reason: pause.reason, startTime: pause.since }] }),
    ...(abort === undefined ? {} : { abort: true, abortedAt: abort.at }),
    ...(rollout.promoteFull ? { promoteFull: true } : {}),
  };
}

function conditionOf(phase: string, message: string): JsonObject {
  const aborted = message.startsWith('RolloutAborted');
  const reason = aborted
    ? 'RolloutAborted'
    : phase === 'Healthy'
      ? 'NewReplicaSetAvailable'
      : 'ReplicaSetUpdated';
  return {
    type: 'Progressing',
    status: aborted ? 'False' : 'True',
    reason,
    message: message.replace(/^RolloutAborted: /, ''),
  };
}

/** What share of the Pods is new. */
function weightOf({ manifest, rollout }: RolloutView): number {
  if (isDone(rollout) || rollout.stable === '' || isBlueGreen(manifest)) return 100;
  const set = steps(manifest)
    .slice(0, rollout.step + 1)
    .map((step) => objectAt(step).setWeight)
    .findLast((weight) => typeof weight === 'number');
  return typeof set === 'number' ? set : 0;
}
