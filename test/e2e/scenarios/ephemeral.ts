import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { PullRequest } from '@sluice/testbed/github/types';
import { jobEnvironment, type RunResult, runBundle } from '@sluice/testbed/runner';
import { eventually, liveImage } from '../applications.ts';
import { deployment, type Files } from '../manifests.ts';
import { listAt, textAt } from '../rig/json.ts';
import type { Scenario } from '../run-scenarios.ts';
import { type Inputs, image, type Stage } from '../stage.ts';

const action = join(import.meta.dirname, '..', '..', '..', 'actions', 'ephemeral-env');
const settings =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { commit: "<<commit>>" }\n';

const plain: Files = {
  'previews/web.yaml': deployment('web', '<<image>>'),
  'previews/settings.yaml': settings,
};

/** A team with pull requests, a template, and an ApplicationSet over the folders that are rendered from it. */
async function team(stage: Stage, files: Files = plain, generates = true) {
  const { rig, github, name } = stage;
  const app = `acme/${name}-app`;
  const gitops = await stage.repository(files);
  const set = applicationSet(name, `${github.url}/acme/${name}.git`);
  const path = `/apis/argoproj.io/v1alpha1/namespaces/argocd/applicationsets/${name}`;
  if (generates) await rig.kubernetes.apply(path, JSON.stringify(set));
  await github.createRepository(app, { 'README.md': '# The application\n' });
  const token = github.createToken({ permissions: { contents: 'write' }, repositories: [`acme/${name}`] });
  let runs = 2000;
  const run = (operation: string, inputs: Inputs): Promise<RunResult> =>
    runBundle({
      action,
      inputs: {
        ...{ operation, project: name, repository: `acme/${name}`, token, template: 'previews' },
        ...{ url: 'https://<<slug>>.example.test/' },
        ...{ 'argocd-server': rig.argocd.url, 'argocd-token': rig.argocd.token },
        ...{ timeout: '60s', settle: '1s', 'degraded-grace': '3s' },
        ...inputs,
      },
      token: github.githubToken(app),
      env: jobEnvironment(github, app, { GITHUB_RUN_ID: `${++runs}` }),
      timeout: 100_000,
    });
  const applications = async () => {
    const listed = listAt(await rig.argocd.call('GET', '/api/v1/applications'), 'items');
    return listed
      .map((one) => textAt(one, 'metadata', 'name'))
      .filter((one) => one.startsWith(`${name}-pr-`));
  };
  return {
    ...{ app, gitops, run, applications },
    comments: () => [...github.repository(app).comments.values()],
    states: () =>
      [...github.repository(app).deployments.values()].map(({ statuses }) => statuses.at(-1)?.state),
    async pull(number: number): Promise<PullRequest> {
      const headSha = await github.commitFiles(app, `feature/${number}`, { 'a.txt': `${number}\n` });
      const pull: PullRequest = {
        ...{ number, author: 'ann', head: `feature/${number}`, base: 'main', createdAt: 0, updatedAt: 0 },
        ...{
          title: 'x',
          body: null,
          state: 'open',
          draft: false,
          labels: [],
          reviewers: [],
          teamReviewers: [],
        },
        ...{ headSha, baseSha: await github.head(app) },
      };
      github.repository(app).pulls.set(number, pull);
      return pull;
    },
  };
}

/** Makes an Application of each folder under `ephemeral/<name>`. */
export const applicationSet = (name: string, repoURL: string) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'ApplicationSet',
  metadata: { name, namespace: 'argocd' },
  spec: {
    goTemplate: true,
    generators: [
      {
        // Three minutes by default, where no webhook tells.
        git: {
          repoURL,
          revision: 'main',
          directories: [{ path: `ephemeral/${name}/*` }],
          requeueAfterSeconds: 3,
        },
      },
    ],
    template: {
      metadata: {
        name: `${name}-{{.path.basename}}`,
        // In the foreground it would wait for a garbage collector, which is not here.
        finalizers: ['resources-finalizer.argocd.argoproj.io/background'],
      },
      spec: {
        project: 'default',
        source: { repoURL, targetRevision: 'main', path: '{{.path.path}}' },
        destination: { server: 'https://kubernetes.default.svc', namespace: `${name}-{{.path.basename}}` },
        syncPolicy: {
          automated: { prune: true },
          syncOptions: ['CreateNamespace=true', 'PrunePropagationPolicy=background'],
        },
      },
    },
  },
});

function expectOutcome(run: RunResult, verdict: string, reason: string, exitCode: number): void {
  const { outputs } = run;
  const found = `${outputs.verdict}, ${outputs.reason}, exit ${run.exitCode}`;
  assert.equal(found, `${verdict}, ${reason}, exit ${exitCode}`, `${found}:\n${outputs.summary}\n${run.log}`);
}

