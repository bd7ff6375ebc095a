import { type App, createApp } from '../app.ts';
import type { LiveObject } from '../cluster.ts';
import { compare } from '../controller.ts';
import { isObject, listAt, objectAt, sameJson, textAt, toJson } from '../json.ts';
import type { Rig } from '../rig.ts';
import type { Manifest, Spec } from '../types.ts';

const isApplication = ({ key }: LiveObject): boolean =>
  key.group === 'argoproj.io' && key.kind === 'Application';

/** The `spec` of an Application object, with what the API server fills in. */
function specOf(manifest: Manifest): Spec {
  const spec = { project: 'default', destination: {}, ...objectAt(manifest, 'spec') };
  const copy: Spec = JSON.parse(JSON.stringify(spec));
  return copy;
}

function texts(manifest: Manifest, field: string): Readonly<Record<string, string>> {
  const entries = Object.entries(objectAt(manifest, 'metadata', field));
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function compareSoon(rig: Rig, app: App): void {
  rig.clock.after(0, () => void compare(rig, app, 'latest'));
}

/** The cluster has an Application object: the controller looks after it. One of that name that is not of the cluster stays. */
export function applicationChanged(rig: Rig, live: LiveObject): void {
  if (!isApplication(live)) return;
  const { name, namespace } = live.key;
  const app = rig.apps.get(name);
  if (rig.cluster.get(live.key) === undefined) {
    if (app?.uid === live.uid) rig.apps.delete(name);
    return;
  }
  const spec = specOf(live.manifest);
  if (app === undefined) {
    const owners = listAt(live.manifest, 'metadata', 'ownerReferences').filter((one) => isObject(one));
    const metadata = {
      labels: texts(live.manifest, 'labels'),
      annotations: texts(live.manifest, 'annotations'),
    };
    const made = createApp({ name, namespace, uid: live.uid, owners, ...metadata, spec }, rig.clock.now());
    rig.apps.set(name, made);
    if (!rig.projects.has(spec.project)) rig.projects.set(spec.project, { name: spec.project, windows: [] });
    compareSoon(rig, made);
    return;
  }
  if (app.uid !== live.uid || sameJson(toJson(app.spec), toJson(spec))) return;
  app.spec = spec;
  rig.emit(app);
  if (app.faults.staleUntil <= rig.clock.now()) compareSoon(rig, app);
}

/** Somebody edited the Application by Argo CD's API: its object in the cluster is the same thing. */
export function writeSpec(rig: Rig, app: App): void {
  const live = rig.cluster.all().find((one) => isApplication(one) && one.uid === app.uid);
  if (live !== undefined) rig.cluster.replace(live.key, { ...live.manifest, spec: toJson(app.spec) });
}

/** The name of the ApplicationSet that has made it. */
export const setOf = (app: App): string | undefined =>
  app.owners.map((owner) =>
    textAt(owner, 'kind') === 'ApplicationSet' ? textAt(owner, 'name') : undefined,
  )[0];
