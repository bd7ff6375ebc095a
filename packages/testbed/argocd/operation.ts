import type { App } from './app.ts';
import { applyAll, type SyncOutcome } from './apply.ts';
import { goDuration, isoSeconds } from './clock.ts';
import { compare, generationError, renderAt } from './controller.ts';
import type { JsonObject } from './json.ts';
import { isObject, toJson } from './json.ts';
import { sourcesOf } from './render/render.ts';
import { blocked, type Rig } from './rig.ts';
import type { Operation, OperationState, Revisions, Source } from './types.ts';

function setState(rig: Rig, app: App, state: OperationState): void {
  app.status = { ...app.status, operationState: state };
  rig.emit(app);
}

/** Sources and commits of an operation: its own, or for one written by hand those of the spec. */
async function whereTo(
  rig: Rig,
  app: App,
  operation: Operation,
): Promise<{ sources: readonly Source[]; commits: readonly string[] }> {
  const { sync } = operation;
  const sources = sync.sources ?? (sync.source === undefined ? sourcesOf(app.spec) : [sync.source]);
  const asked = sync.revisions ?? [sync.revision ?? 'HEAD'];
  const commits = await Promise.all(
    sources.map((source, index) =>
      rig.git.resolve(source.repoURL, asked[index] ?? source.targetRevision ?? 'HEAD'),
    ),
  );
  return { sources, commits };
}

function recorded(app: App, operation: Operation): Revisions {
  const { sync } = operation;
  if (sync.sources !== undefined) {
    return { revision: '', source: { repoURL: '' }, sources: sync.sources, revisions: sync.revisions ?? [] };
  }
  const source = sync.source ?? app.spec.source;
  return { revision: sync.revision ?? '', ...(source === undefined ? {} : { source }) };
}

async function attempt(rig: Rig, app: App, operation: Operation): Promise<SyncOutcome> {
  try {
    const { sources, commits } = await whereTo(rig, app, operation);
    const desired = await renderAt(rig, app, sources, commits);
    return await applyAll(rig, app, operation, desired.manifests);
  } catch (error) {
    const message = `ComparisonError: Failed to load target state: ${generationError(error)}`;
    return { phase: 'Error', message, resources: undefined };
  }
}

/** One history entry for each operation that applied everything. */
function remember(app: App, operation: Operation, startedAt: string, now: number): void {
  const { sync } = operation;
  if (sync.dryRun || sync.resources !== undefined) return;
  const before = app.status.history ?? [];
  const lastId = before.at(-1)?.id;
  const entry = toJson({
    ...(sync.sources === undefined ? { revision: sync.revision } : {}),
    deployedAt: isoSeconds(now),
    id: typeof lastId === 'number' ? lastId + 1 : 0,
    source: sync.sources === undefined ? (sync.source ?? app.spec.source) : { repoURL: '' },
    deployStartedAt: startedAt,
    ...(sync.sources === undefined ? {} : { sources: sync.sources, revisions: sync.revisions }),
    initiatedBy: operation.initiatedBy,
  });
  const kept: readonly JsonObject[] = isObject(entry) ? [...before, entry] : before;
  app.status = { ...app.status, history: kept.slice(-(app.spec.revisionHistoryLimit ?? 10)) };
}

/** `2:31AM`: Go's time.Kitchen, which the retry message uses. */
function kitchen(ms: number): string {
  const date = new Date(ms);
  const minutes = String(date.getUTCMinutes()).padStart(2, '0');
  return `${date.getUTCHours() % 12 || 12}:${minutes}${date.getUTCHours() < 12 ? 'AM' : 'PM'}`;
}

function backoff(operation: Operation, retries: number): number {
  const { duration = '5s', factor = 2, maxDuration = '3m' } = operation.retry.backoff ?? {};
  return Math.min(goDuration(duration) * factor ** retries, goDuration(maxDuration));
}