/** Environments of pull requests, as the real ApplicationSet controller makes and removes them. */
export const ephemeral: readonly Scenario<Stage>[] = [
  {
    title:
      'ephemeral-env: created by the ApplicationSet, live, told on the pull request, updated, removed; nothing is left of it',
    async run(stage) {
      const { run, pull, comments, states, applications, gitops } = await team(stage);
      const opened = await pull(7);
      const { headSha } = opened;
      const namespace = `${stage.name}-pr-7`;
      const first = await run('deploy', { 'pull-request': '7', image: `${image}:1.0.0` });
      expectOutcome(first, 'live', 'proven', 0);
      assert.equal(await liveImage(stage.rig, namespace), `${image}:1.0.0`);
      assert.equal(first.outputs['commit-sha'], await gitops.head());
      assert.equal(comments().length, 1);
      for (const text of [
        'live',
        'https://pr-7-feature-7.example.test/',
        `${image}:1.0.0`,
        headSha.slice(0, 7),
      ])
        assert.ok(comments()[0]?.body.includes(text), comments()[0]?.body);

      const second = await run('deploy', { 'pull-request': '7', image: `${image}:2.0.0` });
      expectOutcome(second, 'live', 'proven', 0);
      assert.equal(await liveImage(stage.rig, namespace), `${image}:2.0.0`);
      assert.deepEqual(states(), ['inactive', 'success']);
      assert.ok(comments()[0]?.body.includes(`${image}:2.0.0`));

      // As on a label that has nothing to do with it: seen to be live, and nothing is touched.
      const before = await gitops.head();
      const again = await run('deploy', { 'pull-request': '7', image: `${image}:2.0.0` });
      expectOutcome(again, 'live', 'proven', 0);
      assert.equal(await gitops.head(), before);
      assert.equal(again.outputs['commit-sha'], second.outputs['commit-sha']);
      assert.deepEqual(states(), ['inactive', 'success']);

      const { labels } = opened;
      labels.push('skip-ephemeral');
      const without = await run('deploy', { 'pull-request': '7', image: `${image}:3.0.0` });
      expectOutcome(without, 'removed', 'not-wanted', 0);
      assert.deepEqual(await applications(), []);
      labels.pop();
      const anew = await run('deploy', { 'pull-request': '7', image: `${image}:2.0.0` });
      expectOutcome(anew, 'live', 'proven', 0);

      const removed = await run('remove', { 'pull-request': '7' });
      expectOutcome(removed, 'removed', 'removed', 0);
      assert.deepEqual(await applications(), []);
      await eventually('the objects are gone', async () => {
        assert.equal(await liveImage(stage.rig, namespace), '');
      });
      assert.equal(await gitops.read(`ephemeral/${stage.name}/pr-7/web.yaml`), '');
      assert.equal(await gitops.read('previews/settings.yaml'), settings);
      assert.deepEqual(states(), ['inactive', 'inactive', 'inactive']);
      assert.equal(comments().length, 1);
      assert.ok(comments()[0]?.body.includes('removed'), comments()[0]?.body);
    },
  },
  {
    title:
      'ephemeral-env: an image that never comes up is failed; a sweep removes it when the pull request is closed, and no other',
    async run(stage) {
      const { run, pull, states, applications, comments } = await team(stage);
      const closing = await pull(8);
      await pull(9);
      const [bad, good] = await Promise.all([
        run('deploy', { 'pull-request': '8', image: `${image}:bad` }),
        run('deploy', { 'pull-request': '9', image: `${image}:1.0.0` }),
      ]);
      expectOutcome(bad, 'failed', 'degraded', 1);
      expectOutcome(good, 'live', 'proven', 0);
      assert.ok(
        comments()
          .find(({ number }) => number === 8)
          ?.body.includes('failed'),
      );
      closing.state = 'closed';
      const swept = await run('sweep', {});
      expectOutcome(swept, 'removed', 'removed', 0);
      assert.deepEqual(JSON.parse(swept.outputs.removed ?? ''), [`ephemeral/${stage.name}/pr-8`]);
      assert.deepEqual(await applications(), [`${stage.name}-pr-9`]);
      assert.deepEqual(new Set(states()), new Set(['failure', 'success']));
    },
  },
  {
    title:
      'ephemeral-env: a template with an Application of its own, under an app of apps: live, updated, removed',
    async run(stage) {
      const { name, github, rig } = stage;
      const application = JSON.stringify({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: {
          name: `${name}-pr-<<number>>`,
          namespace: 'argocd',
          finalizers: ['resources-finalizer.argocd.argoproj.io/background'],
        },
        spec: {
          project: 'default',
          source: { repoURL: '<<repository>>', targetRevision: 'main', path: '<<folder>>/app' },
          destination: { server: 'https://kubernetes.default.svc', namespace: `${name}-pr-<<number>>` },
          syncPolicy: {
            automated: { prune: true },
            syncOptions: ['CreateNamespace=true', 'PrunePropagationPolicy=background'],
          },
        },
      });
      const { run, pull, applications } = await team(
        stage,
        {
          'previews/application.json': application,
          'previews/app/web.yaml': deployment('web', '<<image>>'),
          [`ephemeral/${name}/README.md`]: '# Previews',
        },
        false,
      );
      await pull(7);
      await stage.application({
        path: `ephemeral/${name}`,
        source: { directory: { recurse: true, include: '*/application.json' } },
        spec: {
          destination: { server: 'https://kubernetes.default.svc', namespace: 'argocd' },
          syncPolicy: {
            automated: { prune: true, allowEmpty: true },
            syncOptions: ['PrunePropagationPolicy=background'],
          },
        },
      });
      const values = `repository=${github.url}/acme/${name}.git`;
      for (const version of ['1.0.0', '2.0.0']) {
        const live = await run('deploy', { 'pull-request': '7', image: `${image}:${version}`, values });
        expectOutcome(live, 'live', 'proven', 0);
        assert.equal(await liveImage(rig, `${name}-pr-7`), `${image}:${version}`);
      }
      const removed = await run('remove', { 'pull-request': '7' });
      expectOutcome(removed, 'removed', 'removed', 0);
      assert.deepEqual(await applications(), []);
      await eventually('the objects are gone', async () => {
        assert.equal(await liveImage(rig, `${name}-pr-7`), '');
      });
    },
  },
];
