import { expect, describe as group, it } from 'vitest';
import { seen } from './argo-sync-wait-setup.ts';
import { deployment, folder, image, live, manifest, withFixture } from './root-setup.ts';

const entry = (name: string): string =>
  `  - name: ${name}\n    newName: registry.example/payments-api\n    newTag: 1.3.9\n`;
const values = (key: string): string =>
  `${key}:\n  image:\n    repository: registry.example/payments-api\n    tag: 1.3.9\n`;
const template = (key: string): string =>
  deployment('0', `payments-${key}`).replace(
    image('0'),
    `"{{ .Values.${key}.image.repository }}:{{ .Values.${key}.image.tag }}"`,
  );

const twoEntries = {
  [`${folder}/kustomization.yaml`]: `resources: [deployment.yaml, canary.yaml]\nimages:\n${entry('api-stable')}${entry('api-canary')}`,
  [manifest]: deployment('0').replace(image('0'), 'api-stable'),
  [`${folder}/canary.yaml`]: deployment('0', 'payments-api-canary').replace(image('0'), 'api-canary'),
};
const twoValues = {
  'charts/two/Chart.yaml': 'apiVersion: v2\nname: api\nversion: 0.1.0\n',
  'charts/two/values.yaml': '{}\n',
  'charts/two/web.yaml': values('web'),
  'charts/two/worker.yaml': values('worker'),
  'charts/two/templates/web.yaml': template('web'),
  'charts/two/templates/worker.yaml': template('worker'),
};

group.concurrent('one repository twice in an application', { timeout: 120_000 }, () => {
  it('live when the one entry of the kustomization that changed is seen, and the other stays as Git has it', () =>
    withFixture(
      async (fixture) => {
        await fixture.deployed();
        const run = await fixture.run({ images: `api-canary=${image('1.4.2')}` });
        expect(seen(run)).toEqual(live);
        expect([...fixture.argocd.liveImages('payments')].toSorted()).toEqual([
          image('1.3.9'),
          image('1.4.2'),
        ]);
      },
      { files: twoEntries },
    ));

  it('live when the one value of the chart that changed is seen', () =>
    withFixture(
      async (fixture) => {
        await fixture.deployed({ path: 'charts/two', helm: { valueFiles: ['web.yaml', 'worker.yaml'] } });
        expect(seen(await fixture.run({ path: 'charts/two/web.yaml' }))).toEqual(live);
      },
      { files: twoValues },
    ));

  it('not effective when a parameter of the Application holds one of two changed values', () =>
    withFixture(
      async (fixture) => {
        const parameters = [{ name: 'web.image.tag', value: '1.3.9' }];
        const helm = { valueFiles: ['web.yaml', 'worker.yaml'], parameters };
        await fixture.deployed({ path: 'charts/two', helm });
        const run = await fixture.run({ path: 'charts/two' });
        expect(seen(run)).toEqual({
          ...{ exitCode: 1, verdict: 'not-effective', reason: 'overridden', ok: 'false' },
        });
      },
      { files: twoValues },
    ));
});

it(
  'an image without a registry, in Git and in the cluster, is live by the default registry',
  { timeout: 120_000 },
  () =>
    withFixture(
      async (fixture) => {
        await fixture.deployed();
        const run = await fixture.run({ images: image('1.4.2'), 'default-registry': 'registry.example' });
        expect(seen(run)).toEqual(live);
        expect(fixture.argocd.liveImages('payments')).toEqual(['payments-api:1.4.2']);
      },
      { files: { [manifest]: deployment('0').replace(image('0'), 'payments-api:1.3.9') } },
    ),
);
