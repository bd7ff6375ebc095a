import { expect, describe as group, it } from 'vitest';
import { resultOf, seen } from './argo-sync-wait-setup.ts';
import {
  deployment,
  type Fixture,
  folder,
  gitops,
  image,
  live,
  manifest,
  withFixture,
} from './root-setup.ts';

/** Holds auto-sync back until somebody has written to the branch after our commit, then lets Argo CD see it. */
async function behindOurs(fixture: Fixture, write: () => Promise<unknown>): Promise<void> {
  await fixture.requested('refresh=normal');
  await write();
  await fixture.release();
}

const newer =
  'Deploy\n\nSluice-Project: payments\nSluice-Environment: production\nSluice-Run: acme/app/43/1\n';

const chart = {
  'charts/api/Chart.yaml': 'apiVersion: v2\nname: api\nversion: 0.1.0\n',
  'charts/api/values.yaml': 'image:\n  repository: registry.example/payments-api\n  tag: 1.3.9\n',
  'charts/api/templates/deployment.yaml': deployment('0').replace(
    image('0'),
    '"{{ .Values.image.repository }}:{{ .Values.image.tag }}"',
  ),
};

group.concurrent('somebody writes after us', { timeout: 120_000 }, () => {
  it('by hand: drifted, with who, which commit, which file and which place', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      fixture.argocd.faults.neverSync('payments');
      const running = fixture.run();
      await behindOurs(fixture, () =>
        fixture.commit({ [manifest]: deployment('1.3.9') }, { author: 'alice', message: 'Back' }),
      );
      const run = await running;
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'drifted', reason: 'overwritten', ok: 'false' });
      expect(run.outputs.changed).toBe('true');
      expect(resultOf(run).overwrittenBy).toMatchObject({
        commit: await fixture.github.head(gitops),
        author: expect.stringContaining('alice'),
        ...{ path: manifest, place: 'Deployment/payments-api container app' },
        ...{ from: image('1.4.2'), to: image('1.3.9') },
      });
      expect(run.outputs.summary).toMatch(/by alice.* set apps\/payments\/production\/deployment\.yaml/);
      expect(run.summary).toMatch(
        /To deploy again, run the job again; to keep the change of alice.*, do nothing/,
      );
    }));

  it('a newer run of the same deployment: superseded for us, live for it', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      fixture.argocd.faults.neverSync('payments');
      const older = fixture.run();
      await fixture.committed();
      const newer = fixture.run({ images: image('1.5.0') }, { env: { GITHUB_RUN_ID: '43' } });
      await behindOurs(fixture, () => fixture.committed(2));
      expect(seen(await older)).toEqual({
        ...{ exitCode: 0, verdict: 'superseded', reason: 'superseded', ok: 'unknown' },
      });
      expect(seen(await newer)).toEqual(live);
      expect(fixture.argocd.liveImages('payments')).toEqual([image('1.5.0')]);
    }));
});

group.concurrent('somebody writes between our commit and our look at it', { timeout: 120_000 }, () => {
  it.each([
    ['by hand: drifted', 'Back', { exitCode: 1, verdict: 'drifted', ok: 'false' }],
    [
      'a newer run of the same deployment: superseded',
      newer,
      { exitCode: 0, verdict: 'superseded', ok: 'unknown' },
    ],
  ])('%s', (_, message, wanted) =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const theirs = { message, author: 'alice' };
      const overwrite = () => fixture.commit({ [manifest]: deployment('1.5.0') }, theirs);
      fixture.beforeReadBack(overwrite);
      const run = await fixture.run();
      expect(seen(run)).toMatchObject(wanted);
      const [own] = await fixture.ours();
      expect(run.outputs).toMatchObject({ changed: 'true', 'commit-sha': own?.sha });
      expect(run.outputs.summary).toContain((await fixture.github.head(gitops)).slice(0, 7));
    }));
});

group.concurrent('an override of the Application', { timeout: 120_000 }, () => {
  const hidden = { exitCode: 1, verdict: 'not-effective', reason: 'overridden', ok: 'false' };

  it('its own kustomize images', () =>
    withFixture(
      async (fixture) => {
        await fixture.deployed({ kustomize: { images: [image('1.3.0')] } });
        const run = await fixture.run();
        expect(seen(run)).toEqual(hidden);
        expect(run.outputs).toMatchObject({
          changed: 'true',
          summary: expect.stringContaining('kustomize.images'),
        });
      },
      { files: { [`${folder}/kustomization.yaml`]: 'resources: [deployment.yaml]\n' } },
    ));

  it('its own helm parameters', () =>
    withFixture(
      async (fixture) => {
        const helm = { parameters: [{ name: 'image.tag', value: '1.3.9' }] };
        await fixture.deployed({ path: 'charts/api', helm });
        const run = await fixture.run({ path: 'charts/api' });
        expect(seen(run)).toEqual(hidden);
        expect(run.outputs.summary).toMatch(/Helm parameter image\.tag/);
        expect(await fixture.text('charts/api/values.yaml')).toMatch(/tag: 1\.4\.2\n/);
      },
      { files: chart },
    ));
});

group.concurrent('the cluster does not take it', { timeout: 120_000 }, () => {
  it('a bad image: failed after the grace time, with the words of the cluster', () =>
    withFixture(
      async (fixture) => {
        await fixture.deployed();
        const run = await fixture.run();
        expect(seen(run)).toEqual({ exitCode: 1, verdict: 'failed', reason: 'degraded', ok: 'false' });
        expect(run.outputs.summary).toMatch(/progress deadline/);
        expect(run.annotations).toMatchObject([
          { level: 'error', message: expect.stringMatching(/progress deadline/) },
        ]);
      },
      { badImages: [image('1.4.2')] },
    ));
});
