import path from 'node:path';
import { createAccounts } from './accounts.ts';
import { type App, createApp, showApp } from './app.ts';
import { autoSync } from './autosync.ts';
import { createClock } from './clock.ts';
import { type Cluster, createCluster, type LiveObject, ownerOf } from './cluster.ts';
import { namespaceOf } from './compare.ts';
import { compare } from './controller.ts';
import { createFaults } from './faults.ts';
import { createGitReader, type GitReader } from './git.ts';
import { createHttpFaults } from './http-faults.ts';
import { imagesOf } from './manifest.ts';
import type { ApplicationOptions, ArgoCdStandIn, StandInOptions } from './options.ts';
import { createReplays } from './replay.ts';
import { fastTiming, type Rig, type Timing } from './rig.ts';
import { createApiServer, type SeenRequest } from './server.ts';
import { createStreams } from './stream.ts';
import type { ResourceKey, Source, Spec } from './types.ts';
import { liveManifest } from './views.ts';

function locator(options: StandInOptions): (repoURL: string) => string {
  const { gitBase, locate } = options;
  if (locate !== undefined) return locate;
  if (gitBase === undefined) return (repoURL) => repoURL;
  return (repoURL) => {
    const name = URL.canParse(repoURL) ? new URL(repoURL).pathname : repoURL;
    return path.join(gitBase, `${name.replace(/\.git$/, '')}.git`);
  };
}

function guard(git: GitReader, outage: { repoServer: boolean }): GitReader {
  const check = () => {
    if (!outage.repoServer) return;
    throw new Error(
      'code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:8081: connect: connection refused"',
    );
  };
  return {
    ...git,
    async resolve(repoURL, revision) {
      check();
      return git.resolve(repoURL, revision);
    },
    async files(repoURL, commit) {
      check();
      return git.files(repoURL, commit);
    },
  };
}

function specOf(options: ApplicationOptions): Spec {
  const source: Source = {
    repoURL: options.repoURL,
    path: options.path,
    targetRevision: options.targetRevision ?? 'HEAD',
    ...(options.helm === undefined ? {} : { helm: options.helm }),
    ...(options.kustomize === undefined ? {} : { kustomize: options.kustomize }),
    ...(options.directory === undefined ? {} : { directory: options.directory }),
  };
  const automated = options.automated === true ? {} : options.automated;
  const syncPolicy = {
    ...(automated === undefined || automated === false ? {} : { automated }),
    ...(options.syncOptions === undefined ? {} : { syncOptions: options.syncOptions }),
    ...(options.retry === undefined ? {} : { retry: options.retry }),
  };
  return {
    ...(options.sources === undefined ? { source } : { sources: options.sources }),
    destination: { server: 'https://kubernetes.default.svc', namespace: options.namespace ?? options.name },
    project: options.project ?? 'default',
    ...(Object.keys(syncPolicy).length > 0 ? { syncPolicy } : {}),
  };
}

/** The key of `web` or `Deployment/web` among the live objects of an application. */
function findResource(cluster: Cluster, app: App, resource: string): ResourceKey {
  const [first = '', second] = resource.split('/');
  const matches = cluster
    .all()
    .filter((live) => ownerOf(live) === app.name)
    .filter(({ key }) =>
      second === undefined ? key.name === first : key.kind === first && key.name === second,
    );
  const workload = matches.find((live) => imagesOf(live.manifest).length > 0) ?? matches[0];
  if (workload === undefined) throw new Error(`${app.name} has no live ${resource}`);
  return workload.key;
}

