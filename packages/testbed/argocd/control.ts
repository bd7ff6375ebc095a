import { type App, createApp, showApp } from './app.ts';
import { ownerOf } from './cluster.ts';
import { namespaceOf } from './compare.ts';
import { compare } from './controller.ts';
import { hydrate } from './hydrator.ts';
import { imagesOf, keyText } from './manifest.ts';
import type { ApplicationOptions, ArgoCdStandIn } from './options.ts';
import type { Rig } from './rig.ts';
import { writeSpec } from './sets/managed-applications.ts';
import { specOf } from './spec-of.ts';
import type { ResourceKey } from './types.ts';
import { liveManifest } from './views.ts';

/** The part of the stand-in that plays the people and the cluster. */
export type Control = Pick<
  ArgoCdStandIn,
  | 'createApplication'
  | 'updateSpec'
  | 'createProject'
  | 'apply'
  | 'holdApplicationSets'
  | 'application'
  | 'setHealth'
  | 'live'
  | 'liveImages'
  | 'setLiveImage'
  | 'setBadImages'
  | 'setTrouble'
  | 'rollout'
  | 'poll'
  | 'idle'
>;

export function findApp(rig: Rig, name: string): App {
  const app = rig.apps.get(name);
  if (app === undefined) throw new Error(`the stand-in has no application ${name}`);
  return app;
}

const ownedBy = (rig: Rig, name: string) => rig.cluster.all().filter((live) => ownerOf(live) === name);

/** The key of `web` or `Deployment/web` among the live objects of an application; of several a workload. */
export function findResource(rig: Rig, app: App, resource: string): ResourceKey {
  const [first = '', second] = resource.split('/');
  const matches = ownedBy(rig, app.name).filter(({ key }) =>
    second === undefined ? key.name === first : key.kind === first && key.name === second,
  );
  const workload = matches.find((live) => imagesOf(live.manifest).length > 0) ?? matches[0];
  if (workload === undefined) throw new Error(`${app.name} has no live ${resource}`);
  return workload.key;
}

/** Everything wanted is there and healthy, as if it had run for long. */
async function deployAtOnce(rig: Rig, app: App): Promise<void> {
  app.faults.neverSync = true;
  await compare(rig, app, 'latest');
  for (const target of app.targets) rig.cluster.apply(target, namespaceOf(app));
  for (const live of ownedBy(rig, app.name)) rig.cluster.settleNow(live.key);
  app.faults.neverSync = false;
}

async function create(rig: Rig, wanted: ApplicationOptions): Promise<void> {
  const { name, labels, annotations, appNamespace: namespace = 'argocd' } = wanted;
  const spec = specOf(wanted);
  const metadata = { name, namespace, ...(labels && { labels }), ...(annotations && { annotations }) };
  const app = createApp({ ...metadata, spec }, rig.clock.now());
  rig.apps.set(name, app);
  if (!rig.projects.has(spec.project)) rig.projects.set(spec.project, { name: spec.project, windows: [] });
  await hydrate(rig, app);
  if (wanted.deployed) await deployAtOnce(rig, app);
  await compare(rig, app, 'latest');
}

async function idle(rig: Rig, app: App): Promise<void> {
  const busy = () => app.running !== undefined || app.comparing !== undefined;
  do {
    while (busy()) await rig.clock.sleep(1);
    await rig.clock.sleep(rig.timing.statusLag + 5);
  } while (busy());
}

export function createControl(rig: Rig): Control {
  return {
    createApplication: (wanted) => create(rig, wanted),
    async updateSpec(name, change, { compare: now = true } = {}) {
      const app = findApp(rig, name);
      app.spec = change(app.spec);
      writeSpec(rig, app);
      rig.emit(app);
      if (now) await compare(rig, app, 'latest');
    },
    apply: (manifest) => void rig.cluster.apply(manifest, 'argocd'),
    holdApplicationSets: rig.holdApplicationSets,
    createProject(name, windows = [], idle = []) {
      rig.projects.set(name, { name, windows, idle });
    },
    application: (name) => showApp(findApp(rig, name), true),
    setHealth(name, resource, status, message) {
      const key = findResource(rig, findApp(rig, name), resource);
      const health =
        status === 'auto' ? undefined : { status, ...(message === undefined ? {} : { message }) };
      rig.cluster.setHealth(key, health);
    },
    live(name) {
      const live = ownedBy(rig, name);
      return new Map(live.map((one) => [`${one.key.kind}/${one.key.name}`, liveManifest(one)]));
    },
    liveImages: (name) =>
      ownedBy(rig, name)
        .flatMap((live) => imagesOf(live.manifest))
        .toSorted(),
    setLiveImage(name, resource, image, container) {
      rig.cluster.setImage(findResource(rig, findApp(rig, name), resource), container, image);
    },
    setBadImages(images) {
      rig.badImages.clear();
      for (const image of images) rig.badImages.add(image);
    },
    setTrouble(name, resource, trouble) {
      const key = keyText(findResource(rig, findApp(rig, name), resource));
      if (trouble === undefined) rig.troubles.delete(key);
      else rig.troubles.set(key, trouble);
    },
    rollout(name, resource, action, message) {
      rig.cluster.act(findResource(rig, findApp(rig, name), resource), action, message);
    },
    poll: (name) => compare(rig, findApp(rig, name), 'latest'),
    idle: (name) => idle(rig, findApp(rig, name)),
  };
}
