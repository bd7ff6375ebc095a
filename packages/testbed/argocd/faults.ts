import type { App, AppFaults } from './app.ts';
import type { GrpcCode } from './errors.ts';
import type { Call } from './handlers.ts';
import { type HttpFault, type HttpFaults, htmlPage, type Match } from './http-faults.ts';
import { startOperation } from './operation.ts';
import type { Rig } from './rig.ts';
import type { Streams } from './stream.ts';
import type { HealthStatus, Operation, ResourceKey } from './types.ts';

/** Everything that can go wrong, on demand. Times in milliseconds. */
export interface Faults {
  /** The next refreshes answer 200 with the comparison before. */
  loseRefresh(app: string, times?: number): void;
  /** For so long nothing is written to the status, whatever happens. */
  staleStatus(app: string, ms: number): void;
  /** Each comparison takes so long; a refresh that arrives meanwhile is lost. */
  slowReconcile(app: string, ms: number): void;
  /** The next comparisons see this commit instead of the branch's head. */
  cachedRevision(app: string, commit: string, times?: number): void;
  /** What is rendered now is taken for every later commit, until a hard refresh. */
  keepManifests(app: string): void;
  /** The hydrator fails with this message; undefined takes it back. */
  failHydration(app: string, message: string | undefined): void;
  /** Auto-sync does nothing. */
  neverSync(app: string, on?: boolean): void;
  /** Somebody else's sync runs for so long, then applies. */
  busy(app: string, ms: number, username?: string): void;
  /** An operation written to the Application itself, past the API's checks. */
  writeOperation(app: string, operation: Operation): void;
  /** How hook Jobs end. */
  hooks(app: string, how: AppFaults['hooks']): void;
  /** The API server refuses the object with this message; undefined takes it back. */
  refuseApply(app: string, name: string, message: string | undefined): void;
  /** A resource has this health for so long, then the one that its rollout gives. */
  healthFor(app: string, resource: string, status: HealthStatus, ms: number): void;
  /** Any HTTP fault on the next `times` requests whose `METHOD /path?query` matches. */
  http(match: Match, fault: HttpFault, times?: number): () => void;
  /** An HTML page with status 200. */
  html(match: Match, times?: number): () => void;
  /** The Kubernetes API is away: GET and sync of an application answer 403. */
  kubernetesDown(on: boolean): void;
  /** The repo-server is away: 503, for sync 400 code 9 with `code = Unavailable`. */
  repoServerDown(on: boolean): void;
  expireToken(token: string): void;
  revokeToken(token: string): void;
  dropStreams(how?: 'end' | 'cut'): void;
  /** Ends every stream with this error as its last event: 16 as of a token that is over, 14 as of a server that stops. */
  failStreams(code: GrpcCode, message: string): void;
  /** Streams stay open and say nothing, as behind a proxy that has cut an idle connection. */
  muteStreams(on?: boolean): void;
  /** A proxy holds back what streams say, of those that open the headers as well. */
  bufferStreams(on?: boolean): void;
  /** The next changes are not told on streams. */
  loseEvents(times?: number): void;
  /** Streams end, and whatever is asked for so long is cut. */
  restart(ms: number): void;
  /** It is gone at once, with what it has deployed left in the cluster. */
  deleteApplication(app: string): void;
}

interface Parts {
  readonly rig: Rig;
  readonly http: HttpFaults;
  readonly outage: Call['outage'];
  readonly streams: Streams;
  readonly accounts: { expire(token: string): void; revoke(token: string): void };
  readonly app: (name: string) => App;
  readonly resource: (app: App, resource: string) => ResourceKey;
}

export function createFaults(parts: Parts): Faults {
  const { rig, app } = parts;
  return {
    loseRefresh(name, times = 1) {
      app(name).faults.loseRefreshes = times;
    },
    staleStatus(name, ms) {
      app(name).faults.staleUntil = rig.clock.now() + ms;
    },
    slowReconcile(name, ms) {
      app(name).faults.slowMs = ms;
    },
    cachedRevision(name, commit, times = 1) {
      app(name).faults.cached = { commit, left: times };
    },
    keepManifests(name) {
      const { faults, targets, status } = app(name);
      faults.kept = { manifests: targets, types: status.sourceTypes ?? [status.sourceType ?? ''] };
    },
    failHydration(name, message) {
      app(name).faults.hydration = message;
    },
    neverSync(name, on = true) {
      app(name).faults.neverSync = on;
    },
    busy(name, ms, username = 'someone-else') {
      const found = app(name);
      const [revision = 'HEAD'] = found.commits;
      const { source, syncPolicy } = found.spec;
      const operation: Operation = {
        sync: {
          revision,
          ...(source === undefined ? {} : { source }),
          ...(syncPolicy?.syncOptions === undefined ? {} : { syncOptions: syncPolicy.syncOptions }),
        },
        initiatedBy: { username },
        retry: {},
      };
      startOperation(rig, found, operation, ms);
    },
    writeOperation(name, operation) {
      startOperation(rig, app(name), operation);
    },
    hooks(name, how) {
      app(name).faults.hooks = how;
    },
    refuseApply(name, object, message) {
      if (message === undefined) app(name).faults.refuse.delete(object);
      else app(name).faults.refuse.set(object, message);
    },
    healthFor(name, resource, status, ms) {
      const key = parts.resource(app(name), resource);
      rig.cluster.setHealth(key, { status, message: `set to ${status} for ${ms} ms` });
      rig.clock.after(ms, () => rig.cluster.setHealth(key, undefined));
    },
    http: (match, fault, times) => parts.http.add(match, fault, times),
    html: (match, times) => parts.http.add(match, htmlPage, times),
    kubernetesDown(on) {
      parts.outage.kubernetes = on;
    },
    repoServerDown(on) {
      parts.outage.repoServer = on;
    },
    expireToken: (token) => parts.accounts.expire(token),
    revokeToken: (token) => parts.accounts.revoke(token),
    dropStreams: (how = 'cut') => parts.streams.drop(how),
    failStreams: (code, message) => parts.streams.fail(code, message),
    muteStreams(on = true) {
      parts.streams.faults.mute = on;
    },
    bufferStreams(on = true) {
      parts.streams.faults.buffered = on;
    },
    loseEvents(times = 1) {
      parts.streams.faults.lost = times;
    },
    restart(ms) {
      const over = parts.http.add(/./, { type: 'cut', when: 'before-headers' }, Number.POSITIVE_INFINITY);
      parts.streams.drop('end');
      rig.clock.after(ms, over);
    },
    deleteApplication(name) {
      const found = app(name);
      rig.apps.delete(name);
      parts.streams.deleted(found);
    },
  };
}
