import type { Cluster } from './cluster.ts';
import type { Commit, Git } from './git.ts';
import {
  BRANCH,
  type Condition,
  differenceOf,
  isAllSynced,
  type Knobs,
  type OperationState,
  type Rendered,
  render,
  type Spec,
  type Status,
  worstHealth,
} from './model.ts';
import type { Timeline } from './timeline.ts';

/**
 * How much a reconcile looks at. `recent`: the cluster, at the revision that is shown; `latest`: the branch, by an answer of
 * `ls-remote` that may be cached; `resolve`: the branch, asked now.
 */
export type Level = 'recent' | 'latest' | 'resolve';
const LEVELS: readonly Level[] = ['recent', 'latest', 'resolve'];
const higher = (a: Level | undefined, b: Level): Level =>
  a !== undefined && LEVELS.indexOf(a) > LEVELS.indexOf(b) ? a : b;

/** What goes wrong around the controller, set from outside. */
export interface Faults {
  /** What an attempt to reach Git is answered with; undefined while it can be reached. */
  gitAway: string | undefined;
  controllerAway: boolean;
  /** The repo-server renders the next new commit from what it has cached of the one before. */
  staleManifests: 'no' | 'cached' | 'stuck';
  /** A sync window keeps syncs away. */
  windowClosed: boolean;
  /** So many attempts of operations fail from now on. */
  failures: number;
}

export interface Controller {
  status(): Status;
  spec(): Spec;
  edit(change: Partial<Spec> & { readonly image?: string | undefined }): void;
  setOperationState(state: OperationState | undefined): void;
  setSyncError(message: string | undefined): void;
  request(level: Level, delay?: number): void;
  /** `?refresh=`: the annotation is set, and taken away when a reconcile ends. */
  refresh(how?: 'hard'): void;
  /** The true time at which the last comparison began that was to render anew. */
  renderedAnew(): number | undefined;
  rendered(commit: Commit): Rendered;
  /** `ls-remote`, now. */
  resolve(): Commit | undefined;
  restart(away: number): void;
  /** The result of a comparison, for auto-sync. */
  onCompared(listener: (commit: Commit) => void): void;
}

export interface Surroundings {
  readonly git: Git;
  readonly cluster: Cluster;
  readonly timeline: Timeline;
  readonly knobs: Knobs;
  readonly faults: Faults;
}

