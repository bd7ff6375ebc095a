import { createRandom, type Random } from './world/random.ts';
import type { WorldEvent, WorldKnobs } from './world/world.ts';

/** One history: all that is not the decision's own doing follows from its seed. */
export interface Scenario {
  readonly seed: number;
  readonly knobs: WorldKnobs;
  /** Nothing happens that keeps the change from becoming live. */
  readonly calm: boolean;
  /** Seconds after the commit of ours. */
  readonly events: readonly { readonly at: number; readonly event: WorldEvent }[];
  readonly change: { readonly image?: string; readonly color?: string };
  readonly scope: 'changed' | 'application';
  readonly sync: 'never' | 'when-manual' | 'always';
  readonly prune: boolean;
  readonly settleMs: number;
  readonly graceMs: number;
  /** The runner's clock against the true time, ms. */
  readonly runnerClock: number;
  /** Answers take up to so long each way, ms. */
  readonly latency: number;
  /** Between two looks, where nothing is shown in between, ms. */
  readonly longestPause: number;
  readonly timeoutMs: number;
}

/** They pass by, and what is wanted comes all the same. */
const HARMLESS: readonly [WorldEvent, ...WorldEvent[]] = [
  'poll',
  'unrelated-commit',
  'dry-run',
  'partial-sync',
  'sync-head',
  'lose-refresh',
  'git-away',
  'git-odd',
  'controller-restart',
  'server-restart',
  'edit-application',
  'blip',
  'worker-crashes',
  'worker-recovers',
  'window-closes',
  'stale-manifests',
];

const HARMFUL: readonly [WorldEvent, ...WorldEvent[]] = [
  'overwrite',
  'overwrite-value',
  'newer-run',
  'put-back',
  'break-manifests',
  'mend-manifests',
  'source-file',
  'drop-extra',
  'kubectl-set-image',
  'kubectl-set-old-image',
  'kubectl-set-value',
  'kubectl-delete',
  'pods-crash',
  'pods-recover',
  'sync-first',
  'terminate',
  'fail-once',
  'fail-always',
  'git-away-long',
  'set-image-in-application',
  'auto-sync-off',
  'auto-sync-on',
];

const NEW = 'registry.example/api:1.4.2';

type Happening = Scenario['events'][number];

/** What seldom comes together by chance, and must not be rare: a part of the knobs, and what happens. */
const PLOTS: readonly [Plot, ...Plot[]] = [
  // Another deployment of the same project comes a little later.
  { knobs: {}, events: (random) => [{ at: random.integer(-20, 300) / 10, event: 'newer-run' }] },
  { knobs: {}, events: (random) => [{ at: random.integer(-20, 300) / 10, event: 'overwrite' }] },
  // Somebody changes the cluster, and nothing heals it.
  {
    knobs: { autoSync: true, selfHeal: false, ignoresImage: false, mirror: false, hook: 'none' },
    events: (random) => [{ at: random.integer(30, 250) / 10, event: 'kubectl-set-image' }],
  },
  // A dry run hides which sync has failed; the condition that auto-sync leaves still tells.
  {
    knobs: { autoSync: true, retries: 0 },
    events: (random) => [
      { at: -5, event: 'fail-always' },
      { at: random.integer(0, 80) / 10, event: 'dry-run' },
    ],
  },
  // The Pods come up, and fall over while everything settles.
  {
    knobs: { autoSync: true, override: 'none', hook: 'none' },
    events: (random) => [{ at: random.integer(50, 250) / 10, event: 'pods-crash' }],
  },
  {
    knobs: { autoSync: true },
    events: (random) => [{ at: random.integer(-20, 100) / 10, event: 'break-manifests' }],
  },
  // What is committed was there before, and is again: what Argo CD shows of the last time looks all right.
  {
    knobs: { autoSync: true },
    events: (random) => [{ at: random.integer(-300, -60) / 10, event: 'put-back' }],
  },
  {
    knobs: { autoSync: true, resync: 60_000 },
    events: (random) => [
      { at: -35, event: 'put-back' },
      { at: -34, event: 'poll' },
      { at: random.integer(-30, 0) / 10, event: random.pick(['overwrite', 'source-file']) },
    ],
  },
  // Argo CD is in the middle of a comparison when the commit comes, and its controller's clock is ahead.
  {
    knobs: { autoSync: true, revisionCache: 0, comparison: 3000, hook: 'none', override: 'none' },
    ahead: 2000,
    events: (random) => [
      { at: -35, event: 'put-back' },
      { at: -34, event: 'poll' },
      { at: random.integer(-150, -1) / 100, event: 'poll' },
    ],
  },
  // The commit mends what could not be rendered.
  {
    knobs: { autoSync: true, override: 'none' },
    events: () => [
      { at: -35, event: 'break-manifests' },
      { at: -34, event: 'poll' },
      { at: -0.01, event: 'mend-manifests' },
    ],
  },
  // Two take it away from it, one of them a newer deployment.
  {
    knobs: {},
    events: (random) => [
      { at: random.integer(0, 10) / 10, event: 'newer-run' },
      { at: random.integer(0, 10) / 10, event: 'overwrite-value' },
    ],
  },
  // The repo-server goes on with what it has cached; a hard refresh mends it, or not, and may get lost.
  {
    knobs: { autoSync: true, override: 'none', hook: 'none' },
    events: (random) => [
      { at: -1, event: random.pick(['stale-manifests', 'stale-manifests', 'stuck-manifests']) },
    ],
  },
];

