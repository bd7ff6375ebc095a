import { applicationBody, managedBody, manifestsOf, type Shown } from './answers.ts';
import { type Cluster, createCluster, type WorkloadKnobs } from './cluster.ts';
import { type Controller, createController, type Faults } from './controller.ts';
import { createGit, type Git } from './git.ts';
import { admitted, type Knobs, type OperationRequest, render, type Spec } from './model.ts';
import { createOperations, type Operations } from './operations.ts';
import { createTimeline, type Timeline } from './timeline.ts';

export const OLD = 'registry.example/api:1.3.9';
export const NEW = 'registry.example/api:1.4.2';
export const NEWER = 'registry.example/api:1.5.0';
const STRAY = 'registry.example/api:9.9.9';

export interface WorldKnobs extends Knobs {
  readonly workload: WorkloadKnobs;
  /** What hides the change from the beginning. */
  readonly override: 'none' | 'source-file' | 'application';
  /** Health of the other Deployment. */
  readonly worker: 'Healthy' | 'Degraded' | 'Progressing';
}

/** Argo CD with its Git and its cluster, and what people do to them. It shares nothing with the code that decides. */
export interface World {
  readonly knobs: WorldKnobs;
  readonly timeline: Timeline;
  readonly git: Git;
  readonly cluster: Cluster;
  readonly controller: Controller;
  readonly operations: Operations;
  /** The change of ours: the image, and the ConfigMap's value where that is given. */
  push(change: { readonly image?: string; readonly color?: string }): string;
  happen(event: WorldEvent): void;
  /** Until when argocd-server does not answer. */
  awayUntil(): number;
  /** Header `Date`: whole seconds. */
  date(): number;
  application(): unknown;
  /** `metadata.resourceVersion`: counts how often that has changed, as far as anybody looked. */
  readonly version: number;
  managedResources(): readonly unknown[];
  manifests(sha: string): readonly unknown[];
  refresh(how?: 'hard'): void;
  sync(request: OperationRequest): ReturnType<Operations['start']>;
}

type Events = ReturnType<typeof eventsOf>;
export type WorldEvent = keyof Events;

export function createWorld(knobs: WorldKnobs, start: number): World {
  const timeline = createTimeline(start);
  const git = createGit({
    ...{ image: OLD, color: 'red', extra: true },
    ...(knobs.override === 'source-file' && { override: OLD }),
  });
  const spec: Spec = {
    ...{ autoSync: knobs.autoSync, edition: 1 },
    ...(knobs.override === 'application' && { image: OLD }),
  };
  const image = admitted(OLD, knobs);
  const api = { image, pods: image, health: 'Healthy' } as const;
  const first = { api, worker: knobs.worker, color: 'red', extra: true };
  const cluster = createCluster(first, knobs.workload, timeline);
  const faults: Faults = {
    ...{ gitAway: undefined, controllerAway: false, staleManifests: 'no', windowClosed: false },
    ...{ failures: 0 },
  };
  const surroundings = { git, cluster, timeline, knobs, faults };
  const controller = createController(surroundings, spec);
  const operations = createOperations(surroundings, controller);
  const server = { awayUntil: start };
  const parts = { ...surroundings, controller, operations, server };
  const events = eventsOf(parts);
  let shownLast = '';
  let version = 0;
  /** The version of what is shown now. */
  const look = (): Shown => {
    const shown: Shown = {
      ...{ status: controller.status(), spec: controller.spec(), operation: operations.pending() },
      ...{ annotated: false, version: 0 },
    };
    const text = JSON.stringify(applicationBody(shown, knobs));
    if (text !== shownLast) version += 1;
    shownLast = text;
    return { ...shown, version };
  };

  return {
    ...{ knobs, timeline, git, cluster, controller, operations },
    push(change) {
      const { sha } = git.commit(change, { author: 'us' });
      timeline.note(`git: our commit ${sha.slice(-7)}`);
      return sha;
    },
    happen(event) {
      timeline.note(`event: ${event}`);
      events[event]();
    },
    awayUntil: () => server.awayUntil,
    date: () => Math.floor((timeline.now() + knobs.serverClock) / 1000) * 1000,
    application: () => applicationBody(look(), knobs),
    get version() {
      return look().version;
    },
    managedResources: () => managedBody(controller.status()),
    manifests: (sha) => {
      const commit = git.find(sha);
      return commit === undefined ? [] : manifestsOf(render(commit.content, controller.spec()));
    },
    refresh: (how) => controller.refresh(how),
    sync: (request) => operations.start(request),
  };
}

