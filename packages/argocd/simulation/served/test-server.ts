import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type Branch, type Commits, createRepositories, image } from './test-repositories.ts';

/** What a history knows of the run that looks at it; times in seconds since its first request. */
export interface Moment {
  readonly now: number;
  /** When a refresh was asked for: the first time and the last; undefined before. */
  readonly refreshed: readonly [first: number, last: number, count: number] | undefined;
  readonly hardRefreshed: boolean;
  /** When a sync was asked for last. */
  readonly synced: number | undefined;
  readonly commits: Commits;
}

export interface Operation {
  readonly phase: string;
  readonly at: string;
  readonly finished?: number;
  readonly message?: string;
  readonly dryRun?: boolean;
  readonly status?: string;
}

/** What Argo CD shows; what is left out is as it is when the change is live. */
export interface Shown {
  readonly revision?: string | null;
  readonly revisions?: readonly string[];
  readonly sync?: string;
  readonly health?: string;
  /** Of the application, where it is not that of the Deployment. */
  readonly overall?: string;
  readonly healthSince?: number;
  /** When the comparison that is shown began. */
  readonly compared?: number;
  readonly operation?: object;
  readonly last?: Operation | null;
  readonly conditions?: readonly { readonly type: string; readonly message: string; readonly at: number }[];
  readonly automated?: object | null;
  readonly resources?: readonly object[];
  /** What `managed-resources` shows. */
  readonly target?: string;
  readonly live?: string | null;
  /** What `manifests` shows at our commit. */
  readonly renders?: string;
  readonly source?: object;
  readonly comparedSource?: object;
  readonly deleting?: boolean;
  readonly otherSource?: object;
  /** Another answer than the application's, or none. */
  readonly answer?: { readonly status: number; readonly body: string } | 'none';
}

export interface History {
  readonly branch?: Branch;
  readonly shows: (moment: Moment) => Shown;
  /** `?refresh=` is answered never. */
  readonly refreshHangs?: boolean;
  /** The stream shows the application once, and loses what comes after. */
  readonly streamDrops?: boolean;
  readonly noStream?: boolean;
  /** What `POST sync` answers; by default it is accepted. */
  readonly syncAnswer?: { readonly status: number; readonly body: object };
}

export interface Served extends AsyncDisposable {
  readonly url: string;
  readonly commits: (branch: Branch) => Commits;
  add(name: string, history: History): void;
}

export const KEY = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'payments', name: 'api' };
const manifest = (tag: string) => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'api', namespace: 'payments' } },
  spec: { template: { spec: { containers: [{ name: 'app', image: image(tag) }] } } },
});

/** A small server below whose `/<name>` each history is served, as an Argo CD of its own. */
export async function serveHistories(): Promise<Served> {
  const repositories = createRepositories();
  const histories = new Map<string, ReturnType<typeof follow>>();
  const server = createServer((request, response) => {
    if (repositories.serve(request, response)) return;
    const url = new URL(request.url ?? '/', 'http://localhost');
    const [, name = '', path = ''] = /^\/([\w-]+)(\/api\/.*)$/.exec(url.pathname) ?? [];
    const history = histories.get(name);
    if (history === undefined) send(response, 404, { code: 5, message: 'no such history' });
    else void history(path, url.searchParams, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return {
    url,
    commits: (branch) => repositories.commits[branch],
    add: (name, history) =>
      histories.set(
        name,
        follow(
          history,
          `${url}/${history.branch ?? 'plain'}.git`,
          repositories.commits[history.branch ?? 'plain'],
        ),
      ),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      repositories[Symbol.dispose]();
    },
  };
}

function send(response: ServerResponse, status: number, body: object | string): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/html' : 'application/json';
  response.writeHead(status, { 'Content-Type': type }).end(text);
}

function follow(history: History, repoURL: string, commits: Commits) {
  let start: number | undefined;
  let refreshed: Moment['refreshed'];
  let hardRefreshed = false;
  let synced: number | undefined;
  const now = (): number => {
    start ??= Date.now();
    return (Date.now() - start) / 1000;
  };
  const moment = (): Moment => ({ now: now(), refreshed, hardRefreshed, synced, commits });
  const iso = (at: number): string => `${new Date((start ?? 0) + at * 1000).toISOString().slice(0, 19)}Z`;
  const shown = (): Shown => history.shows(moment());
  const body = (): object => applicationBody(shown(), moment(), { repoURL, iso });

  const stream = async (response: ServerResponse): Promise<void> => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    let before = '';
    while (!response.destroyed) {
      const application = body();
      const text = JSON.stringify(application);
      if (text !== before && !(history.streamDrops && before !== ''))
        response.write(`data: ${JSON.stringify({ result: { type: 'MODIFIED', application } })} \n\n\n`);
      before = text;
      await delay(100, undefined, { ref: false });
    }
  };

  const get = async (response: ServerResponse, refresh: string | null): Promise<void> => {
    if (refresh !== null) {
      const at = now();
      refreshed = [refreshed?.[0] ?? at, at, (refreshed?.[2] ?? 0) + 1];
      hardRefreshed ||= refresh === 'hard';
      if (history.refreshHangs === true) return;
      await delay(100);
    }
    send(response, 200, body());
  };

  const sync = (response: ServerResponse): void => {
    const { status, body: refusal } = history.syncAnswer ?? { status: 200, body: undefined };
    if (refusal === undefined) synced = now();
    send(response, status, refusal ?? body());
  };

  const manifests = (response: ServerResponse, revision: string | null): void =>
    send(response, 200, {
      manifests: [
        JSON.stringify(manifest(revision === commits.before ? '1.3.9' : (shown().renders ?? '1.4.2'))),
      ],
    });

  return (path: string, query: URLSearchParams, response: ServerResponse): void | Promise<void> => {
    const { answer } = shown();
    if (path === '/api/v1/applications') return send(response, 200, { items: [body()] });
    if (answer === 'none') return void response.destroy();
    if (answer !== undefined) return send(response, answer.status, answer.body);
    switch (path.replace(/^\/api\/v1\/(stream\/)?applications/, '$1')) {
      case 'stream/':
        return history.noStream === true ? send(response, 404, { code: 5, message: 'no' }) : stream(response);
      case '/payments':
        return get(response, query.get('refresh'));
      case '/payments/sync':
        return sync(response);
      case '/payments/managed-resources':
        return send(response, 200, { items: managed(shown()) });
      case '/payments/manifests':
        return manifests(response, query.get('revision'));
      default:
        return send(response, 200, {});
    }
  };
}

