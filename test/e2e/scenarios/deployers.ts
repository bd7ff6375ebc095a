import assert from 'node:assert/strict';
import { createNamespace, eventually, liveImage, settled } from '../applications.ts';
import { chart, type Files } from '../manifests.ts';
import type { Scenario } from '../run-scenarios.ts';
import { expectVerdict, image, type Stage } from '../stage.ts';

/** The spec of an Application that deploys the chart with a tag of its own, in YAML that stands `indent` deep. */
const specOf = (stage: Stage, namespace: string): object => ({
  project: 'default',
  source: {
    repoURL: `${stage.github.url}/acme/${stage.name}.git`,
    targetRevision: 'main',
    path: 'chart',
    helm: { valuesObject: { image: { repository: image, tag: '1.0.0' } } },
  },
  destination: { server: 'https://kubernetes.default.svc', namespace },
  syncPolicy: { automated: {}, retry: { limit: 1, backoff: { duration: '1s' } } },
});

const object = (kind: string, name: string, spec: object): string =>
  // JSON is YAML.
  JSON.stringify(
    { apiVersion: 'argoproj.io/v1alpha1', kind, metadata: { name, namespace: 'argocd' }, spec },
    null,
    2,
  );

/** Application and namespace of each child are of this name. */
const childOf = (stage: Stage, suffix: string): string => `${stage.name}-${suffix}`;

async function begin(stage: Stage, files: Files, children: readonly string[]): Promise<void> {
  await stage.repository({ ...chart('chart', image, '0.0.0'), ...files });
  for (const child of children) await createNamespace(stage.rig, child);
  const spec = { destination: { server: 'https://kubernetes.default.svc', namespace: 'argocd' } };
  await stage.application({ path: 'deployed', spec });
  for (const child of children) {
    await eventually(`Application ${child}`, () =>
      stage.rig.argocd.call('GET', `/api/v1/applications/${child}`),
    );
    await settled(stage.rig, child);
    assert.equal(await liveImage(stage.rig, child), `${image}:1.0.0`);
  }
}

const appOfApps = (stage: Stage): Files => {
  const child = childOf(stage, 'child');
  return { 'deployed/child.yaml': object('Application', child, specOf(stage, child)) };
};

const applicationSet = (stage: Stage): Files => {
  const generated = `${stage.name}-{{.env}}`;
  return {
    'deployed/set.yaml': object('ApplicationSet', stage.name, {
      goTemplate: true,
      generators: [{ list: { elements: [{ env: 'one' }, { env: 'two' }] } }],
      template: { metadata: { name: generated }, spec: specOf(stage, generated) },
    }),
  };
};

/** Changes in what deploys others: live is what those deploy. */
export const deployers: readonly Scenario<Stage>[] = [
  {
    title: 'app of apps, the tag in the manifest of a child: live when the child runs it',
    async run(stage) {
      const child = childOf(stage, 'child');
      await begin(stage, appOfApps(stage), [child]);
      const run = await stage.deploy({ images: `${image}:2.0.0`, path: 'deployed' });
      expectVerdict(run, 'live', 'proven', 0);
      assert.equal(await liveImage(stage.rig, child), `${image}:2.0.0`);
    },
  },
  {
    title: 'app of apps, a bad image in the manifest of a child: the parent is Synced, and it failed',
    async run(stage) {
      const child = childOf(stage, 'child');
      await begin(stage, appOfApps(stage), [child]);
      const run = await stage.deploy({ images: `${image}:bad`, path: 'deployed' });
      expectVerdict(run, 'failed', 'degraded', 1);
      assert.ok(run.outputs.summary?.includes(child), run.log);
    },
  },
  {
    title: 'an ApplicationSet whose template is edited: live when all that it generates run it',
    async run(stage) {
      const children = [childOf(stage, 'one'), childOf(stage, 'two')];
      await begin(stage, applicationSet(stage), children);
      const run = await stage.deploy({ images: `${image}:2.0.0`, path: 'deployed' });
      expectVerdict(run, 'live', 'proven', 0);
      for (const child of children) assert.equal(await liveImage(stage.rig, child), `${image}:2.0.0`);
    },
  },
];