interface Plot {
  readonly knobs: Partial<WorldKnobs>;
  /** The controller's clock before the server's, ms. */
  readonly ahead?: number;
  readonly events: (random: Random) => readonly Happening[];
}

export function scenarioOf(seed: number): Scenario {
  const random = createRandom(seed);
  const calm = random.chance(0.35);
  const plot = !calm && random.chance(0.35) ? random.pick(PLOTS) : undefined;
  const usual = knobsOf(random, calm);
  const controllerClock = plot?.ahead === undefined ? usual.controllerClock : usual.serverClock + plot.ahead;
  const knobs = { ...usual, ...plot?.knobs, controllerClock };
  const changes = [{ image: NEW }, { image: NEW }, { image: NEW, color: 'blue' }, { color: 'blue' }] as const;
  const count = random.integer(0, plot === undefined ? 6 : 2);
  const events = Array.from({ length: count }, () => ({
    // Most of what matters happens while the change is on its way.
    at: random.chance(0.7) ? random.integer(-100, 400) / 10 : random.integer(-300, 1200) / 10,
    event: random.pick(calm || plot !== undefined || random.chance(0.4) ? HARMLESS : HARMFUL),
  }));
  const sync = random.pick(['never', 'when-manual', 'always'] as const);
  const all = [...events, ...(plot?.events(random) ?? [])];
  const change: Scenario['change'] = random.pick(changes);
  // What came with the value in one commit would count as its doing.
  const isOther = ({ event }: Happening): boolean => event === 'put-back' && change.image === undefined;
  return {
    ...{ seed, knobs, calm, sync, change },
    events: all.map((one) => (isOther(one) ? { ...one, event: 'put-back-value' } : one)),
    scope: random.pick(['changed', 'changed', 'application']),
    prune: random.chance(0.3),
    settleMs: random.pick([5000, 10_000]),
    graceMs: random.pick([15_000, 30_000]),
    runnerClock: random.integer(-120_000, 120_000),
    latency: random.chance(0.85) ? 150 : 1500,
    longestPause: random.chance(0.85) ? 5000 : 30_000,
    timeoutMs: 300_000,
  };
}

function knobsOf(random: Random, calm: boolean): WorldKnobs {
  const ends = random.pick(['Healthy', 'Healthy', 'Healthy', 'recovers', 'Degraded'] as const);
  const override = random.pick(['none', 'none', 'none', 'none', 'source-file', 'application'] as const);
  const hook = random.pick(['none', 'none', 'succeeds', 'fails'] as const);
  const serverClock = random.integer(-1000, 1000);
  return {
    autoSync: random.chance(0.7),
    selfHeal: random.chance(0.4),
    prune: random.chance(0.5),
    ignoresImage: random.chance(0.2),
    mirror: random.chance(0.15),
    serverClock,
    controllerClock: serverClock + random.integer(-2000, 2000),
    cacheLag: random.chance(0.8) ? random.integer(5, 100) : random.integer(100, 2000),
    comparison: random.chance(0.8) ? random.integer(50, 800) : random.integer(800, 6000),
    operation: random.integer(50, 4000),
    statusLag: random.chance(0.8) ? random.integer(10, 30) : random.integer(30, 1500),
    resync: random.integer(60, 180) * 1000,
    revisionCache: random.pick([0, 30_000, 180_000]),
    errorGrace: random.pick([0, 180_000]),
    retries: random.integer(0, 3),
    retryDelay: random.integer(2000, 8000),
    hook: calm && hook === 'fails' ? 'succeeds' : hook,
    override: calm ? 'none' : override,
    worker: random.pick(['Healthy', 'Healthy', 'Healthy', 'Degraded']),
    workload: {
      reaction: random.integer(10, 1500),
      rollout: random.chance(0.8) ? random.integer(300, 12_000) : random.integer(12_000, 40_000),
      ends: calm ? 'Healthy' : ends,
      observesGeneration: random.chance(0.8),
    },
  };
}
