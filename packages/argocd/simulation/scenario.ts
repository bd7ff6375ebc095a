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

export function scenarioOf(seed: number): Scenario {
  const random = createRandom(seed);
  const calm = random.chance(0.4);
  const knobs = knobsOf(random, calm);
  const changes = [{ image: NEW }, { image: NEW }, { image: NEW, color: 'blue' }, { color: 'blue' }] as const;
  const count = random.integer(0, 6);
  const events = Array.from({ length: count }, () => ({
    // Most of what matters happens while the change is on its way.
    at: random.chance(0.7) ? random.integer(-100, 400) / 10 : random.integer(-300, 1200) / 10,
    event: random.pick(calm || random.chance(0.4) ? HARMLESS : HARMFUL),
  }));
  const sync = random.pick(['never', 'when-manual', 'always'] as const);
  return {
    ...{ seed, knobs, calm, events, sync },
    change: random.pick(changes),
    scope: random.pick(['changed', 'changed', 'application']),
    prune: random.chance(0.3),
    settleMs: random.pick([5000, 10_000]),
    graceMs: random.pick([15_000, 30_000]),
    runnerClock: random.integer(-120_000, 120_000),
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
