import type { History, Moment, Shown } from './test-server.ts';
import { KEY } from './test-server.ts';

/** What Argo CD was seen to show, each with the issue of argoproj/argo-cd that tells of it, and what may be said of it. */
export interface Told {
  readonly name: string;
  readonly history: History;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly verdict: string;
  readonly reason: string;
  /** Not before, in seconds since the first request. */
  readonly notBefore?: number;
}

const until = (
  seconds: number,
  shown: (moment: Moment) => Shown,
  then: (moment: Moment) => Shown = () => ({}),
) => ({ shows: (moment: Moment) => (moment.now < seconds ? shown(moment) : then(moment)) }) as const;
const always = (shown: (moment: Moment) => Shown): History => ({ shows: shown });

const LIVE = { verdict: 'live', reason: 'proven' } as const;
const TIMED_OUT = { verdict: 'timed-out', reason: 'timed-out' } as const;
const failed = (reason: string) => ({ verdict: 'failed', reason }) as const;
const SHORT = { timeout: '9s' };

const old = ({ commits }: Moment): Shown => ({
  ...{ revision: commits.before, target: '1.3.9' },
  last: { phase: 'Succeeded', at: commits.before, finished: -300 },
});
const error = (message: string, at: number): Shown => ({
  ...{ sync: 'Unknown', revision: 'main' },
  conditions: [{ type: 'ComparisonError', message, at }],
});

