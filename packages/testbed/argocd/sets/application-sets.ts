import type { App } from '../app.ts';
import { isoSeconds } from '../clock.ts';
import type { LiveObject } from '../cluster.ts';
import {
  at,
  isObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  put,
  sameJson,
  textAt,
  toJson,
} from '../json.ts';
import type { Rig } from '../rig.ts';
import type { Manifest } from '../types.ts';
import { type Desired, generate } from './generate.ts';
import { setOf } from './managed-applications.ts';
import { isRolling, roll } from './rolling-sync.ts';

const isSet = ({ key }: LiveObject): boolean => key.group === 'argoproj.io' && key.kind === 'ApplicationSet';

/** What the ApplicationSet controller does: Applications from ApplicationSets. */
export interface ApplicationSets {
  /** The cluster has an ApplicationSet, or has it no more. */
  changed(live: LiveObject): void;
  /** An Application has been compared: RollingSync goes on. */
  compared(app: App): void;
  /** It reconciles nothing until it is let go again. */
  hold(on: boolean): void;
}

const policyOf = (set: Manifest): string => textAt(set, 'spec', 'syncPolicy', 'applicationsSync') ?? 'sync';

export function createApplicationSets(rig: Rig): ApplicationSets {
  /** What was reconciled last of each, by uid: a new status is nothing to reconcile. */
  const seen = new Map<string, Json | undefined>();
  const due = new Set<string>();
  let held = false;

  function soon(live: LiveObject): void {
    if (due.has(live.uid)) return;
    due.add(live.uid);
    rig.clock.after(rig.timing.operation, () => {
      if (held) return;
      due.delete(live.uid);
      const now = rig.cluster.get(live.key);
      if (now !== undefined) reconcile(rig, now);
    });
  }

  return {
    changed(live) {
      if (!isSet(live) || rig.cluster.get(live.key) === undefined) return;
      if (sameJson(seen.get(live.uid), live.manifest.spec)) return;
      seen.set(live.uid, live.manifest.spec);
      soon(live);
    },
    compared(app) {
      const name = setOf(app);
      const live = rig.cluster.all().find((one) => isSet(one) && one.key.name === name);
      if (live !== undefined && isRolling(live.manifest)) soon(live);
    },
    hold(on) {
      held = on;
      if (on) return;
      for (const live of rig.cluster.all().filter(isSet)) {
        due.delete(live.uid);
        soon(live);
      }
    },
  };
}

export const membersOf = (rig: Rig, set: LiveObject): readonly App[] =>
  [...rig.apps.values()].filter((app) => app.owners.some((owner) => owner.uid === set.uid));

function reconcile(rig: Rig, live: LiveObject): void {
  try {
    const desired = generate(live.manifest);
    const faults = desired.map((_, index) => faultOf(rig, live, desired, index));
    const valid = desired.filter((_, index) => faults[index] === undefined);
    for (const one of valid) createOrUpdate(rig, live, one);
    if (['sync', 'create-delete'].includes(policyOf(live.manifest))) {
      for (const app of membersOf(rig, live)) {
        if (!desired.some(({ name }) => name === app.name)) removeApplication(rig, live, app.name);
      }
    }
    const said = faults.filter((fault) => fault !== undefined);
    const message = said.length > 1 ? `${said.at(-1)} (and ${said.length - 1} more)` : said[0];
    writeStatus(rig, live, message, 'ApplicationValidationError');
    const now = rig.cluster.get(live.key);
    if (now !== undefined && isRolling(now.manifest)) roll(rig, now, membersOf(rig, now));
  } catch (error) {
    writeStatus(
      rig,
      live,
      error instanceof Error ? error.message : String(error),
      'RenderTemplateParamsError',
    );
  }
}

function faultOf(rig: Rig, set: LiveObject, all: readonly Desired[], index: number): string | undefined {
  const { name = '', spec = {} } = all[index] ?? {};
  if (all.slice(0, index).some((one) => one.name === name))
    return `ApplicationSet ${set.key.name} contains applications with duplicate name: ${name}`;
  const project = textAt(spec, 'project') ?? '';
  return rig.projects.has(project)
    ? undefined
    : `application references project ${project} which does not exist`;
}

const keyOf = (set: LiveObject, name: string) => ({
  ...{ group: 'argoproj.io', kind: 'Application' },
  ...{ namespace: set.key.namespace, name },
});

