/**
 * A small Argo CD with its cluster that knows the truth, for the property in `simulation.test.ts`. It shares nothing with the code
 * that decides: it speaks JSON, as the API does.
 */
export interface Knobs {
  readonly autoSync: boolean;
  readonly selfHeal: boolean;
  /** `ignoreDifferences` on the image: drift does not show as OutOfSync. */
  readonly ignoresImage: boolean;
  /** The Application's own parameters set the old image. */
  readonly override: boolean;
  /** Controller's clock against the server's, ms. */
  readonly clockOffset: number;
  /** How long the status shows the old health, ms. */
  readonly healthLag: number;
  readonly rollout: number;
  readonly rolloutEnds: 'Healthy' | 'Degraded';
  readonly comparison: number;
  readonly operation: number;
}

export const EVENTS = [
  'poll',
  'unrelated-commit',
  'overwrite',
  'put-back',
  'kubectl-set-image',
  'dry-run',
  'sync-old-revision',
  'sync-fails',
  'pods-crash',
  'pods-recover',
  'lose-refresh',
] as const;
export type SimulatorEvent = (typeof EVENTS)[number];

export const STEP = 250;
export const OLD = 'registry.example/api:1.3.9';
export const NEW = 'registry.example/api:1.4.2';

interface Commit {
  readonly sha: string;
  readonly image: string;
}
interface Running {
  readonly revision: number;
  readonly dryRun: boolean;
  readonly fails: boolean;
  readonly startedAt: number;
  readonly ends: number;
}
interface Truth {
  readonly time: number;
  readonly image: string;
  readonly health: string;
}

