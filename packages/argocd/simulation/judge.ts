import { type End, type Look, START } from './drive.ts';
import { culprits, holds } from './truth.ts';
import type { Health, State } from './world/cluster.ts';
import { admitted, outOfSync, render } from './world/model.ts';

/** Times of Argo CD have whole seconds; answers take some hundred milliseconds to and fro. */
const RESOLUTION = 1500;
/** As long as everything wanted has stood like this, with nothing in the way, a verdict must have come. */
const ENOUGH = 60_000;

/** What is wrong with the verdict of a history, held against what its cluster and its Git held; undefined where it is true. */
export function wrongWith(end: End): string | undefined {
  const { verdict, ended } = end;
  const last = end.looks.at(-1);
  if (last === undefined) return 'decided without an answer';
  if (ended === 'deadline') return tooLate(end, last);
  // Whatever it shows, what began before our commit is no answer to it.
  if (last.status.reconciledAt < START) return 'Argo CD has not compared since the commit';
  return (
    TRUTH[verdict.reason]?.(end, last) ?? (verdict.reason in TRUTH ? undefined : `${verdict.reason} here?`)
  );
}

type Check = (end: End, last: Look) => string | undefined;

const TRUTH: Readonly<Partial<Record<End['verdict']['reason'], Check>>> = {
  proven: (end, last) => {
    if (!holds(end.world.git.find(last.status.commit ?? ''), end.scenario)) return 'Git does not hold it';
    const { comparedTo } = last.status;
    if (comparedTo.image !== last.spec.image || comparedTo.edition !== last.spec.edition)
      return 'the status is of an older spec';
    const from = Math.min(last.status.liveAt, end.resourcesOf ?? Number.POSITIVE_INFINITY);
    if (!shown(end, from, last.time).some((state) => isLive(state, end)))
      return 'the cluster does not run it';
    return unsettled(end, last);
  },
  degraded: (end, last) => {
    const { graceMs } = end.scenario;
    const early = recent(end, last, graceMs - RESOLUTION - end.scenario.latency).find(
      (look) => !isDegraded(look.status.live, end),
    );
    if (early !== undefined) return 'it was not Degraded all the time';
    return isDegraded(end.world.cluster.at(last.status.liveAt), end) ? undefined : 'it is not Degraded';
  },
  'operation-failed': ({ scenario, world }, { status: { operationState: state, commit, revision } }) => {
    if (state?.phase !== 'Failed' && state?.phase !== 'Error') return 'no operation has failed';
    if (state.request.dryRun === true) return 'a dry run has failed';
    const of = state.revision ?? state.request.revision;
    return of === commit || of === revision || holds(world.git.find(of ?? ''), scenario)
      ? undefined
      : 'an operation of another revision has failed';
  },
  'sync-error': ({ world }, { status: { commit } }) =>
    world.operations.givenUp().has(commit ?? '') ? undefined : 'auto-sync has not given up',
  'comparison-error': ({ world, scenario }, { time, status: { commit, conditions } }) => {
    if (world.git.find(commit ?? '')?.content.broken === true) return undefined;
    const error = conditions.find(({ type }) => type === 'ComparisonError');
    // What nobody knows to be an outage counts as one for the grace time.
    const lasts = error !== undefined && time - error.since >= scenario.graceMs - RESOLUTION;
    return lasts && error.message.includes('something odd') ? undefined : 'the commit can be rendered';
  },
  'needs-sync': (end, { status, spec, pending }) => {
    if (pending !== undefined) return 'an operation runs';
    const { scenario } = end;
    const wants = scenario.sync === 'always' || (scenario.sync === 'when-manual' && !spec.autoSync);
    const done =
      status.operationState?.phase === 'Succeeded' && status.operationState.revision === status.commit;
    const different = outOfSync(status.difference);
    const pruneOnly = different.length === 1 && different[0] === 'extra' && !status.target.extra;
    const prunes = spec.autoSync && end.world.knobs.prune;
    if (pruneOnly && !prunes && (done || spec.autoSync)) return undefined;
    if (wants && !done) return 'a sync was asked for, and would have helped';
    return !spec.autoSync || (done && !end.world.knobs.selfHeal) ? undefined : 'auto-sync does it';
  },
  'sync-refused': ({ world }) =>
    world.timeline.notes.some(({ line }) => line.includes('Cannot sync to'))
      ? undefined
      : 'it was not refused',
  overwritten: (end) => overwritten(end, false),
  superseded: (end) => overwritten(end, true),
  'live-drift': (end, last) => {
    const from = Math.min(last.status.liveAt, end.resourcesOf ?? Number.POSITIVE_INFINITY);
    const states = end.world.cluster.between(from, last.time);
    return states.some((state) => !isApplied(state, end)) ? undefined : 'the cluster holds it';
  },
  overridden: ({ scenario, world }, { status: { commit, comparedTo } }) => {
    const content = world.git.find(commit ?? '')?.content;
    if (content === undefined || scenario.change.image === undefined) return 'no image is compared';
    return render(content, comparedTo).image === scenario.change.image ? 'nothing hides it' : undefined;
  },
  'stale-manifests': ({ scenario, world }, { status: { commit, comparedTo, target } }) => {
    const content = world.git.find(commit ?? '')?.content;
    if (content === undefined || target.image === scenario.change.image) return 'what is shown is all right';
    if (render(content, comparedTo).image !== scenario.change.image) return 'it is the commit that hides it';
    const anew = world.controller.renderedAnew();
    return anew === undefined ? 'nothing was rendered anew' : undefined;
  },
};

