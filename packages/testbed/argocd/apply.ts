import type { App } from './app.ts';
import { extraObjects, namespaceOf } from './compare.ts';
import { compare } from './controller.ts';
import { groupVersion, hookOf, imagesOf, keyOf, kindOf, nameOf } from './manifest.ts';
import type { Rig } from './rig.ts';
import type { Manifest, Operation, ResourceKey, ResultResource } from './types.ts';

export interface SyncOutcome {
  readonly phase: 'Succeeded' | 'Failed' | 'Error';
  readonly message: string;
  readonly resources: readonly ResultResource[] | undefined;
}

const knownGroups = new Set(['', 'apps', 'batch', 'autoscaling', 'policy', 'argoproj.io']);

function known(manifest: Manifest): boolean {
  const { group } = groupVersion(manifest);
  return knownGroups.has(group) || group.endsWith('.k8s.io');
}

/** `deployment.apps/web`, as kubectl names an object. */
function kubectlName(key: ResourceKey): string {
  const group = key.group === '' ? '' : `.${key.group}`;
  return `${key.kind.toLowerCase()}${group}/${key.name}`;
}

function result(
  manifest: Manifest,
  key: ResourceKey,
  fields: Pick<ResultResource, 'message' | 'syncPhase'> & Partial<ResultResource>,
): ResultResource {
  const images = imagesOf(manifest);
  return {
    group: key.group,
    version: groupVersion(manifest).version,
    kind: key.kind,
    namespace: key.namespace,
    name: key.name,
    ...fields,
    ...(images.length > 0 ? { images } : {}),
  };
}

function inScope(operation: Operation, key: ResourceKey): boolean {
  const { resources } = operation.sync;
  return (
    resources === undefined ||
    resources.some(
      (one) =>
        (one.group ?? '') === key.group &&
        one.kind === key.kind &&
        one.name === key.name &&
        (one.namespace === undefined || one.namespace === key.namespace),
    )
  );
}

function applyOne(rig: Rig, app: App, manifest: Manifest, dryRun: boolean): ResultResource {
  const key = keyOf(manifest, namespaceOf(app));
  try {
    const refusal = app.faults.refuse.get(key.name);
    if (refusal !== undefined) throw new Error(refusal);
    if (dryRun) {
      const message = `${kubectlName(key)} ${rig.cluster.get(key) === undefined ? 'created' : 'configured'} (dry run)`;
      return result(manifest, key, { status: 'Synced', message, hookPhase: 'Succeeded', syncPhase: 'Sync' });
    }
    const word = rig.cluster.apply(manifest, namespaceOf(app));
    const message = `${kubectlName(key)} ${word}`;
    return result(manifest, key, { status: 'Synced', message, hookPhase: 'Running', syncPhase: 'Sync' });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return result(manifest, key, { status: 'SyncFailed', message, hookPhase: 'Failed', syncPhase: 'Sync' });
  }
}

function makeNamespace(rig: Rig, app: App, operation: Operation): readonly ResultResource[] {
  const name = namespaceOf(app);
  const wanted = operation.sync.syncOptions?.includes('CreateNamespace=true') ?? false;
  if (!wanted || rig.cluster.hasNamespace(name) || operation.sync.dryRun) return [];
  rig.cluster.addNamespace(name);
  const key = { group: '', kind: 'Namespace', namespace: '', name };
  const message = `namespace/${name} created`;
  return [
    result({ apiVersion: 'v1' }, key, {
      status: 'Synced',
      message,
      hookPhase: 'Running',
      syncPhase: 'PreSync',
    }),
  ];
}

/** Objects that Git no longer holds: deleted with `prune`, else only told. */
function pruneExtra(rig: Rig, app: App, operation: Operation): readonly ResultResource[] {
  return extraObjects(rig.cluster, app)
    .filter((live) => hookOf(live.manifest) === undefined && inScope(operation, live.key))
    .map((live) => {
      const prune = operation.sync.prune === true;
      if (prune && !operation.sync.dryRun) rig.cluster.remove(live.key);
      return result(live.manifest, live.key, {
        status: prune ? 'Pruned' : 'PruneSkipped',
        message: prune ? 'pruned' : 'ignored (requires pruning)',
        hookPhase: 'Succeeded',
        syncPhase: 'Sync',
      });
    });
}

interface HookRun {
  readonly results: readonly ResultResource[];
  readonly ok: boolean;
}

