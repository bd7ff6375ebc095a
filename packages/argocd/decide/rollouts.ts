import { describeResource, keyOf, type ResourceStatus } from '../observation.ts';
import { degradedFor } from './degraded.ts';
import { refresh } from './fresh.ts';
import { cannotAsk, currentResources, isSameObject, isUnavailable, verdict, wait } from './look.ts';
import { isRollout, type RolloutState, rolloutState } from './rollout.ts';
import { referenceOf, resourcesInScope } from './scope.ts';
import type { Finding, Look } from './types.ts';

/** Steps go on without a change of health, so without Argo CD showing anything. */
const LOOK_AGAIN_AFTER = 10_000;
/** A pause may last for days, and its end is a change of health. */
const LOOK_AGAIN_AT_PAUSE = 60_000;
/** Argo CD takes no notice of a status that changes no health: only a comparison shows it then. */
const COMPARE_AGAIN_AFTER = 10_000;
/** When a new update begins, the controller may note its generation a moment before it takes the abort of the last one back. */
const ABORT_STANDS = 3000;

/**
 * What a Rollout in scope keeps back: undefined where it has come as far as `until` asks for. Argo CD's health of it may be of the
 * update before; its own status says of which one it is.
 */
export function rolloutFinding(resource: ResourceStatus, look: Look): Finding {
  const { resources } = look.evidence;
  if (isUnavailable(resources)) return cannotAsk('healthy', resources);
  const state = stateOf(resource, look);
  if (state === undefined || isOld(resource, look))
    return { type: 'ask', clause: 'healthy', evidence: 'resources' };
  const name = describeResource(resource);
  if (state.observed === false) {
    const why = `${name} is ${state.progress}`;
    const early = look.settings.until === 'started' && resource.health !== 'Suspended';
    return early || isStale(resource)
      ? refresh(look, 'healthy', why, COMPARE_AGAIN_AFTER)
      : wait('healthy', why);
  }
  if (state.aborted) return aborted(resource, state, look);
  if (isFarEnough(resource, state, look)) return undefined;
  const resume = state.paused ? '; it goes on when it is promoted, or its pause is over' : '';
  const why = `${name} is ${state.progress}${resume}`;
  return isStale(resource) ? refresh(look, 'healthy', why, COMPARE_AGAIN_AFTER) : wait('healthy', why);
}

/** Healthy, while its live object says otherwise: one of the two is old. */
const isStale = ({ health }: ResourceStatus): boolean => health === 'Healthy';

/** It goes back to what was before; only somebody who retries it or another change brings it on. */
function aborted(resource: ResourceStatus, state: RolloutState, look: Look): Finding {
  const words = state.message === '' ? '' : `: ${state.message}`;
  const name = describeResource(resource);
  const why = `${name} was aborted${words}`;
  // Before it is Synced, this is of the update before; before Argo CD says so as well, it may have been retried since.
  if (resource.sync !== 'Synced' || (resource.health ?? 'Degraded') !== 'Degraded')
    return wait('healthy', why);
  const rest = ABORT_STANDS - degradedFor(resource, look);
  if (rest > 0) return wait('healthy', why, look.observed.takenAt + rest);
  return verdict(look, {
    verdict: 'failed',
    reason: 'rollout-aborted',
    sentence: why,
    missing: ['healthy'],
  });
}

function isFarEnough(resource: ResourceStatus, state: RolloutState, look: Look): boolean {
  const { settings, application } = look;
  const health = resource.health ?? application.health.status;
  if (state.complete && health === 'Healthy') return true;
  if (settings.until === 'complete' || (health !== 'Suspended' && health !== 'Progressing')) return false;
  return settings.until === 'started' ? state.begun : state.reachedPause;
}

export interface Rolling {
  readonly resource: ResourceStatus;
  /** How far it is. */
  readonly words: string;
}

/** The Rollouts in scope that have come as far as `until` asks for, and are not through. */
export function rollingOut(look: Look): readonly Rolling[] {
  if (look.settings.until === 'complete') return [];
  return resourcesInScope(look)
    .filter((one) => one.health !== 'Healthy' && isJudgedByItself(one, look))
    .flatMap((one) => {
      const state = stateOf(one, look);
      if (state === undefined || !isFarEnough(one, state, look)) return [];
      return [{ resource: one, words: `${describeResource(one)} is ${state.progress}` }];
    });
}

/** Whether its own status tells; where Argo CD shows no live object, its health alone does. Degraded by itself has a grace time. */
export function isJudgedByItself(resource: ResourceStatus, look: Look): boolean {
  if (!isRollout(resource)) return false;
  const current = currentResources(look);
  if (current === undefined) return true;
  const state = stateOf(resource, look);
  if (state === undefined) return false;
  if (isOld(resource, look)) return true;
  // Of what its status shows no reason for, Argo CD's health tells.
  const isUnlike = state.complete && resource.health !== undefined && resource.health !== 'Healthy';
  return !isUnlike && (resource.health !== 'Degraded' || state.aborted);
}

function stateOf(resource: ResourceStatus, look: Look): RolloutState | undefined {
  const item = itemOf(resource, look);
  if (item?.live === undefined) return undefined;
  const reference = referenceOf(item);
  const workload = currentResources(look)?.items.find(
    (one) => reference !== undefined && isSameObject({ ...reference, namespace: item.namespace }, one),
  );
  return rolloutState(item.live, workload?.live);
}

const itemOf = (resource: ResourceStatus, look: Look) =>
  currentResources(look)?.items.find((item) => isSameObject(item, resource));

/** Read before its health turned, or some time ago. */
function isOld(resource: ResourceStatus, look: Look): boolean {
  const takenAt = currentResources(look)?.takenAt ?? 0;
  const turned = look.history.resources.get(keyOf(resource));
  const sinceThen = turned?.changed === true && turned.since > takenAt;
  const isStill = resource.health === 'Suspended' && stateOf(resource, look)?.paused === true;
  const due = takenAt + (isStill ? LOOK_AGAIN_AT_PAUSE : LOOK_AGAIN_AFTER);
  return sinceThen || look.observed.takenAt >= due;
}