interface Parts {
  readonly git: Git;
  readonly cluster: Cluster;
  readonly timeline: Timeline;
  readonly knobs: Knobs;
  readonly faults: Faults;
  readonly controller: Controller;
  readonly operations: Operations;
  readonly server: { awayUntil: number };
}

/** What people and accidents do, by name. */
function eventsOf({ git, cluster, timeline, knobs, faults, controller, operations, server }: Parts) {
  const forAWhile = (ms: number, begin: () => void, end: () => void): void => {
    begin();
    timeline.after(ms, end);
  };
  const gitAway = (ms: number, message: string): void =>
    forAWhile(
      ms,
      () => {
        faults.gitAway = message;
      },
      () => {
        faults.gitAway = undefined;
      },
    );
  const window = (ms: number): void =>
    forAWhile(
      ms,
      () => {
        faults.windowClosed = true;
      },
      () => {
        faults.windowClosed = false;
      },
    );
  return {
    poll: () => controller.request('latest'),
    'unrelated-commit': () => void git.commit({}),
    overwrite: () => void git.commit({ image: OLD }),
    'overwrite-value': () => void git.commit({ color: 'green' }),
    'newer-run': () => void git.commit({ image: NEWER }, { author: 'sluice', newer: true }),
    'put-back': () => void git.commit({ image: NEW, color: 'blue' }),
    'put-back-value': () => void git.commit({ color: 'blue' }),
    'break-manifests': () => void git.commit({ broken: true }),
    'mend-manifests': () => void git.commit({ broken: false }),
    'source-file': () => void git.commit({ override: OLD }),
    'drop-extra': () => void git.commit({ extra: false }),
    'kubectl-set-image': () => cluster.apply(STRAY),
    'kubectl-set-old-image': () => cluster.apply(admitted(OLD, knobs)),
    'kubectl-set-value': () => cluster.set({ color: 'black' }),
    'kubectl-delete': () => cluster.remove(),
    'pods-crash': () => cluster.crash(),
    'pods-recover': () => cluster.recover(),
    blip: () => {
      cluster.crash();
      timeline.after(1500, () => cluster.recover());
    },
    'worker-crashes': () => cluster.set({ worker: 'Degraded' }),
    'worker-recovers': () => cluster.set({ worker: 'Healthy' }),
    'dry-run': () => void operations.start({ dryRun: true }),
    'partial-sync': () => void operations.start({ resources: ['settings'] }),
    'sync-head': () => void operations.start({}),
    'sync-first': () => void operations.start({ revision: git.commits[0]?.sha ?? '' }),
    terminate: () => operations.terminate(),
    'fail-once': () => {
      faults.failures = 1;
    },
    'fail-always': () => {
      faults.failures = 100;
    },
    'lose-refresh': () => {
      // A long look that began before: what is asked for while it runs is lost with it.
      controller.request('recent');
    },
    'git-away': () => gitAway(20_000, 'rpc error: code = Unavailable desc = connection error'),
    'git-away-long': () =>
      gitAway(
        90_000,
        'failed to list refs: Get "https://git.example": dial tcp: connect: connection refused',
      ),
    'git-odd': () => gitAway(15_000, 'rpc error: code = Unknown desc = something odd'),
    'controller-restart': () => controller.restart(8000),
    'server-restart': () => {
      server.awayUntil = Math.max(server.awayUntil, timeline.now() + 6000);
    },
    'window-closes': () => window(40_000),
    'stale-manifests': () => {
      faults.staleManifests = 'cached';
    },
    'stuck-manifests': () => {
      faults.staleManifests = 'stuck';
    },
    'set-image-in-application': () => controller.edit({ image: OLD }),
    'edit-application': () => controller.edit({ edition: controller.spec().edition + 1 }),
    'auto-sync-off': () => controller.edit({ autoSync: false }),
    'auto-sync-on': () => controller.edit({ autoSync: true }),
  } satisfies Record<string, () => void>;
}