function createOrUpdate(rig: Rig, set: LiveObject, desired: Desired): void {
  const { name, labels, annotations } = desired;
  const spec = isRolling(set.manifest) ? withoutAutoSync(desired.spec) : desired.spec;
  const found = rig.cluster.get(keyOf(set, name));
  if (found === undefined) {
    const owner = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'ApplicationSet',
      name: set.key.name,
      uid: set.uid,
    };
    const ownerReferences = [{ ...owner, controller: true, blockOwnerDeletion: true }];
    const metadata = { name, namespace: set.key.namespace, labels, annotations, ownerReferences };
    rig.cluster.apply(
      { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata, spec },
      set.key.namespace,
    );
    return;
  }
  if (['create-only', 'create-delete'].includes(policyOf(set.manifest))) return;
  const kept = withIgnored(set.manifest, name, objectAt(found.manifest, 'spec'), spec);
  if (!sameJson(kept, found.manifest.spec)) rig.cluster.replace(found.key, { ...found.manifest, spec: kept });
}

/** RollingSync takes auto-sync away: it syncs by itself. */
function withoutAutoSync(spec: JsonObject): JsonObject {
  const { automated: _, ...syncPolicy } = objectAt(spec, 'syncPolicy');
  return { ...spec, syncPolicy };
}

/** What `ignoreApplicationDifferences` names stays as the Application has it: pointers, and plain paths of jq. */
function withIgnored(set: Manifest, name: string, live: JsonObject, desired: JsonObject): JsonObject {
  const rules = listAt(set, 'spec', 'ignoreApplicationDifferences').filter(
    (rule) => (textAt(rule, 'name') ?? name) === name,
  );
  const pointers = rules.flatMap((rule) => [
    ...listAt(rule, 'jsonPointers').map((one) => String(one).split('/').slice(2)),
    ...listAt(rule, 'jqPathExpressions').map((one) => String(one).split('.').slice(2)),
  ]);
  return pointers.reduce((spec, keys) => put(spec, keys, at(live, ...keys)), desired);
}

function removeApplication(rig: Rig, set: LiveObject, name: string): void {
  rig.cluster.remove(keyOf(set, name));
}

/** Conditions keep their time while their status stays. */
function conditionsOf(
  set: Manifest,
  now: string,
  fault: string | undefined,
  reason: string,
): readonly Json[] {
  const bad = fault !== undefined;
  const good = 'Successfully generated parameters for all Applications';
  const wanted = [
    {
      type: 'ErrorOccurred',
      status: bad ? 'True' : 'False',
      message: fault ?? good,
      reason: bad ? reason : 'ApplicationSetUpToDate',
    },
    { type: 'ParametersGenerated', status: 'True', message: good, reason: 'ParametersGenerated' },
    {
      type: 'ResourcesUpToDate',
      status: bad ? 'False' : 'True',
      message: fault ?? 'All applications have been generated successfully',
      reason: bad ? reason : 'ApplicationSetUpToDate',
    },
  ];
  const before = listAt(set, 'status', 'conditions');
  return wanted.map((one) => {
    const same = before.find(
      (old) => textAt(old, 'type') === one.type && textAt(old, 'status') === one.status,
    );
    return { ...one, lastTransitionTime: textAt(same, 'lastTransitionTime') ?? now };
  });
}

function writeStatus(rig: Rig, live: LiveObject, fault: string | undefined, reason: string): void {
  const now = rig.cluster.get(live.key);
  if (now === undefined) return;
  const resources = membersOf(rig, now)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((app) => ({
      ...{ group: 'argoproj.io', version: 'v1alpha1', kind: 'Application' },
      ...{ namespace: app.namespace, name: app.name, status: app.status.sync.status },
      health: { status: app.status.health.status },
    }));
  const conditions = conditionsOf(now.manifest, isoSeconds(rig.clock.now()), fault, reason);
  const status = toJson({ ...objectAt(now.manifest, 'status'), conditions, resources });
  if (!sameJson(status, now.manifest.status)) rig.cluster.replace(now.key, { ...now.manifest, status });
}

/** The ApplicationSet of a name, as the API shows it. */
export function findSet(rig: Rig, name: string, namespace: string): LiveObject | undefined {
  return rig.cluster
    .all()
    .find((one) => isSet(one) && one.key.name === name && one.key.namespace === namespace);
}

/** The project of its template, which its rights are of. */
export const projectOf = (live: LiveObject): string => {
  const project = at(live.manifest, 'spec', 'template', 'spec', 'project');
  return typeof project === 'string' ? project : isObject(project) ? '' : 'default';
};