export const TOLD: readonly Told[] = [
  {
    name: 'terraform-provider-argocd 110: Synced and Healthy are those of the old commit, and stay so',
    history: always(old),
    inputs: SHORT,
    ...TIMED_OUT,
  },
  { name: '12211: already as wanted, nothing moves any more', history: always(() => ({})), ...LIVE },
  { name: 'the old commit is shown for 6 s', history: until(6, old), ...LIVE, notBefore: 6 },
  {
    name: '28392: the first refreshes are lost',
    history: always(({ refreshed }) => ({
      compared: (refreshed?.[2] ?? 0) < 3 ? -60 : (refreshed?.[1] ?? 0),
    })),
    ...LIVE,
  },
  {
    name: '28392: every refresh is lost',
    history: always(() => ({ compared: -60 })),
    inputs: SHORT,
    ...TIMED_OUT,
  },
  {
    name: '17205: refresh is never answered',
    history: { ...always(() => ({})), refreshHangs: true },
    ...LIVE,
  },
  {
    name: '5592: an attempt has failed, and the next is scheduled',
    history: always(({ commits }) => ({
      ...{ sync: 'OutOfSync', operation: { sync: { revision: commits.ours } } },
      last: {
        phase: 'Running',
        at: commits.ours,
        finished: 1,
        message: 'failed. Retrying attempt #2 at 2:31AM.',
      },
    })),
    inputs: SHORT,
    ...TIMED_OUT,
  },
  {
    name: 'a sync that failed, although all is Synced and Healthy: its hook did',
    history: always(({ commits }) => ({
      last: {
        phase: 'Failed',
        at: commits.ours,
        finished: 1,
        message: 'one or more synchronization tasks failed',
      },
    })),
    ...failed('operation-failed'),
  },
  {
    name: 'phase Error is a failure as well',
    history: always(({ commits }) => ({
      sync: 'OutOfSync',
      last: { phase: 'Error', at: commits.ours, finished: 1, message: 'ComparisonError: cannot render' },
    })),
    ...failed('operation-failed'),
  },
  {
    name: 'a failure of the commit before is not ours',
    history: always(({ commits }) => ({
      last: { phase: 'Failed', at: commits.before, finished: -200, message: 'one or more objects failed' },
    })),
    ...LIVE,
  },
  {
    name: 'auto-sync has given up on our commit',
    history: always(({ commits }) => ({
      ...{ sync: 'OutOfSync', live: '1.3.9' },
      last: { phase: 'Succeeded', at: commits.ours, finished: -100, dryRun: true },
      conditions: [
        {
          type: 'SyncError',
          message: `Failed last sync attempt to [${commits.ours}]: webhook denied`,
          at: 1,
        },
      ],
    })),
    ...failed('sync-error'),
  },
  {
    name: '26173: Degraded for a moment',
    history: until(
      6,
      ({ now }) => (now < 5 ? {} : { health: 'Degraded', healthSince: 5 }),
      () => ({ healthSince: 6 }),
    ),
    inputs: { settle: '3s', 'degraded-grace': '4s' },
    ...LIVE,
  },
  {
    name: 'Degraded, and it stays so',
    history: always(({ now }) => (now < 3 ? {} : { health: 'Degraded', healthSince: 3 })),
    ...failed('degraded'),
  },
  {
    name: '1562: right after the sync the old health is shown',
    history: always(({ now, commits }) => {
      if (now < 4.5) return { sync: 'OutOfSync', live: '1.3.9', last: null };
      const last = { phase: 'Succeeded', at: commits.ours, finished: 4.4 } as const;
      if (now < 4.8) return { last };
      return now < 9 ? { last, health: 'Progressing', healthSince: 4.8 } : { last, healthSince: 9 };
    }),
    inputs: { settle: '2s' },
    ...LIVE,
    notBefore: 9,
  },
  {
    name: '22558: Progressing for ever',
    history: always(() => ({ health: 'Progressing' })),
    inputs: SHORT,
    ...TIMED_OUT,
  },
  {
    name: 'the application is Healthy, and the Deployment is not there (since 3.4)',
    history: always(() => ({
      ...{ overall: 'Healthy', live: null, automated: { selfHeal: true } },
      resources: [{ ...KEY, status: 'OutOfSync', health: { status: 'Missing' } }],
    })),
    inputs: SHORT,
    ...TIMED_OUT,
  },
  {
    name: '10367: auto-sync goes back to the commit before for a while',
    history: always((moment) => {
      const { now, commits } = moment;
      if (now < 4) return { last: { phase: 'Succeeded', at: commits.ours, finished: -1 } };
      return now < 8 ? old(moment) : {};
    }),
    inputs: { settle: '2s' },
    ...LIVE,
    notBefore: 8,
  },
  {
    name: '19275: Synced at our commit, with the objects of the one before; a hard refresh helps',
    history: always(({ hardRefreshed }) => (hardRefreshed ? {} : { target: '1.3.9' })),
    inputs: { timeout: '25s' },
    ...LIVE,
  },
  {
    name: 'ignoreDifferences: Synced, and another image runs',
    history: always(() => ({ live: '1.3.9' })),
    inputs: SHORT,
    ...TIMED_OUT,
  },
  {
    name: '16601: the newest commit of the repository is shown, which is not ours',
    history: always(({ commits }) => ({ revision: commits.later })),
    ...LIVE,
  },
  {
    name: '23748: no revision, because nothing can be rendered',
    history: always(({ now }) => ({
      ...error('Manifest generation error (cached): `kustomize build` failed exit status 1', 2),
      revision: null,
      compared: now,
    })),
    ...failed('comparison-error'),
  },
  {
    name: 'nothing can be rendered, Healthy all the same',
    history: always(({ now }) => ({ ...error('apps/payments: app path does not exist', 2), compared: now })),
    ...failed('comparison-error'),
  },
  {
    name: 'Git was away for a while',
    history: until(6, ({ now }) => ({
      ...error('rpc error: code = Unavailable desc = connection error', 1),
      compared: now,
    })),
    ...LIVE,
    notBefore: 6,
  },
  {
    name: '17314: a sync waits for health that never comes',
    history: always(({ commits }) => ({
      operation: { sync: { revision: commits.ours } },
      last: {
        phase: 'Running',
        at: commits.ours,
        message: 'waiting for healthy state of apps/Deployment/api',
      },
      health: 'Progressing',
    })),
    inputs: SHORT,
    ...TIMED_OUT,
  },
  {
    name: 'a dry run lists the new image, and changes nothing',
    history: always(({ commits }) => ({
      live: '1.3.9',
      last: { phase: 'Succeeded', at: commits.ours, finished: 1, dryRun: true },
    })),
    inputs: SHORT,
    ...TIMED_OUT,
  },
  {
    name: '403 while kube-apiserver is away',
    history: until(6, ({ now }) =>
      now < 3 ? {} : { answer: { status: 403, body: '{"code":7,"message":"permission denied"}' } },
    ),
    inputs: { settle: '3s' },
    ...LIVE,
    notBefore: 6,
  },
  {
    name: 'an ingress answers 502 with a page',
    history: until(6, ({ now }) => (now < 3 ? {} : { answer: { status: 502, body: '<html>Bad Gateway' } })),
    inputs: { settle: '3s' },
    ...LIVE,
    notBefore: 6,
  },
  {
    name: 'connections are cut',
    history: until(6, ({ now }) => (now < 3 ? {} : { answer: 'none' })),
    inputs: { settle: '3s' },
    ...LIVE,
    notBefore: 6,
  },
  {
    name: 'auto-sync is off, and nobody asked for a sync',
    history: always(() => ({ automated: null, sync: 'OutOfSync', live: '1.3.9', last: null })),
    ...failed('needs-sync'),
  },
  {
    name: '20372: another operation is in progress',
    history: {
      shows: () => ({ automated: null, sync: 'OutOfSync', live: '1.3.9', last: null }),
      syncAnswer: { status: 400, body: { code: 9, message: 'another operation is already in progress' } },
    },
    inputs: { sync: 'when-manual', ...SHORT },
    ...TIMED_OUT,
  },
  {
    name: 'the sync that was asked for brings it',
    history: always(({ synced, commits }) =>
      synced === undefined
        ? { automated: null, sync: 'OutOfSync', live: '1.3.9', last: null }
        : {
            automated: null,
            healthSince: synced,
            last: { phase: 'Succeeded', at: commits.ours, finished: synced },
          },
    ),
    inputs: { sync: 'when-manual' },
    ...LIVE,
  },
  {
    name: 'the status is of an older spec',
    history: always(() => ({ comparedSource: { repoURL: 'https://elsewhere.example/x.git', path: 'y' } })),
    inputs: SHORT,
    ...TIMED_OUT,
  },
  {
    name: 'the Application sets the old image itself',
    history: always(() => ({
      target: '1.3.9',
      renders: '1.3.9',
      source: { kustomize: { images: ['registry.example/api:1.3.9'] } },
    })),
    verdict: 'not-effective',
    reason: 'overridden',
  },
  {
    name: 'somebody has set the old image back in Git',
    history: {
      branch: 'overwritten',
      shows: ({ commits }) => ({ revision: commits.later, target: '1.3.9' }),
    },
    verdict: 'drifted',
    reason: 'overwritten',
  },
  {
    name: 'a newer deployment has replaced it',
    history: { branch: 'superseded', shows: ({ commits }) => ({ revision: commits.later, target: '1.5.0' }) },
    verdict: 'superseded',
    reason: 'superseded',
  },
  {
    name: '1512: of several sources ours is the second',
    history: always(({ commits }) => ({
      otherSource: { repoURL: 'https://charts.example', chart: 'api', targetRevision: '1.0.0' },
      revisions: ['1.0.0', commits.ours],
      last: null,
    })),
    ...LIVE,
  },
  {
    name: '1512: of several sources the other one has moved, and ours has not',
    history: always(({ commits }) => ({
      otherSource: { repoURL: 'https://charts.example', chart: 'api', targetRevision: '1.0.0' },
      revisions: [commits.ours, commits.before],
      target: '1.3.9',
      last: null,
    })),
    inputs: SHORT,
    ...TIMED_OUT,
  },
  {
    name: '20106: the stream loses what comes after its first event',
    history: {
      ...until(8, (moment) => (moment.now < 3 ? old(moment) : { health: 'Progressing' })),
      streamDrops: true,
    },
    ...LIVE,
    notBefore: 8,
  },
  {
    name: 'a proxy lets no stream through',
    history: { ...until(6, old), noStream: true },
    ...LIVE,
    notBefore: 6,
  },
  {
    name: 'the Application is being deleted',
    history: always(() => ({ deleting: true })),
    inputs: SHORT,
    ...TIMED_OUT,
  },
];
