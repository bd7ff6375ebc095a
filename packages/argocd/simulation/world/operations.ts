import type { Controller, Surroundings } from './controller.ts';
import type { Commit } from './git.ts';
import {
  admitted,
  BRANCH,
  type ObjectName,
  type OperationRequest,
  type OperationState,
  outOfSync,
  type Phase,
  type Rendered,
} from './model.ts';

/** Syncs: those that somebody asks for, and auto-sync's own. */
export interface Operations {
  pending(): OperationRequest | undefined;
  start(request: OperationRequest): 'accepted' | 'busy' | 'window' | { readonly refused: string };
  terminate(): void;
  /** Commits that auto-sync will not try again. */
  givenUp(): ReadonlySet<string>;
}

/** Until the controller takes an operation up, ms. */
const PICKUP = 15;
const HOOK_RUNS = 1000;
const SELF_HEAL_AFTER = 5000;

export function createOperations(surroundings: Surroundings, controller: Controller): Operations {
  const { git, cluster, timeline, knobs, faults } = surroundings;
  let pending: OperationRequest | undefined;
  /** Steps of an operation that was terminated do not happen any more. */
  let turn = 0;
  const givenUp = new Set<string>();

  const later = (ms: number, action: () => void): void => {
    const mine = turn;
    timeline.after(ms, () => {
      if (mine !== turn) return;
      if (faults.controllerAway) later(1000, action);
      else action();
    });
  };

  const begin = (request: OperationRequest): void => {
    turn += 1;
    pending = request;
    controller.setOperationState(undefined);
    const startedAt = timeline.now() + PICKUP;
    later(PICKUP, () => {
      controller.setOperationState({ request, phase: 'Running', message: '', startedAt, retryCount: 0 });
      attempt(request, startedAt, 0);
    });
  };

  function attempt(request: OperationRequest, startedAt: number, retryCount: number): void {
    later(knobs.operation, () => {
      const state = { request, startedAt, retryCount };
      const commit = request.revision === undefined ? controller.resolve() : git.find(request.revision);
      if (commit === undefined || faults.gitAway !== undefined || commit.content.broken === true) {
        return over({
          ...state,
          phase: 'Error',
          message: `ComparisonError: ${faults.gitAway ?? 'cannot render'}`,
        });
      }
      const rendered = controller.rendered(commit);
      const done = { ...state, revision: commit.sha, rendered };
      if (faults.failures > 0) {
        faults.failures -= 1;
        return failed(done);
      }
      if (request.dryRun === true) return over({ ...done, ...SUCCEEDED });
      apply(rendered, request);
      if (knobs.hook === 'none' || request.resources !== undefined) return over({ ...done, ...SUCCEEDED });
      controller.setOperationState({ ...done, phase: 'Running', message: 'waiting for completion of hook' });
      whenHealthy(done);
    });
  }

  function failed(done: Omit<OperationState, 'phase' | 'message'>): void {
    const message = 'one or more objects failed to apply, reason: admission webhook denied the request';
    const { request, startedAt, retryCount } = done;
    if (request.automated !== true || retryCount >= knobs.retries) {
      over({ ...done, phase: 'Failed', message, failed: 'objects' });
      return;
    }
    controller.setOperationState({
      ...done,
      phase: 'Running',
      message: `${message}. Retrying attempt #${retryCount + 1} at 2:31AM.`,
      finishedAt: timeline.now(),
      retryCount: retryCount + 1,
      failed: 'objects',
    });
    later(knobs.retryDelay, () => attempt(request, startedAt, retryCount + 1));
  }

  function apply(rendered: Rendered, { resources, prune }: OperationRequest): void {
    const takes = (name: ObjectName): boolean => resources === undefined || resources.includes(name);
    if (takes('settings') && cluster.now().color !== rendered.color) cluster.set({ color: rendered.color });
    const { extra } = cluster.now();
    if (takes('extra') && extra !== rendered.extra && (rendered.extra || prune === true)) {
      cluster.set({ extra: rendered.extra });
    }
    if (takes('api')) cluster.apply(admitted(rendered.image, knobs));
  }

  /** A PostSync hook runs when all that was applied is Healthy. */
  function whenHealthy(done: Omit<OperationState, 'phase' | 'message'>): void {
    later(500, () => {
      const { health } = cluster.at(timeline.now() - knobs.cacheLag).api;
      if (health === 'Degraded')
        return over({ ...done, phase: 'Failed', message: 'one or more objects failed', failed: 'objects' });
      if (health !== 'Healthy') return whenHealthy(done);
      later(HOOK_RUNS, () =>
        knobs.hook === 'fails'
          ? over({
              ...done,
              phase: 'Failed',
              message: 'one or more synchronization tasks failed',
              failed: 'hook',
            })
          : over({ ...done, ...SUCCEEDED, hookRan: true }),
      );
    });
  }

  function over(state: Omit<OperationState, 'finishedAt'>): void {
    pending = undefined;
    turn += 1;
    controller.setOperationState({ ...state, finishedAt: timeline.now() });
    timeline.note(
      `operation: ${state.phase} at ${state.revision?.slice(-7) ?? '-'}${state.request.dryRun ? ' (dry run)' : ''}`,
    );
    // Only after manual ones the branch is asked anew.
    controller.request(state.request.automated === true ? 'latest' : 'resolve', knobs.statusLag);
  }

  controller.onCompared((commit) => {
    const message = autoSync(commit);
    if (message !== undefined) givenUp.add(commit.sha);
    controller.setSyncError(message);
  });

  /** Begins a sync where one is due; else says why it will not. */
  function autoSync(commit: Commit): string | undefined {
    const { operationState: last, difference } = controller.status();
    const different = outOfSync(difference);
    const { autoSync: on } = controller.spec();
    if (!on || pending !== undefined || different.length === 0 || faults.windowClosed) return undefined;
    if (!knobs.prune && different.every((name) => name === 'extra' && !commit.content.extra))
      return undefined;
    const request = { revision: commit.sha, automated: true, prune: knobs.prune };
    if (last?.revision !== commit.sha) {
      begin(request);
      return undefined;
    }
    if (last.phase !== 'Succeeded') return `Failed last sync attempt to [${commit.sha}]: ${last.message}`;
    if (!knobs.selfHeal) return undefined;
    const rest = (last.finishedAt ?? 0) + SELF_HEAL_AFTER - timeline.now();
    if (rest > 0) controller.request('recent', rest);
    else begin({ ...request, resources: different });
    return undefined;
  }

  return {
    pending: () => pending,
    givenUp: () => givenUp,
    start(request) {
      if (pending !== undefined) return 'busy';
      if (faults.windowClosed) return 'window';
      const { autoSync: on } = controller.spec();
      if (on && request.revision !== undefined && request.dryRun !== true)
        return { refused: `Cannot sync to ${request.revision}: auto-sync currently set to ${BRANCH}` };
      const revision = request.revision ?? controller.resolve()?.sha;
      if (revision === undefined) return { refused: 'code = Unavailable' };
      begin({ ...request, revision });
      return 'accepted';
    },
    terminate() {
      if (pending === undefined) return;
      const { operationState } = controller.status();
      const request = pending;
      const base = operationState ?? { request, startedAt: timeline.now(), retryCount: 0 };
      turn += 1;
      controller.setOperationState({ ...base, phase: 'Terminating', message: 'operation is terminating' });
      later(1000, () =>
        over({ ...base, phase: 'Failed', message: 'Operation terminated', ...revisionOf(request) }),
      );
    },
  };
}

const SUCCEEDED = { phase: 'Succeeded', message: 'successfully synced (all tasks run)' } as const satisfies {
  phase: Phase;
  message: string;
};

const revisionOf = ({ revision }: OperationRequest) => (revision === undefined ? {} : { revision });
