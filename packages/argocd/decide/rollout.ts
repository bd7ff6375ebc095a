import { at, isRecord, items, type Json, text } from '../json.ts';
import type { ResourceKey } from '../observation.ts';

/** How far Argo Rollouts has come with the spec that its object holds now. */
export interface RolloutState {
  /** Its controller has seen that spec; undefined where its version does not tell (before 0.10: a hash instead of a number). */
  readonly observed: boolean | undefined;
  /** It has done something about it: a first step, Pods, a pause, an analysis. */
  readonly begun: boolean;
  readonly paused: boolean;
  /** It has come to a pause, or is behind the first one that it was to make. */
  readonly reachedPause: boolean;
  readonly complete: boolean;
  readonly aborted: boolean;
  /** `paused at step 2 of 4 (pause), 20 % of the traffic`. */
  readonly progress: string;
  /** The controller's own words, with those of the analysis; empty where it says nothing. */
  readonly message: string;
}

export const isRollout = ({ group, kind }: ResourceKey): boolean =>
  group === 'argoproj.io' && kind === 'Rollout';

/**
 * Reads a live Rollout. What its status says of a generation that is not the object's is of another update, so nothing but
 * `observed` is told then.
 * @param workload the live object that `workloadRef` names: its generation has to be seen as well.
 */
export function rolloutState(live: Json, workload?: Json): RolloutState {
  const status = at(live, 'status');
  const observed = isObserved(live, workload);
  if (observed === false || !isRecord(status)) return { ...UNSEEN, observed: observed ?? false };
  const phase = text(status.phase);
  const aborted = status.abort === true || isGivenUp(status);
  const promoted = isPromoted(live);
  // Before 1.0 there is no phase; Argo CD's health of the object is asked for beside this anyway.
  const complete = !aborted && promoted && (phase ?? 'Healthy') === 'Healthy';
  const atPause = isAtPause(live) && !aborted;
  const byHand = isPausedByHand(live) && !aborted;
  const words = atPause ? 'paused' : byHand ? 'paused by hand' : '';
  return {
    ...{ observed, complete, aborted, paused: atPause || byHand },
    begun: !aborted && (promoted || atPause || hasBegun(status)),
    reachedPause: !aborted && (complete || atPause || isBehindPause(live)),
    progress: progressOf(live, words),
    message: messageOf(status),
  };
}

const UNSEEN: RolloutState = {
  ...{ observed: false, begun: false, paused: false, reachedPause: false, complete: false, aborted: false },
  progress: 'not looked at by Argo Rollouts yet',
  message: '',
};

const generation = (object: Json): number => number(at(object, 'metadata', 'generation'));

/** `observedGeneration` is a string, and was a hash of the spec before 0.10, which may look like a number that is far too high. */
function isObserved(live: Json, workload: Json): boolean | undefined {
  const noted = at(live, 'status', 'observedGeneration');
  const seen = typeof noted === 'number' ? String(noted) : text(noted);
  if (seen === undefined) return false;
  const current = generation(live);
  if (!/^\d+$/.test(seen) || Number.isNaN(current) || Number(seen) > current) return undefined;
  return Number(seen) === current ? isWorkloadObserved(live, workload) : false;
}

/** The controller notes the generation of the workload that it has found, and the one that it has acted on. */
function isWorkloadObserved(live: Json, workload: Json): boolean | undefined {
  if (!isRecord(at(live, 'spec', 'workloadRef'))) return true;
  const acted = number(at(live, 'status', 'workloadObservedGeneration'));
  // 1.0 does not note it.
  if (Number.isNaN(acted)) return undefined;
  const found = number(at(live, 'metadata', 'annotations', 'rollout.argoproj.io/workload-generation'));
  const wanted = [found, generation(workload)].filter((one) => !Number.isNaN(one));
  return wanted.every((one) => acted >= one);
}

/** The new Pods are the stable ones; with two services, the active one leads to them. */
function isPromoted(live: Json): boolean {
  const status = at(live, 'status');
  const current = text(at(status, 'currentPodHash'));
  const stable = text(at(status, 'stableRS')) ?? text(at(status, 'canary', 'stableRS'));
  const active = text(at(status, 'blueGreen', 'activeSelector'));
  const isBlueGreen = isRecord(at(live, 'spec', 'strategy', 'blueGreen'));
  return current !== undefined && stable === current && (!isBlueGreen || active === current);
}

/**
 * Somebody has stopped it, perhaps before this update: the controller notes the new spec and the phase `Paused`, and makes no Pod of it
 * (https://argo-rollouts.readthedocs.io/en/stable/features/specification/).
 */
const isPausedByHand = (live: Json): boolean => at(live, 'spec', 'paused') === true;

/**
 * At a pause that this update has come to: its conditions are dropped where the Pods' template changes. `controllerPause` without
 * conditions: somebody has resumed it, and the controller has not gone on yet.
 */