export function createController(
  { git, cluster, timeline, knobs, faults }: Surroundings,
  first: Spec,
): Controller {
  const listeners: ((commit: Commit) => void)[] = [];
  let spec = first;
  let status = initialStatus();
  let cached = { commit: git.head(), until: timeline.now() + knobs.revisionCache };
  let running = 0;
  let wanted: Level | undefined;
  let annotated: 'no' | 'normal' | 'hard' = 'no';
  let renderedAnew: number | undefined;
  let failingSince: number | undefined;
  let generation = 0;

  function initialStatus(): Status {
    const live = cluster.now();
    const target = render(git.head().content, spec);
    const difference = differenceOf(target, live, knobs);
    return {
      sync: isAllSynced(difference) ? 'Synced' : 'OutOfSync',
      revision: git.head().sha,
      comparedTo: spec,
      reconciledAt: timeline.now() - knobs.resync / 4,
      health: worstHealth(live),
      healthSince: timeline.now() - 3_600_000,
      conditions: [],
      difference,
      live,
      target,
      liveAt: timeline.now(),
      commit: git.head().sha,
    };
  }

  const resolve = (): Commit | undefined => {
    if (faults.gitAway !== undefined) return undefined;
    cached = { commit: git.head(), until: timeline.now() + knobs.revisionCache };
    return cached.commit;
  };

  const commitFor = (level: Level): Commit | undefined => {
    if (level === 'recent') return git.find(status.revision) ?? resolve();
    return level === 'latest' && timeline.now() < cached.until ? cached.commit : resolve();
  };

  const kick = (): void => {
    if (running > 0 || faults.controllerAway) return;
    const level = annotated === 'no' ? wanted : 'resolve';
    const hard = annotated === 'hard';
    if (level === undefined) return;
    wanted = undefined;
    running += 1;
    const mine = generation;
    const startedAt = timeline.now();
    const duration = level === 'recent' ? Math.min(knobs.comparison, 50) : knobs.comparison;
    // The branch is asked first; the cluster is looked at when the manifests are there.
    timeline.after(duration / 4, () => {
      const commit = commitFor(level);
      const away = faults.gitAway;
      timeline.after((duration * 3) / 4, () => {
        if (mine !== generation) return;
        running -= 1;
        // Also one that was set meanwhile.
        annotated = 'no';
        if (hard) renderAnew(startedAt);
        end(level, startedAt, commit, away);
        kick();
      });
    });
  };

  /** What the repo-server makes of a commit. */
  function rendered(commit: Commit): Rendered {
    const stale = faults.staleManifests === 'no' ? undefined : git.commits[commit.index - 1];
    return render((stale ?? commit).content, spec);
  }

  function renderAnew(startedAt: number): void {
    renderedAnew = startedAt;
    if (faults.staleManifests === 'cached') faults.staleManifests = 'no';
  }

  function end(level: Level, startedAt: number, commit: Commit | undefined, away: string | undefined): void {
    const full = level !== 'recent';
    const error = errorOf(commit, away);
    if (error !== undefined || commit === undefined) {
      failingSince ??= startedAt;
      // Inside of the grace period nothing is written, unless the revision was asked for now.
      if (level !== 'resolve' && startedAt - failingSince < knobs.errorGrace) return;
      compareError(startedAt, error ?? '', commit);
      return;
    }
    failingSince = undefined;
    const liveAt = timeline.now() - knobs.cacheLag;
    const live = cluster.at(liveAt);
    const target = rendered(commit);
    const difference = differenceOf(target, live, knobs);
    write({
      sync: isAllSynced(difference) ? 'Synced' : 'OutOfSync',
      revision: commit.sha,
      comparedTo: spec,
      ...(full && { reconciledAt: startedAt }),
      conditions: status.conditions.filter(({ type }) => type !== 'ComparisonError'),
      difference,
      live,
      target,
      liveAt,
      commit: commit.sha,
    });
    for (const listener of listeners) listener(commit);
  }

  function compareError(startedAt: number, message: string, commit: Commit | undefined): void {
    const liveAt = timeline.now() - knobs.cacheLag;
    const before = status.conditions.find((one) => one.type === 'ComparisonError' && one.message === message);
    const error: Condition = before ?? { type: 'ComparisonError', message, since: timeline.now() };
    write({
      sync: 'Unknown',
      revision: BRANCH,
      comparedTo: spec,
      reconciledAt: startedAt,
      conditions: [...status.conditions.filter(({ type }) => type !== 'ComparisonError'), error],
      difference: { api: 'Unknown', settings: 'Unknown' },
      live: cluster.at(liveAt),
      liveAt,
      commit: commit?.sha,
    });
  }

  function write(change: Partial<Status>): void {
    status = { ...status, ...change };
    const health = worstHealth(status.live);
    if (health !== status.health) status = { ...status, health, healthSince: timeline.now() };
  }

  const request = (level: Level, delay = 0): void =>
    timeline.after(delay, () => {
      wanted = higher(wanted, level);
      kick();
    });

  const poll = (): void => {
    request('latest');
    timeline.after(knobs.resync, poll);
  };
  timeline.after(knobs.resync / 2, poll);
  cluster.onChange(() => request('recent', knobs.cacheLag));

  return {
    status: () => status,
    spec: () => spec,
    edit(change) {
      spec = { ...spec, ...change };
      request('resolve', 5);
    },
    setOperationState(state) {
      const { operationState: _, ...rest } = status;
      status = state === undefined ? rest : { ...rest, operationState: state };
    },
    setSyncError(message) {
      const before = status.conditions.find((one) => one.type === 'SyncError' && one.message === message);
      const others = status.conditions.filter(({ type }) => type !== 'SyncError');
      const error: Condition[] =
        message === undefined ? [] : [before ?? { type: 'SyncError', message, since: timeline.now() }];
      status = { ...status, conditions: [...others, ...error] };
    },
    request,
    renderedAnew: () => renderedAnew,
    refresh(how) {
      if (annotated !== 'hard') annotated = how ?? 'normal';
      timeline.after(5, kick);
    },
    rendered,
    resolve,
    restart(away) {
      timeline.note('controller: restarts');
      generation += 1;
      running = 0;
      faults.controllerAway = true;
      timeline.after(away, () => {
        faults.controllerAway = false;
        request('latest');
      });
    },
    onCompared: (listener) => listeners.push(listener),
  };
}

const BROKEN =
  'rpc error: code = Unknown desc = Manifest generation error (cached): `kustomize build <path>` failed exit status 1: Error: no such file';

/** What keeps a comparison from being made. */
function errorOf(commit: Commit | undefined, away: string | undefined): string | undefined {
  if (commit === undefined) return away ?? 'rpc error: code = Unavailable desc = connection error';
  return commit.content.broken === true ? BROKEN : undefined;
}