/** Starts an Argo CD 3.2 as its API shows it: real Git underneath, a cluster in memory. */
export async function startArgoCd(options: StandInOptions = {}): Promise<ArgoCdStandIn> {
  const clock = createClock(options.now);
  const timing: Timing = { ...fastTiming, ...options.timing };
  const apps = new Map<string, App>();
  const streams = createStreams(timing.keepAlive);
  const outage = { kubernetes: false, repoServer: false };
  let version = 1;
  let bad = new Set(options.badImages);
  const nextVersion = () => ++version;
  const seen = (live: LiveObject) => {
    const app = apps.get(ownerOf(live) ?? '');
    // Argo CD sees an event of the cluster a moment later; while a comparison runs, that one will see it.
    if (app !== undefined && app.operation === undefined)
      setImmediate(() => void compare(rig, app, 'recent'));
  };
  const cluster = createCluster({
    clock,
    nextVersion,
    rolloutMs: () => timing.rollout,
    progressDeadlineMs: () => timing.progressDeadline,
    isBadImage: (image) => bad.has(image),
    changed: seen,
  });
  const git = guard(createGitReader(locator(options)), outage);
  const rig: Rig = {
    clock,
    timing,
    cluster,
    git,
    apps,
    projects: new Map([['default', { name: 'default', windows: [] }]]),
    pods: options.pods ?? false,
    nextVersion,
    emit(app) {
      app.resourceVersion = nextVersion();
      app.generation += 1;
      streams.changed(app);
    },
    compared: (app) => autoSync(rig, app),
  };

  const find = (name: string): App => {
    const app = apps.get(name);
    if (app === undefined) throw new Error(`the stand-in has no application ${name}`);
    return app;
  };
  const accounts = createAccounts(clock);
  const httpFaults = createHttpFaults();
  const replays = createReplays();
  const requests: SeenRequest[] = [];
  const violations: string[] = [];
  const basePath = options.basePath ?? '';
  const server = createApiServer(
    { rig, accounts, faults: httpFaults, outage, replays, streams, basePath, requests, violations },
    options.tls,
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const resync = timing.resync > 0 ? setInterval(pollAll, timing.resync).unref() : undefined;

  function pollAll(): void {
    for (const app of apps.values()) void compare(rig, app, 'latest');
  }

  async function idle(name: string): Promise<void> {
    const app = find(name);
    do await clock.sleep(1);
    while (app.running !== undefined || app.comparing !== undefined);
    await clock.sleep(timing.statusLag + 5);
    if (app.running !== undefined || app.comparing !== undefined) await idle(name);
  }

  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}${basePath}`,
    timing,
    requests,
    violations,
    token: (wanted) => accounts.issue(wanted),
    async createApplication(wanted) {
      const spec = specOf(wanted);
      const { name, appNamespace: namespace = 'argocd', labels, annotations } = wanted;
      const app = createApp(
        { name, namespace, spec, ...(labels && { labels }), ...(annotations && { annotations }) },
        clock.now(),
      );
      apps.set(name, app);
      if (!rig.projects.has(spec.project))
        rig.projects.set(spec.project, { name: spec.project, windows: [] });
      if (wanted.deployed) {
        app.faults.neverSync = true;
        await compare(rig, app, 'latest');
        for (const target of app.targets) cluster.apply(target, namespaceOf(app));
        for (const live of cluster.all()) if (ownerOf(live) === name) cluster.settleNow(live.key);
        app.faults.neverSync = false;
      }
      await compare(rig, app, 'latest');
    },
    async updateSpec(name, change, { compare: now = true } = {}) {
      const app = find(name);
      app.spec = change(app.spec);
      rig.emit(app);
      if (now) await compare(rig, app, 'latest');
    },
    createProject(name, windows = []) {
      rig.projects.set(name, { name, windows });
    },
    application: (name) => showApp(find(name), true),
    setHealth(name, resource, status, message) {
      const key = findResource(cluster, find(name), resource);
      cluster.setHealth(
        key,
        status === 'auto' ? undefined : { status, ...(message === undefined ? {} : { message }) },
      );
    },
    live: (name) =>
      new Map(
        cluster
          .all()
          .filter((live) => ownerOf(live) === name)
          .map((live) => [`${live.key.kind}/${live.key.name}`, liveManifest(live)]),
      ),
    liveImages: (name) =>
      cluster
        .all()
        .filter((live) => ownerOf(live) === name)
        .flatMap((live) => imagesOf(live.manifest))
        .toSorted(),
    setLiveImage(name, resource, image, container) {
      cluster.setImage(findResource(cluster, find(name), resource), container, image);
    },
    setBadImages(images) {
      bad = new Set(images);
    },
    poll: (name) => compare(rig, find(name), 'latest'),
    idle,
    replay: (contents) => replays.add(contents),
    faults: createFaults({
      rig,
      http: httpFaults,
      outage,
      streams,
      accounts,
      app: find,
      resource: (app, resource) => findResource(cluster, app, resource),
    }),
    async close() {
      clearInterval(resync);
      clock.close();
      git.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type { ApplicationOptions, ArgoCdStandIn, StandInOptions };