function overwritten({ verdict, world, scenario, ours }: End, newer: boolean): string | undefined {
  const commit = world.git.find(verdict.revision ?? '');
  if (commit === undefined) return 'it names no commit';
  if (holds(commit, scenario)) return 'that commit holds the change';
  const first = world.git.find(ours)?.index ?? 0;
  if (commit.index < first) return 'that commit is older than ours';
  const by = culprits(commit, first, scenario, world.git);
  return by.every((one) => one.newer) === newer ? undefined : 'it was overwritten by others than it says';
}

const wantedImage = ({ scenario, world }: End): string | undefined =>
  scenario.change.image && admitted(scenario.change.image, world.knobs);

/** The spec of the objects is what was wanted. */
function isApplied({ api, color }: State, end: End): boolean {
  const image = wantedImage(end);
  const { color: wanted } = end.scenario.change;
  return (image === undefined || api.image === image) && (wanted === undefined || color === wanted);
}

/** The Pods that serve run it, and are well. */
function isLive(state: State, end: End): boolean {
  const image = wantedImage(end);
  const { api, worker } = state;
  const runs = image === undefined || (api.pods === image && api.health === 'Healthy');
  if (!isApplied(state, end) || !runs) return false;
  if (end.scenario.scope !== 'application') return true;
  // What was broken before, and is not ours, is left so.
  const before = end.world.cluster.at(START);
  const isLeft = (now: Health, was: Health): boolean => now === 'Degraded' && was === 'Degraded';
  const apiLeft = image === undefined && isLeft(api.health, before.api.health);
  return (api.health === 'Healthy' || apiLeft) && (worker === 'Healthy' || isLeft(worker, before.worker));
}

const isDegraded = ({ api, worker }: State, { scenario }: End): boolean =>
  (scenario.change.image !== undefined && api.health === 'Degraded') ||
  (scenario.scope === 'application' && (worker === 'Degraded' || api.health === 'Degraded'));

const shown = ({ world }: End, from: number, to: number): readonly State[] => world.cluster.between(from, to);

const recent = ({ looks }: End, last: Look, ms: number): readonly Look[] =>
  looks.filter(({ time }) => time > last.time - ms);

/** What lies between two answers, or behind what Argo CD has not looked at yet, nobody can see. */
function unsettled(end: End, last: Look): string | undefined {
  const { settleMs } = end.scenario;
  const looks = recent(end, last, settleMs + 5000);
  const gaps = looks.map(({ time }, index) => time - (looks[index - 1]?.time ?? time));
  const { cacheLag, comparison } = end.world.knobs;
  const behind = cacheLag + comparison + end.scenario.latency;
  const unseen = Math.max(...gaps) + behind;
  const start = last.time - settleMs + RESOLUTION + unseen;
  const { cluster } = end.world;
  if (!cluster.between(Number.NEGATIVE_INFINITY, start).some((state) => isLive(state, end))) {
    return 'it was not live for so long';
  }
  return recent(end, last, settleMs - RESOLUTION - behind).every(({ status: { liveAt }, time }) =>
    cluster.between(liveAt, time).some((state) => isLive(state, end)),
  )
    ? undefined
    : 'it was not live all the time';
}

/** What has been so for so long that there is no excuse for having said nothing. */
function tooLate(end: End, last: Look): string | undefined {
  const stood = recent(end, last, ENOUGH + end.scenario.graceMs);
  // What nobody could ask may be anything.
  const away = end.verdict.reason === 'could-not-ask' && end.world.awayUntil() >= last.time;
  if (away || stood.length < 3) return undefined;
  return OBVIOUS.find(([, holds]) =>
    stood.every((look) => look.status.sync !== 'Unknown' && holds(look, end)),
  )?.[0];
}

type Obvious = readonly [string, (look: Look, end: End) => boolean];

const OBVIOUS: readonly Obvious[] = [
  [
    'all is as wanted, and has been for a minute',
    ({ status, pending }, end) =>
      pending === undefined &&
      (end.scenario.scope === 'changed' || status.sync === 'Synced') &&
      status.difference.api === 'Synced' &&
      status.difference.settings === 'Synced' &&
      isLive(status.live, end) &&
      holds(end.world.git.head(), end.scenario),
  ],
  [
    'something hides the image, and has for a minute',
    ({ status }, { world, scenario }) =>
      holds(world.git.find(status.commit ?? ''), scenario) &&
      scenario.change.image !== undefined &&
      status.target.image !== scenario.change.image,
  ],
  [
    'the sync of this commit has failed, and a minute ago',
    ({ status: { operationState: state, commit }, pending }) =>
      pending === undefined &&
      (state?.phase === 'Failed' || state?.phase === 'Error') &&
      state.request.dryRun !== true &&
      state.request.resources === undefined &&
      state.revision === commit,
  ],
  [
    'nobody will sync it, and has not for a minute',
    ({ status, spec, pending }, { scenario }) =>
      pending === undefined &&
      !spec.autoSync &&
      scenario.sync === 'never' &&
      (scenario.scope === 'application' ? status.sync : status.difference.api) === 'OutOfSync' &&
      scenario.change.image !== undefined,
  ],
];
