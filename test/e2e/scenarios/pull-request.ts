import assert from 'node:assert/strict';
import { eventually, liveImage } from '../applications.ts';
import { deployment } from '../manifests.ts';
import { createPullCaller } from '../pull-caller.ts';
import type { ActRun } from '../rig/act.ts';
import { startImages } from '../rig/images.ts';
import type { Scenario } from '../run-scenarios.ts';
import type { Inputs, Stage } from '../stage.ts';
import { applicationSet } from './ephemeral.ts';

const dockerfile = 'FROM scratch\nCOPY probe /probe\nUSER 1000:1000\nENTRYPOINT ["/probe"]\n';
/** One of a package that is not in the image: the database is one, and finds nothing. */
const record = JSON.stringify({
  id: 'GO-2026-0001',
  modified: '2026-08-21T00:00:00Z',
  affected: [
    {
      package: { ecosystem: 'Go', name: 'example.com/other' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }],
    },
  ],
});

/** While its namespace is held it does not end, and the environment is not live. */
const job =
  'apiVersion: batch/v1\nkind: Job\nmetadata: { name: seed }\nspec: { template: { spec: { restartPolicy: Never, containers: [{ name: seed, image: busybox:1 }] } } }\n';

async function begin(stage: Stage, more: Inputs = {}) {
  const { rig, github, name } = stage;
  const images = await startImages();
  const gitops = await stage.repository({ 'previews/web.yaml': deployment('web', '<<image>>'), ...more });
  const set = applicationSet(name, `${github.url}/acme/${name}.git`);
  const path = `/apis/argoproj.io/v1alpha1/namespaces/argocd/applicationsets/${name}`;
  await rig.kubernetes.apply(path, JSON.stringify(set));
  const inputs: Inputs = {
    ...{ builder: 'buildah', source: 'database', database: 'osv.json', smoke: '/probe version' },
    ...{ 'push-to': `${images.registry}/team/shop`, project: name, 'preview-template': 'previews' },
    ...{ 'preview-url': 'https://<<slug>>.example.test/', repository: `acme/${name}` },
    ...{ 'argocd-server': rig.argocd.url, timeout: '60s', settle: '1s', 'degraded-grace': '3s' },
    'checks-timeout': '20s',
  };
  const caller = await createPullCaller(stage, images, inputs);
  const files = { Dockerfile: dockerfile, 'osv.json': record };
  return {
    images,
    gitops,
    caller,
    files,
    comments: () => [...github.repository(caller.name).comments.values()],
  };
}

/** pr.yml and pr-closed.yml as a team calls them, run by act with the real bundles: buildah, a registry, Argo CD. */
export const pulls: readonly Scenario<Stage>[] = [
  {
    title:
      'pr.yml: built, started, pushed, live by its digest and told on the pull request; pr-closed.yml takes it away',
    async run(stage) {
      const { images, gitops, caller, files, comments } = await begin(stage);
      await using _ = images;
      const pull = await caller.pull(7, files);
      const opened = await caller.run(pull, 'opened');
      expectJobs(opened, { labels: 'success', build: 'success', preview: 'success', ready: 'success' }, 0);
      const { image = '', digest = '' } = opened.jobs.get('build')?.outputs ?? {};
      assert.equal(image, `${images.registry}/team/shop@${digest}`);
      const tag = `${images.registry}/team/shop:pr-7-${pull.headSha}`;
      assert.equal(await images.digest(tag), digest);
      assert.equal(await liveImage(stage.rig, `${stage.name}-pr-7`), `${tag}@${digest}`);
      assert.equal(opened.jobs.get('ready')?.outputs.verdict, 'ready');
      assert.match(comments()[0]?.body ?? '', /live/);

      pull.state = 'closed';
      const closed = await caller.run(pull, 'closed');
      expectJobs(closed, { remove: 'success' }, 0);
      assert.equal(closed.jobs.get('remove')?.outputs.verdict, 'removed');
      assert.equal(await gitops.read(`ephemeral/${stage.name}/pr-7/web.yaml`), '');
      await eventually('the objects are gone', async () => {
        assert.equal(await liveImage(stage.rig, `${stage.name}-pr-7`), '');
      });
      assert.equal(comments().length, 1);
    },
  },
  {
    title:
      'pr.yml: a label removes the environment and builds nothing; without it the image that was built is live again',
    async run(stage) {
      const { images, caller, files, comments } = await begin(stage);
      await using _ = images;
      const pull = await caller.pull(8, files);
      const namespace = `${stage.name}-pr-8`;
      const opened = await caller.run(pull, 'opened');
      assert.equal(opened.exitCode, 0, opened.log);
      caller.report(pull, { 'pr / build': 'success', 'pr / ready': 'success' });

      pull.labels.push('skip-ephemeral');
      const labeled = await caller.run(pull, 'labeled');
      expectJobs(labeled, { labels: 'success', built: 'success', remove: 'success', ready: 'success' }, 0);
      assert.match(comments()[0]?.body ?? '', /removed/);
      await eventually('the objects are gone', async () => {
        assert.equal(await liveImage(stage.rig, namespace), '');
      });
      caller.report(pull, { 'pr / build': 'skipped', 'pr / ready': 'success' });

      pull.labels.pop();
      const unlabeled = await caller.run(pull, 'unlabeled');
      expectJobs(unlabeled, { labels: 'success', built: 'success', preview: 'success', ready: 'success' }, 0);
      const tag = `${images.registry}/team/shop:pr-8-${pull.headSha}`;
      // The same text as after the build: where nothing else has changed, no container starts again.
      assert.equal(await liveImage(stage.rig, namespace), `${tag}@${await images.digest(tag)}`);
      assert.deepEqual(await images.tags('team/shop'), [`pr-8-${pull.headSha}`]);
      assert.equal(comments().length, 1);
    },
  },
  {
    title:
      'pr.yml: a label while the environment comes up: its run takes it away, and neither run is red because of the other',
    async run(stage) {
      const { images, gitops, caller, files, comments } = await begin(stage, { 'previews/seed.yaml': job });
      await using _ = images;
      const pull = await caller.pull(9, files);
      const namespace = `${stage.name}-pr-9`;
      stage.rig.hold(namespace);
      const opening = caller.run(pull, 'opened');
      await eventually(
        'the environment is there, and not live',
        async () => assert.notEqual(await liveImage(stage.rig, namespace), ''),
        100,
      );
      caller.report(pull, { 'pr / build': 'success' });
      pull.labels.push('skip-ephemeral');
      const [opened, labeled] = await Promise.all([opening, caller.run(pull, 'labeled')]);
      expectJobs(labeled, { labels: 'success', built: 'success', remove: 'success', ready: 'success' }, 0);
      expectJobs(opened, { labels: 'success', build: 'success', preview: 'success', ready: 'success' }, 0);
      assert.equal(opened.jobs.get('preview')?.outputs.verdict, 'removed');
      assert.equal(await gitops.read(`ephemeral/${stage.name}/pr-9/web.yaml`), '');
      assert.match(comments()[0]?.body ?? '', /removed/);
    },
  },
];

/** How each job ended that has run: act gives a skipped one no result. */
function expectJobs(run: ActRun, results: Inputs, exitCode: number): void {
  const ended = [...run.jobs].filter(([, { result }]) => result !== '' && result !== 'skipped');
  assert.deepEqual(Object.fromEntries(ended.map(([id, { result }]) => [id, result])), results, run.log);
  assert.equal(run.exitCode, exitCode, run.log);
}