function show(rig: Rig, app: App, message: string, resources: readonly ResultResource[]): void {
  const state = app.status.operationState;
  if (state === undefined) return;
  app.status = {
    ...app.status,
    operationState: { ...state, message, syncResult: { ...state.syncResult, resources } },
  };
  rig.emit(app);
}

/** Hooks of one phase: created anew, and waited for. */
async function runHooks(rig: Rig, app: App, hooks: readonly Manifest[], phase: string): Promise<HookRun> {
  const results: ResultResource[] = [];
  for (const hook of hooks.filter((manifest) => hookOf(manifest) === phase)) {
    const key = keyOf(hook, namespaceOf(app));
    rig.cluster.remove(key);
    rig.cluster.apply(hook, namespaceOf(app));
    const begun = { message: `${kubectlName(key)} created`, hookType: phase, syncPhase: phase };
    const waiting = `waiting for completion of hook ${key.group}/${key.kind}/${key.name}`;
    show(rig, app, waiting, [...results, result(hook, key, { ...begun, hookPhase: 'Running' })]);
    await compare(rig, app, 'recent');
    do await rig.clock.sleep(rig.timing.statusLag);
    while (app.faults.hooks === 'hang' && app.running?.terminated === false);
    const ok = app.faults.hooks === 'succeed';
    const message = ok
      ? 'Reached expected number of succeeded pods'
      : 'Job has reached the specified backoff limit';
    rig.cluster.setHealth(key, { status: ok ? 'Healthy' : 'Degraded', message });
    await compare(rig, app, 'recent');
    results.push(
      result(hook, key, {
        message,
        hookType: phase,
        hookPhase: ok ? 'Succeeded' : 'Failed',
        syncPhase: phase,
      }),
    );
    if (!ok) return { results, ok };
  }
  return { results, ok: true };
}

function unknownKinds(app: App, manifests: readonly Manifest[]): SyncOutcome | undefined {
  const resources = manifests
    .filter((manifest) => !known(manifest))
    .map((manifest) => {
      const key = keyOf(manifest, namespaceOf(app));
      const message = `The Kubernetes API could not find ${key.group}/${kindOf(manifest)} for requested resource ${key.namespace}/${nameOf(manifest)}. Make sure the "${kindOf(manifest)}" CRD is installed on the destination cluster.`;
      return result(manifest, key, { status: 'SyncFailed', message, syncPhase: 'Sync' });
    });
  if (resources.length === 0) return undefined;
  return { phase: 'Failed', message: 'one or more synchronization tasks are not valid', resources };
}

const hookFailure = 'one or more synchronization tasks completed unsuccessfully';

/** One attempt of a sync operation: hooks, objects, pruning. */
export async function applyAll(
  rig: Rig,
  app: App,
  operation: Operation,
  manifests: readonly Manifest[],
): Promise<SyncOutcome> {
  const partial = operation.sync.resources !== undefined;
  const dryRun = operation.sync.dryRun === true;
  const objects = manifests.filter(
    (manifest) => hookOf(manifest) === undefined && inScope(operation, keyOf(manifest, namespaceOf(app))),
  );
  const hooks = partial || dryRun ? [] : manifests.filter((manifest) => hookOf(manifest) !== undefined);
  const invalid = unknownKinds(app, objects);
  if (invalid !== undefined) return invalid;
  const before = await runHooks(rig, app, hooks, 'PreSync');
  if (!before.ok) return { phase: 'Failed', message: hookFailure, resources: before.results };
  const pruned = pruneExtra(rig, app, operation);
  const namespace = makeNamespace(rig, app, operation);
  const applied = objects.map((manifest) => applyOne(rig, app, manifest, dryRun));
  const resources = [...before.results, ...pruned, ...namespace, ...applied];
  const failed = applied.filter((one) => one.status === 'SyncFailed');
  if (failed.length > 0) {
    const reasons = failed.map((one) => one.message).join(',');
    return { phase: 'Failed', message: `one or more objects failed to apply, reason: ${reasons}`, resources };
  }
  const after = await runHooks(rig, app, hooks, 'PostSync');
  const all = [...resources, ...after.results];
  if (!after.ok) return { phase: 'Failed', message: hookFailure, resources: all };
  const message = dryRun ? 'successfully synced (no more tasks)' : 'successfully synced (all tasks run)';
  return { phase: 'Succeeded', message, resources: all };
}