export function createSimulator(knobs: Knobs, start: number) {
  const commits: Commit[] = [];
  const push = (image: string): void => {
    commits.push({
      sha: String(commits.length + 1)
        .repeat(40)
        .slice(0, 40),
      image,
    });
  };
  push(OLD);
  let now = start;
  let live = { image: OLD, health: 'Healthy', rolledOutAt: undefined as number | undefined };
  const past: Truth[] = [{ time: now - 60_000, image: OLD, health: 'Healthy' }];
  let shown = { revision: 0, sync: 'Synced', reconciledAt: now - 30_000 };
  let health = { status: 'Healthy', since: now - 60_000 };
  let comparing: { revision: number; startedAt: number; ends: number } | undefined;
  let refreshWanted = false;
  let losesRefresh = false;
  let running: Running | undefined;
  let last: (Running & { phase: string }) | undefined;
  let attempted = 0;

  const render = (revision: number): string => (knobs.override ? OLD : (commits[revision]?.image ?? OLD));
  const head = (): number => commits.length - 1;
  const iso = (time: number): string => `${new Date(time + knobs.clockOffset).toISOString().slice(0, 19)}Z`;

  const compare = (revision: number): void => {
    comparing ??= { revision, startedAt: now, ends: now + knobs.comparison };
  };
  const operate = (fields: { revision: number; dryRun?: boolean; fails?: boolean }): void => {
    if (running !== undefined) return;
    const { revision, dryRun = false, fails = false } = fields;
    running = { revision, dryRun, fails, startedAt: now, ends: now + knobs.operation };
    last = undefined;
  };
  const rollOut = (image: string): void => {
    if (image !== live.image) live = { image, health: 'Progressing', rolledOutAt: now + knobs.rollout };
  };

  const endComparison = (): void => {
    if (comparing === undefined || now < comparing.ends) return;
    const { revision, startedAt } = comparing;
    const was = past.findLast(({ time }) => time <= startedAt)?.image ?? OLD;
    const differs = !knobs.ignoresImage && was !== render(revision);
    shown = { revision, sync: differs ? 'OutOfSync' : 'Synced', reconciledAt: startedAt };
    comparing = undefined;
    // Argo CD takes the annotation away when a running comparison ends, also one that was set meanwhile.
    if (losesRefresh) refreshWanted = false;
    losesRefresh = false;
    const mayTry = attempted !== revision || knobs.selfHeal;
    if (knobs.autoSync && differs && mayTry) {
      attempted = revision;
      operate({ revision });
    }
  };
  const endOperation = (): void => {
    if (running === undefined || now < running.ends) return;
    const { revision, dryRun, fails } = running;
    last = { ...running, phase: fails ? 'Failed' : 'Succeeded' };
    if (!dryRun && !fails) rollOut(render(revision));
    running = undefined;
    if (!dryRun) refreshWanted = true;
  };

  const events: Record<SimulatorEvent, () => void> = {
    poll: () => compare(shown.revision),
    'unrelated-commit': () => push(commits[head()]?.image ?? OLD),
    overwrite: () => push(OLD),
    'put-back': () => push(NEW),
    'kubectl-set-image': () => rollOut('registry.example/api:9.9.9'),
    'dry-run': () => operate({ revision: head(), dryRun: true }),
    'sync-old-revision': () => operate({ revision: 0 }),
    'sync-fails': () => operate({ revision: head(), fails: true }),
    'pods-crash': () => {
      live = { ...live, health: 'Degraded', rolledOutAt: undefined };
    },
    'pods-recover': () => {
      live = { ...live, health: 'Healthy', rolledOutAt: undefined };
    },
    'lose-refresh': () => {
      losesRefresh = true;
    },
  };

  return {
    push,
    now: () => now,
    happen: (event: SimulatorEvent) => events[event](),
    refresh: () => {
      refreshWanted = true;
    },
    sync: () => operate({ revision: head() }),
    tick: () => {
      now += STEP;
      if (live.rolledOutAt !== undefined && now >= live.rolledOutAt) {
        live = { ...live, health: knobs.rolloutEnds, rolledOutAt: undefined };
      }
      endOperation();
      endComparison();
      if (refreshWanted && comparing === undefined) {
        refreshWanted = false;
        compare(head());
      }
      past.push({ time: now, image: live.image, health: live.health });
      const visible = past.findLast(({ time }) => time <= now - knobs.healthLag)?.health ?? 'Healthy';
      if (visible !== health.status) health = { status: visible, since: now };
    },
    commits: (): readonly Commit[] => commits,
    /** Whether, at some moment of the last `window` ms, the cluster really ran the image and was well. */
    wasLive: (window: number): boolean =>
      past.some(
        ({ time, image, health: was }) => time >= now - window && image === NEW && was === 'Healthy',
      ) &&
      commits[shown.revision]?.image === NEW &&
      // A failure that a dry run has overwritten is one that nobody can see any more.
      !(last?.phase === 'Failed' && !last.dryRun && last.revision === shown.revision),
    wasDegraded: (window: number): boolean =>
      past.some(({ time, health: was }) => time >= now - window && was === 'Degraded'),
    comparesWithOurs: (): boolean => commits[shown.revision]?.image === NEW,
    resources: () => ({ rendered: render(shown.revision), live: live.image }),
    /** The body of `GET /api/v1/applications/payments`. */
    application: (): unknown => {
      const source = { repoURL: 'https://git.example/gitops.git', path: '.', targetRevision: 'main' };
      const destination = { server: 'https://kubernetes.default.svc', namespace: 'payments' };
      const key = { group: 'apps', kind: 'Deployment', namespace: 'payments', name: 'api' };
      const sha = (revision: number): string => commits[revision]?.sha ?? '';
      const request = ({ revision, dryRun }: Running) => ({
        sync: { revision: sha(revision), ...(dryRun && { dryRun }) },
      });
      const done = last && {
        operation: request(last),
        phase: last.phase,
        startedAt: iso(last.startedAt),
        finishedAt: iso(last.ends),
        syncResult: {
          revision: sha(last.revision),
          resources: [
            { ...key, status: last.fails ? 'SyncFailed' : 'Synced', images: [render(last.revision)] },
          ],
        },
      };
      return {
        metadata: { name: 'payments', namespace: 'argocd' },
        spec: {
          project: 'default',
          source,
          destination,
          ...(knobs.autoSync && { syncPolicy: { automated: { selfHeal: knobs.selfHeal } } }),
        },
        ...(running !== undefined && { operation: request(running) }),
        status: {
          sync: { status: shown.sync, revision: sha(shown.revision), comparedTo: { source, destination } },
          health: { status: health.status, lastTransitionTime: iso(health.since) },
          reconciledAt: iso(shown.reconciledAt),
          resources: [{ ...key, status: shown.sync, health: { status: health.status } }],
          ...(done !== undefined && { operationState: done }),
        },
      };
    },
  };
}