const managed = ({ target = '1.4.2', live = target }: Shown): readonly object[] => [
  {
    ...KEY,
    targetState: JSON.stringify(manifest(target)),
    liveState: JSON.stringify(live === null ? null : manifest(live)),
  },
];

interface Around {
  readonly repoURL: string;
  readonly iso: (at: number) => string;
}

function applicationBody(shown: Shown, { refreshed, commits }: Moment, { repoURL, iso }: Around): object {
  const { sync = 'Synced', health = 'Healthy', overall = health, automated = {}, healthSince = -900 } = shown;
  const source = { repoURL, path: 'apps/payments', targetRevision: 'main', ...shown.source };
  const sources = shown.otherSource === undefined ? undefined : [shown.otherSource, source];
  const of = (one: object) => (sources === undefined ? { source: one } : { sources });
  const destination = { server: 'https://kubernetes.default.svc', namespace: 'payments' };
  const revision = shown.revision === undefined ? commits.ours : shown.revision;
  const compared = shown.compared ?? (refreshed === undefined ? -60 : refreshed[1] + 0.05);
  return {
    metadata: {
      ...{ name: 'payments', namespace: 'argocd' },
      ...(shown.deleting === true && { deletionTimestamp: iso(0) }),
    },
    spec: {
      ...{ project: 'default', destination },
      ...of(source),
      ...(automated !== null && { syncPolicy: { automated } }),
    },
    ...(shown.operation !== undefined && { operation: shown.operation }),
    status: {
      sync: {
        status: sync,
        ...(revision !== null && shown.revisions === undefined && { revision }),
        ...(shown.revisions !== undefined && { revisions: shown.revisions }),
        comparedTo: { ...of(shown.comparedSource ?? source), destination },
      },
      health: { status: overall, lastTransitionTime: iso(healthSince) },
      reconciledAt: iso(compared),
      sourceType: 'Directory',
      resources: shown.resources ?? [{ ...KEY, status: sync, health: { status: health } }],
      conditions: (shown.conditions ?? []).map(({ type, message, at }) => ({
        ...{ type, message, lastTransitionTime: iso(at) },
      })),
      ...(shown.last !== null && { operationState: lastBody(shown.last ?? done(commits.ours), iso) }),
    },
  };
}

const done = (at: string): Operation => ({ phase: 'Succeeded', at, finished: -120 });

function lastBody(last: Operation, iso: (at: number) => string): object {
  const {
    phase,
    at,
    finished,
    message = 'successfully synced (all tasks run)',
    dryRun,
    status = 'Synced',
  } = last;
  return {
    operation: { sync: { revision: at, ...(dryRun === true && { dryRun }) } },
    ...{ phase, message, startedAt: iso((finished ?? 0) - 2) },
    ...(finished !== undefined && { finishedAt: iso(finished) }),
    syncResult: { revision: at, resources: [{ ...KEY, status, images: [image('1.4.2')] }] },
  };
}
