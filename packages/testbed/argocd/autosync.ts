import { type App, isAutomated, isMultiSource, targetRevisions } from './app.ts';
import { condition } from './compare.ts';
import { sameJson, toJson } from './json.ts';
import { startOperation } from './operation.ts';
import { sourcesOf } from './render/render.ts';
import { blocked, type Rig } from './rig.ts';
import type { Operation, ResourceStatus, Revisions } from './types.ts';

/** What an operation at these commits records: one revision, or one for each source. */
export function revisionsAt(app: App, commits: readonly string[]): Revisions {
  const [revision = ''] = commits;
  const { source } = app.spec;
  if (isMultiSource(app.spec)) return { sources: sourcesOf(app.spec), revisions: commits };
  return source === undefined ? { revision } : { revision, source };
}

/** Whether the last operation was at the commits and the source that are wanted now. */
function alreadyAttempted(app: App): boolean {
  const last = app.status.operationState?.syncResult;
  if (last === undefined) return false;
  const wanted = revisionsAt(app, app.commits);
  return (
    sameJson(
      toJson(last.revisions ?? last.revision ?? null),
      toJson(wanted.revisions ?? wanted.revision ?? null),
    ) &&
    sameJson(toJson(last.sources ?? last.source ?? null), toJson(wanted.sources ?? wanted.source ?? null))
  );
}

function operationFor(app: App, heal: readonly ResourceStatus[]): Operation {
  const policy = app.spec.syncPolicy;
  const resources = heal.map((resource) => ({
    ...(resource.group === undefined ? {} : { group: resource.group }),
    kind: resource.kind,
    name: resource.name,
  }));
  return {
    sync: {
      ...revisionsAt(app, app.commits),
      ...(policy?.automated?.prune ? { prune: true } : {}),
      ...(resources.length > 0 ? { resources, autoHealAttemptsCount: app.autoHealAttempts } : {}),
      ...(policy?.syncOptions === undefined ? {} : { syncOptions: policy.syncOptions }),
    },
    initiatedBy: { automated: true },
    retry: policy?.retry ?? { limit: 5 },
  };
}

function showSyncError(rig: Rig, app: App, message: string): void {
  const others = (app.status.conditions ?? []).filter((one) => one.type !== 'SyncError');
  const text = `Failed last sync attempt to [${app.commits.join(' ')}]: ${message}`;
  app.status = {
    ...app.status,
    conditions: [...others, condition(app.status.conditions, 'SyncError', text, rig.clock.now())],
  };
  rig.emit(app);
}

/** Once a commit is not the failed one any more, its condition goes. */
function clearSyncError(rig: Rig, app: App): void {
  const conditions = (app.status.conditions ?? []).filter((one) => one.type !== 'SyncError');
  if (conditions.length === (app.status.conditions ?? []).length) return;
  app.status = { ...app.status, conditions };
  rig.emit(app);
}

/** Self-heal: the resources that drifted, put back by a partial operation. */
function heal(rig: Rig, app: App, drifted: readonly ResourceStatus[]): void {
  rig.clock.after(rig.timing.selfHeal, () => {
    if (app.operation !== undefined || app.status.sync.status !== 'OutOfSync') return;
    app.autoHealAttempts += 1;
    startOperation(rig, app, operationFor(app, drifted));
  });
}

/** Auto-sync after a comparison: never the same commit twice after a failure. */
export function autoSync(rig: Rig, app: App): void {
  if (!isAutomated(app.spec)) return;
  if (app.status.sync.status === 'Synced') clearSyncError(rig, app);
  if (app.operation !== undefined || app.faults.neverSync || app.status.sync.status !== 'OutOfSync') return;
  const automated = app.spec.syncPolicy?.automated;
  const drifted = (app.status.resources ?? []).filter((resource) => resource.status === 'OutOfSync');
  if (!automated?.prune && drifted.every((resource) => resource.requiresPruning)) return;
  if (blocked(rig, app, true) || targetRevisions(app.spec).length === 0) return;
  const state = app.status.operationState;
  if (state !== undefined && alreadyAttempted(app)) {
    if (state.phase !== 'Succeeded') showSyncError(rig, app, state.message ?? '');
    else if (automated?.selfHeal) heal(rig, app, drifted);
    return;
  }
  clearSyncError(rig, app);
  app.autoHealAttempts = 0;
  startOperation(rig, app, operationFor(app, []));
}
