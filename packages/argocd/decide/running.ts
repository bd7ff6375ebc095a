import { describeResource, keyOf, type OperationState, type ResourceKey } from '../observation.ts';
import { fieldsLeft, renderedDifferences } from './fields-left.ts';
import { defaultRegistryOf, runsImage } from './images.ts';
import {
  cannotAsk,
  comparedRevision,
  currentResources,
  generatedOf,
  isExact,
  isHookOf,
  isUnavailable,
  operationRevision,
  realOperation,
  wait,
} from './look.ts';
import { describeTarget, findTargets, imageEdits, type Target } from './targets.ts';
import type { Clause, ImageProof, Look } from './types.ts';

/** Live state as old as this is read again: where it did not show the image, and before anything is called live. */
const STALE_AFTER = 5000;

/** Clause 8: the cluster holds the images and the fields. What Git wants (`targetState`) and what some Pod has (`summary.images`) prove nothing. */
export const running: Clause = {
  name: 'running',
  gate: false,
  check(look) {
    if (imageEdits(look).length === 0 && renderedDifferences(look).length === 0) return undefined;
    const { resources } = look.evidence;
    if (isUnavailable(resources)) return cannotAsk('running', resources);
    const current = currentResources(look);
    if (current === undefined) return { type: 'ask', clause: 'running', evidence: 'resources' };
    const due = current.takenAt + STALE_AFTER;
    if (look.observed.takenAt >= due) return { type: 'ask', clause: 'running', evidence: 'resources' };
    const missing = unproven(look)[0];
    return missing && wait('running', missing.why, due);
  },
};

/** A part of the change that nothing shows in the cluster. */
export interface Unproven {
  readonly why: string;
  /** Only a sync can show it. */
  readonly hook: boolean;
}

/** What is not seen in the cluster: wanted images, fields of rendered objects, hooks that differ. */
export const unproven = (look: Look): readonly Unproven[] => [
  ...unprovenTargets(look).map((target) => ({ hook: target.hook, why: describeUnproven(target) })),
  ...fieldsLeft(look).map((why) => ({ hook: false, why })),
  ...hooksLeft(look).map((key) => ({ hook: true, why: `No sync has run the hook ${describeResource(key)}` })),
];

/** The containers that are not seen running the wanted image. */
const unprovenTargets = (look: Look): readonly Target[] =>
  findTargets(look).targets.filter((target) => !target.dormant && seenBy(target, look) === undefined);

/** Containers whose live image is another one. */
export const runningOther = (look: Look): readonly Target[] =>
  unprovenTargets(look).filter(({ live, podsLeft }) => live !== undefined && podsLeft === 0);

/** Hooks that the change has altered, and that no sync of a revision with the change has run. */
function hooksLeft(look: Look): readonly ResourceKey[] {
  const state = realOperation(look.application);
  const ran = state !== undefined && holdsChange(state, look) ? state.resources : [];
  return renderedDifferences(look)
    .filter(({ hook, gone }) => hook === true && gone !== true)
    .filter((key) => !ran.some((one) => isHookOf(one, key) && one.hookPhase === 'Succeeded'));
}

export function describeUnproven(target: Target): string {
  const what = describeTarget(target);
  if (target.podsLeft > 0)
    return `${target.podsLeft} Pods of ${describeResource(target.key)} still run what was before: its updateStrategy leaves that to you`;
  if (target.hook) return `No sync has run the hook ${what} with ${target.wanted}`;
  return target.live === undefined
    ? `Nothing shows what ${what} runs`
    : `${what} runs ${target.live.join(', ') || 'nothing'}, not ${target.wanted}`;
}

export function imageProofs(look: Look): readonly ImageProof[] {
  return findTargets(look).targets.flatMap((target) => {
    const seen = seenBy(target, look);
    if (seen === undefined) return [];
    const { key, container, wanted } = target;
    return [{ place: describeTarget(target), image: wanted, object: key, container, seen }];
  });
}

/** Where live state is known it decides; the result of a sync speaks only where it is not. */
function seenBy(target: Target, look: Look): ImageProof['seen'] | undefined {
  const { wanted, live } = target;
  const runs = (image: string): boolean =>
    runsImage(wanted, image, look.settings.registryAliases, defaultRegistryOf(look.expectation));
  if (target.dormant || target.podsLeft > 0) return undefined;
  if (live !== undefined) return live.length > 0 && live.every(runs) ? 'live-state' : undefined;
  const applied = realOperation(look.application);
  return applied !== undefined && proves(applied, target, runs, look) ? 'sync-result' : undefined;
}

function proves(
  state: OperationState,
  { key, hook }: Target,
  runs: (image: string) => boolean,
  look: Look,
): boolean {
  if (!holdsChange(state, look)) return false;
  return state.resources
    .filter((one) => (hook ? isHookOf(one, key) : keyOf(one) === keyOf(key)))
    .some((one) => one.images.some(runs) && (hook ? one.hookPhase === 'Succeeded' : one.status === 'Synced'));
}

/** Whether an operation applied a revision that contains the change. */
export function holdsChange(state: OperationState, look: Look): boolean {
  const revision = operationRevision(state, look);
  // The spec holds it, whatever the commit.
  if (generatedOf(look) !== undefined) return revision !== undefined;
  if (revision === undefined || !isExact(revision, look)) return false;
  if (revision === comparedRevision(look)) return true;
  const content = look.evidence.content.get(revision);
  return content !== undefined && !isUnavailable(content) && content.state === 'contained';
}
