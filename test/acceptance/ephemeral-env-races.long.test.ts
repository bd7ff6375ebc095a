import { setTimeout as delay } from 'node:timers/promises';
import { expect, describe as group, it } from 'vitest';
import { type Fixture, gitops, image, seen, target, template, withFixture } from './ephemeral-env-setup.ts';

const states = ({ deployments }: Fixture) => deployments().map(({ statuses }) => statuses.at(-1)?.state);

async function until(what: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await what())) await delay(50);
}

const manifest = async ({ github }: Fixture, number: number): Promise<string> =>
  (await github.readFile(gitops, 'main', `${target}/pr-${number}/deployment.yaml`))?.toString() ?? '';

group.concurrent('ephemeral-env among others', { timeout: 300_000 }, () => {
  it('four pull requests at once, and somebody who commits meanwhile: each is live, and no commit is lost', () =>
    withFixture(async (fixture) => {
      const { github } = fixture;
      const numbers = [1, 2, 3, 4];
      for (const number of numbers) await fixture.pull(number);
      const others = (async () => {
        for (let turn = 0; turn < 5; turn++) {
          await github.commitFiles(gitops, 'main', { [`others/${turn}`]: 'x' });
          await delay(200);
        }
      })();
      const runs = await Promise.all(
        numbers.map((number) => fixture.deploy(number, `1.0.${number}`, { timeout: '150s' })),
      );
      await others;
      for (const [index, run] of runs.entries()) {
        expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
        expect(await manifest(fixture, index + 1)).toContain(image(`1.0.${index + 1}`));
      }
      expect(await fixture.files('others')).toHaveLength(5);
      expect(await github.log(gitops)).toHaveLength(1 + 5 + 4);
    }));

  it('two pull requests for the last place: one gets it, and the other writes nothing', () =>
    withFixture(async (fixture) => {
      await fixture.pull(1);
      await fixture.pull(2);
      const runs = await Promise.all([1, 2].map((number) => fixture.deploy(number, '1.0.0', { limit: '1' })));
      const verdicts = runs.map(({ outputs }) => `${outputs.verdict} ${outputs.reason}`).toSorted();
      expect(verdicts).toEqual(['failed limit-reached', 'live proven']);
      expect(new Set((await fixture.files()).map((path) => path.split('/')[0])).size).toBe(1);
      expect(fixture.comments().filter(({ body }) => body.includes('live'))).toHaveLength(1);
    }));

  it('a newer run of the same pull request supersedes one in flight: failed, and nothing is claimed', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      fixture.generating(false);
      const older = fixture.deploy(12, '1.0.0', {}, { id: 200 });
      await until(async () => (await manifest(fixture, 12)).includes('1.0.0'));
      const newer = fixture.deploy(12, '2.0.0', {}, { id: 201 });
      await until(async () => (await manifest(fixture, 12)).includes('2.0.0'));
      fixture.generating(true);
      const [first, second] = await Promise.all([older, newer]);
      expect(seen(second)).toEqual({ exitCode: 0, verdict: 'live', reason: 'proven', ok: 'true' });
      expect(seen(first)).toEqual({ exitCode: 1, verdict: 'failed', reason: 'superseded', ok: 'unknown' });
      expect(states(fixture)).toEqual(['inactive', 'success']);
      expect(fixture.comments()).toHaveLength(1);
      expect(fixture.comments()[0]?.body).toContain(image('2.0.0'));
    }));

  it('the same with the same image: what is live is the newer folder', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      fixture.generating(false);
      const older = fixture.deploy(12, '1.0.0', { values: 'replicas=2' }, { id: 200 });
      await until(async () => (await manifest(fixture, 12)).includes('replicas: 2'));
      const newer = fixture.deploy(12, '1.0.0', { values: 'replicas=3' }, { id: 201 });
      await until(async () => (await manifest(fixture, 12)).includes('replicas: 3'));
      fixture.generating(true);
      const [first, second] = await Promise.all([older, newer]);
      expect(seen(second)).toMatchObject({ exitCode: 0, verdict: 'live' });
      expect(seen(first)).toMatchObject({ exitCode: 1, verdict: 'failed', reason: 'superseded' });
    }));

  it('an older commit with the same image is not what was deployed: the folder decides', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      const first = await fixture.deploy(12, '1.0.0', { values: 'replicas=2' });
      expect(seen(first)).toMatchObject({ exitCode: 0, verdict: 'live' });
      fixture.argocd.faults.cachedRevision('payments-pr-12', first.outputs['commit-sha'] ?? '', 3);
      const run = await fixture.deploy(12, '1.0.0', { values: 'replicas=3' });
      expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
      const { applications } = JSON.parse(run.outputs.result ?? '');
      expect(applications[0].revision).toBe(run.outputs['commit-sha']);
      const live = fixture.argocd.live('payments-pr-12').get('Deployment/web');
      expect(live).toMatchObject({ spec: { replicas: 3 } });
    }));

  it('an environment that is removed while it is waited for is not live', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      fixture.generating(false);
      const deploying = fixture.deploy(12, '1.0.0', {}, { id: 200 });
      await until(async () => (await fixture.files()).length > 0);
      const removed = await fixture.run({ operation: 'remove', 'pull-request': '12' }, { id: 201 });
      expect(seen(removed)).toMatchObject({ exitCode: 0, verdict: 'removed' });
      const run = await deploying;
      expect(seen(run)).toEqual({
        exitCode: 1,
        verdict: 'failed',
        reason: 'removed-meanwhile',
        ok: 'unknown',
      });
      expect(fixture.comments()[0]?.body).toContain('removed');
      expect(states(fixture)).toEqual(['inactive']);
    }));

  it('a template with an Application of its own: live by what that deploys, and removed with it', () =>
    withFixture(
      async (fixture) => {
        const { argocd, github } = fixture;
        fixture.generating(false);
        await argocd.createApplication({
          ...{
            name: 'previews',
            repoURL: `${github.url}/${gitops}.git`,
            targetRevision: 'main',
            path: target,
          },
          ...{ automated: { prune: true }, directory: { recurse: true, include: '*/application.yaml' } },
        });
        await fixture.pull(12);
        const inputs = { template: 'whole', values: `repo=${github.url}/${gitops}.git` };
        const run = await fixture.deploy(12, '1.0.0', inputs);
        expect(run.outputs.summary).toContain('#12 is live');
        expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
        expect(argocd.liveImages('payments-pr-12-feature-12')).toEqual([image('1.0.0')]);
        const again = await fixture.deploy(12, '1.1.0', inputs);
        expect(seen(again)).toMatchObject({ exitCode: 0, verdict: 'live' });
        const removed = await fixture.run({ operation: 'remove', 'pull-request': '12' });
        expect(seen(removed)).toEqual({ exitCode: 0, verdict: 'removed', reason: 'removed', ok: 'true' });
        expect(() => argocd.application('payments-pr-12-feature-12')).toThrow();
      },
      {
        files: {
          [`${target}/README.md`]: '# previews',
          'whole/application.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: "payments-<<slug>>", namespace: argocd }
spec:
  project: default
  source: { repoURL: "<<repo>>", targetRevision: main, path: "<<folder>>/app" }
  destination: { server: https://kubernetes.default.svc, namespace: "payments-<<slug>>" }
  syncPolicy: { automated: { prune: true } }
`,
          'whole/app/deployment.yaml': template['deployment.yaml']?.replace('<<replicas>>', '1') ?? '',
        },
      },
    ));

  it('an environment that somebody has deleted by hand is made again, and to remove it then is no error', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      const gone = { [`${target}/pr-12/.sluice-preview`]: null, [`${target}/pr-12/deployment.yaml`]: null };
      for (const _ of [1, 2]) {
        expect(seen(await fixture.deploy(12))).toMatchObject({ exitCode: 0, verdict: 'live' });
        await fixture.github.commitFiles(gitops, 'main', {
          ...gone,
          [`${target}/pr-12/settings.yaml`]: null,
        });
        await until(async () => (await fixture.files()).length === 0);
      }
      const run = await fixture.run({ operation: 'remove', 'pull-request': '12' });
      expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'removed' });
      expect(states(fixture)).toEqual(['inactive', 'inactive']);
      expect(fixture.comments()[0]?.body).toContain('removed');
    }));

  it('a commit whose answer is lost is made once', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      fixture.github.faults.push({ method: 'POST', path: /graphql/, cut: 'after-effect' });
      const run = await fixture.deploy(12);
      expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
      expect(await fixture.github.log(gitops)).toHaveLength(2);
    }));

  it('a redeploy removes what is gone from the template, keeps modes, and touches nothing outside', () =>
    withFixture(
      async (fixture) => {
        const { github } = fixture;
        await fixture.pull(12);
        await github.commitFiles(gitops, 'main', { [`${target}/pr-120/x.yaml`]: 'b: 1\n' });
        for (const method of ['api', 'git']) {
          const run = await fixture.deploy(12, '1.0.0', {
            'commit-method': method,
            values: `replicas=${method.length}`,
          });
          expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
          expect(await fixture.files()).toEqual([
            ...['pr-12/.sluice-preview', 'pr-12/deployment.yaml', 'pr-12/run.sh', 'pr-12/settings.yaml'],
            'pr-120/x.yaml',
          ]);
          await github.commitFiles(gitops, 'main', { [`${target}/pr-12/old/gone.yaml`]: 'a: 1\n' });
        }
        const removed = await fixture.run({
          operation: 'remove',
          'pull-request': '12',
          'commit-method': 'git',
        });
        expect(seen(removed)).toMatchObject({ exitCode: 0, verdict: 'removed' });
        expect(await fixture.files()).toEqual(['pr-120/x.yaml']);
        expect((await fixture.files('previews/payments')).length).toBe(3);
      },
      { files: { 'previews/payments/run.sh': { content: '#!/bin/sh\necho <<number>>\n', mode: '100755' } } },
    ));
});