interface Run {
  readonly operation: Operation;
  readonly startedAt: string;
  readonly terminated: () => boolean;
}

/** Waits while a window is closed; an operation that is terminated there stays, as it does in the product. */
async function waitForWindow(rig: Rig, app: App, run: Run): Promise<void> {
  const automated = run.operation.initiatedBy.automated ?? false;
  while (blocked(rig, app, automated)) {
    setState(rig, app, {
      operation: run.operation,
      phase: run.terminated() ? 'Terminating' : 'Running',
      message: 'Sync operation blocked by sync window',
      syncResult: recorded(app, run.operation),
      startedAt: run.startedAt,
    });
    await rig.clock.sleep(rig.timing.statusLag);
  }
}

async function runAttempts(rig: Rig, app: App, run: Run): Promise<OperationState> {
  const { operation, startedAt } = run;
  const base = { operation, startedAt };
  for (let retries = 0; ; retries++) {
    const outcome = await attempt(rig, app, operation);
    const count = retries > 0 ? { retryCount: retries } : {};
    const { resources } = outcome;
    const syncResult = { ...(resources === undefined ? {} : { resources }), ...recorded(app, operation) };
    const finishedAt = isoSeconds(rig.clock.now());
    if (run.terminated()) {
      return { ...base, phase: 'Failed', message: 'Operation terminated', syncResult, finishedAt, ...count };
    }
    if (outcome.phase === 'Succeeded' || retries >= (operation.retry.limit ?? 0)) {
      const message =
        retries > 0 && outcome.phase !== 'Succeeded'
          ? `${outcome.message} (retried ${retries} times).`
          : outcome.message;
      return { ...base, phase: outcome.phase, message, syncResult, finishedAt, ...count };
    }
    const wait = backoff(operation, retries);
    setState(rig, app, {
      ...base,
      phase: 'Running',
      message: `${outcome.message}. Retrying attempt #${retries + 1} at ${kitchen(rig.clock.now() + wait)}.`,
      syncResult,
      finishedAt,
      retryCount: retries + 1,
    });
    await rig.clock.sleep(wait * rig.timing.retryScale);
  }
}

async function run(
  rig: Rig,
  app: App,
  operation: Operation,
  terminated: () => boolean,
  holdMs: number,
): Promise<void> {
  await rig.clock.sleep(rig.timing.operation);
  const startedAt = isoSeconds(rig.clock.now());
  const running: Run = { operation, startedAt, terminated };
  setState(rig, app, { operation, phase: 'Running', syncResult: recorded(app, operation), startedAt });
  await rig.clock.sleep(holdMs + rig.timing.operation);
  await waitForWindow(rig, app, running);
  const state = await runAttempts(rig, app, running);
  if (state.phase === 'Succeeded') remember(app, operation, startedAt, rig.clock.now());
  rig.emit(app);
  app.operation = undefined;
  app.running = undefined;
  setState(rig, app, state);
  await rig.clock.sleep(rig.timing.statusLag);
  await compare(rig, app, 'recent');
  await compare(rig, app, operation.initiatedBy.automated ? 'cached' : 'latest');
}

/**
 * Starts an operation: it replaces the state of the one before at once, as the API server does.
 * @param holdMs keeps it running that long before anything is applied
 */
export function startOperation(rig: Rig, app: App, operation: Operation, holdMs = 0): void {
  const { operationState: _, ...status } = app.status;
  app.operation = operation;
  app.status = status;
  const running = { terminated: false, done: Promise.resolve() };
  app.running = running;
  rig.emit(app);
  running.done = run(rig, app, operation, () => running.terminated, holdMs);
}

/** `DELETE …/operation`; false when nothing runs. */
export function terminate(rig: Rig, app: App): boolean {
  const state = app.status.operationState;
  if (app.operation === undefined || app.running === undefined) return false;
  app.running.terminated = true;
  if (state !== undefined) setState(rig, app, { ...state, phase: 'Terminating' });
  return true;
}