function isAtPause(live: Json): boolean {
  const status = at(live, 'status');
  if (items(at(status, 'pauseConditions')).length > 0) return true;
  const isResumed = at(status, 'controllerPause') === true;
  return at(status, 'phase') === 'Paused' && !isResumed && !isPausedByHand(live);
}

/** The words of an abort that was taken back stay for a moment. */
const isGivenUp = (status: Json): boolean =>
  at(status, 'phase') === 'Degraded' && text(at(status, 'message'))?.startsWith('RolloutAborted') === true;

function hasBegun(status: Json): boolean {
  const current = text(at(status, 'currentPodHash'));
  return (
    number(at(status, 'updatedReplicas'), 0) > 0 ||
    number(at(status, 'currentStepIndex'), 0) > 0 ||
    at(status, 'canary', 'currentExperiment') !== undefined ||
    (current !== undefined && at(status, 'blueGreen', 'previewSelector') === current) ||
    analyses(status).length > 0
  );
}

function isBehindPause(live: Json): boolean {
  const first = stepsOf(live).findIndex((step) => at(step, 'pause') !== undefined);
  if (first >= 0) return stepOf(live) > first;
  // With two services the pause is before the active one is turned over.
  const pauses = at(live, 'spec', 'strategy', 'blueGreen', 'autoPromotionEnabled') === false;
  const current = at(live, 'status', 'currentPodHash');
  return pauses && current !== undefined && at(live, 'status', 'blueGreen', 'activeSelector') === current;
}

const stepsOf = (live: Json): readonly Json[] => items(at(live, 'spec', 'strategy', 'canary', 'steps'));
const stepOf = (live: Json): number => number(at(live, 'status', 'currentStepIndex'), 0);

function progressOf(live: Json, paused: string): string {
  const steps = stepsOf(live);
  const index = stepOf(live);
  const current = steps[index];
  const where =
    steps.length === 0
      ? ''
      : current === undefined
        ? `behind all ${steps.length} steps`
        : `at step ${index + 1} of ${steps.length} (${describeStep(current)})`;
  const promoting = at(live, 'status', 'promoteFull') === true ? 'being promoted in full' : '';
  const facts = [`${paused} ${where}`.trim(), promoting, traffic(live, steps, index)];
  return facts.filter((fact) => fact !== '').join(', ') || 'under way';
}

/** `setWeight: 40`, `pause: 10m`, `analysis`. */
function describeStep(step: Json): string {
  const [name, value] = Object.entries(isRecord(step) ? step : {})[0] ?? ['unknown', undefined];
  const told = name === 'pause' ? at(value, 'duration') : value;
  return typeof told === 'string' || typeof told === 'number' ? `${name}: ${told}` : name;
}

/** What the router was told; without one, what the last step that is behind has asked for. */
function traffic(live: Json, steps: readonly Json[], index: number): string {
  const asked = steps.slice(0, index).findLast((step) => at(step, 'setWeight') !== undefined);
  const weight = number(
    at(live, 'status', 'canary', 'weights', 'canary', 'weight') ?? at(asked, 'setWeight'),
  );
  return Number.isNaN(weight) ? '' : `${weight} % of the traffic`;
}

function messageOf(status: Json): string {
  const own = text(at(status, 'message')) ?? conditionMessage(status) ?? '';
  const failed = analyses(status)
    .filter(({ phase }) => phase === 'Failed' || phase === 'Error' || phase === 'Inconclusive')
    .map(({ name, phase, message }) => `AnalysisRun ${name} ${phase}${message === '' ? '' : `: ${message}`}`)
    .filter((words) => !own.includes(words.slice(words.indexOf(': ') + 2)));
  return [own, ...failed].filter((part) => part !== '').join('; ');
}

const conditionMessage = (status: Json): string | undefined =>
  items(at(status, 'conditions'))
    .filter((one) => at(one, 'reason') === 'RolloutAborted' || at(one, 'type') === 'InvalidSpec')
    .map((one) => text(at(one, 'message')))
    .find((message) => message !== undefined);

function analyses(status: Json) {
  const [canary, blueGreen] = [at(status, 'canary'), at(status, 'blueGreen')];
  return [
    at(canary, 'currentStepAnalysisRunStatus'),
    at(canary, 'currentBackgroundAnalysisRunStatus'),
    at(blueGreen, 'prePromotionAnalysisRunStatus'),
    at(blueGreen, 'postPromotionAnalysisRunStatus'),
  ].flatMap((one) => {
    const name = text(at(one, 'name'));
    const [phase, message] = [text(at(one, 'status')) ?? '', text(at(one, 'message')) ?? ''];
    return name === undefined ? [] : [{ name, phase, message }];
  });
}

/** Generations of workloads are text in annotations and status. */
function number(value: Json, otherwise = Number.NaN): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : otherwise;
}
