import type { App } from './app.ts';
import { withArtifacts } from './artifacts.ts';
import { autoSync } from './autosync.ts';
import { createClock } from './clock.ts';
import { createCluster, type LiveObject, ownerOf } from './cluster.ts';
import { inCluster } from './clusters.ts';
import { compare } from './controller.ts';
import { createGitReader, type GitReader } from './git.ts';
import type { Call } from './handlers.ts';
import { keyText } from './manifest.ts';
import type { StandInOptions } from './options.ts';
import { fastTiming, type Rig, type Timing } from './rig.ts';
import { createApplicationSets } from './sets/application-sets.ts';
import { applicationChanged } from './sets/managed-applications.ts';
import { locator } from './spec-of.ts';
import type { Streams } from './stream.ts';

/** The reader as the controller and the API reach it: through a repo-server that may be away. */
function throughRepoServer(git: GitReader, outage: Call['outage']): GitReader {
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

/** The parts that the controller works with, wired to each other. */
export function buildRig(options: StandInOptions, streams: Streams, outage: Call['outage']): Rig {
  const clock = createClock(options.now);
  const timing: Timing = { ...fastTiming, ...options.timing };
  const apps = new Map<string, App>();
  const badImages = new Set(options.badImages);
  const troubles: Rig['troubles'] = new Map();
  let version = 1;
  const nextVersion = () => ++version;
  // Argo CD sees an event of the cluster a moment later; an operation that runs looks at its end.
  const seen = (live: LiveObject) => {
    applicationChanged(rig, live);
    sets.changed(live);
    const app = apps.get(ownerOf(live) ?? '');
    if (app !== undefined && app.operation === undefined)
      setImmediate(() => void compare(rig, app, 'recent'));
  };
  const rig: Rig = {
    clock,
    timing,
    apps,
    badImages,
    troubles,
    nextVersion,
    cluster: createCluster({
      clock,
      nextVersion,
      rolloutMs: () => timing.rollout,
      progressDeadlineMs: () => timing.progressDeadline,
      isBadImage: (image) => badImages.has(image),
      hasTrouble: (key) => troubles.has(keyText(key)),
      changed: seen,
    }),
    git: throughRepoServer(withArtifacts(createGitReader(locator(options))), outage),
    folder: locator(options),
    projects: new Map([['default', { name: 'default', windows: [] }]]),
    requireOverride: options.requireOverride ?? false,
    clusters: [inCluster, ...(options.clusters ?? [])],
    pods: options.pods ?? false,
    emit(app) {
      app.resourceVersion = nextVersion();
      app.generation += 1;
      streams.changed(app);
    },
    compared(app) {
      autoSync(rig, app);
      sets.compared(app);
    },
    holdApplicationSets: (on) => sets.hold(on),
  };
  const sets = createApplicationSets(rig);
  return rig;
}
