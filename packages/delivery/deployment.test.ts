import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkDeployment, queueDeployment, reportDeployment } from './deployment.ts';
import { deploymentPayload } from './deployment-payload.ts';
import { key, plan, repository, type Stage, startStage } from './test-stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(async () => {
  stage.github.expectNoViolations();
  await stage[Symbol.asyncDispose]();
});

const found = (id: number) => stage.github.repository(repository).deployments.get(id);

describe('queueDeployment', () => {
  it('creates it for the commit of the workflow, queued, with all that others need to know', async () => {
    const digest = `sha256:${'e'.repeat(64)}`;
    const { images } = stage.inputs({
      images: `registry.example/shop:2@${digest}\nregistry.example/cart:3`,
    });
    const whose = { ...key, tenant: 'eu' };
    const payload = deploymentPayload(images, whose, [{ plan }], stage.world().context);
    const { home, sha } = stage;
    const id = await queueDeployment(home, { key: whose, sha, payload, summary: 'Dry run: 2 places.' });
    expect(found(id)).toMatchObject({
      sha,
      task: 'deploy:shop',
      environment: 'qa',
      production: false,
      description: 'Dry run: 2 places.',
    });
    expect(found(id)?.payload).toEqual({
      schema: 'sluice.deployment.v1',
      project: 'shop',
      environment: 'qa',
      tenant: 'eu',
      release: null,
      images: [
        { image: `registry.example/shop:2@${digest}`, digest },
        { image: 'registry.example/cart:3', digest: null },
      ],
      sbom: null,
      plan: plan.digest,
      change: plan.change,
      run: { id: 42, attempt: 3, workflow: 'deploy', repository },
      wait: null,
      partial: false,
    });
    expect(found(id)?.statuses).toMatchObject([
      { state: 'queued', description: 'Dry run: 2 places.', logUrl: home.logUrl, environmentUrl: '' },
    ]);
  });

  it('holds the digest of a change that is too large', () => {
    const files = Array.from({ length: 1000 }, (_, index) => ({
      path: `${index}/${'a'.repeat(60)}`,
      edits: [],
    }));
    const large = { ...plan, change: { ...plan.change, files } };
    const payload = deploymentPayload([], key, [{ plan: large }], stage.world().context);
    expect(payload.change).toEqual({
      digest: plan.digest,
      imagesOnly: true,
      parts: [{ repository: plan.change.repository, branch: 'main' }],
    });
    expect(payload.tenant).toBeNull();
  });

  it('says which permission is missing', async () => {
    const payload = deploymentPayload([], key, [{ plan }], stage.world().context);
    stage.github.faults.push({
      method: 'POST',
      path: /deployments$/,
      status: 403,
      message: 'Resource not accessible',
    });
    await expect(queueDeployment(stage.home, { key, sha: stage.sha, payload, summary: 'x' })).rejects.toThrow(
      /in acme\/app: it lacks `deployments: write`/,
    );
  });
});

describe('reportDeployment', () => {
  it('keeps to 140 characters, never retires others, and links to the run and to what was deployed', async () => {
    const other = stage.deployment({ project: 'cart' }, 'success');
    const id = stage.deployment();
    const home = { ...stage.home, environmentUrl: 'https://shop.example' };
    await reportDeployment(home, id, 'success', 'x'.repeat(200));
    expect(found(id)?.statuses.at(-1)).toMatchObject({
      state: 'success',
      description: `${'x'.repeat(139)}…`,
      logUrl: home.logUrl,
      environmentUrl: 'https://shop.example',
    });
    expect(stage.states(other)).toEqual(['queued', 'success']);
  });
});

describe('checkDeployment', () => {
  it.each([
    ['another project', { project: 'cart' }],
    ['another environment', { environment: 'production' }],
    ['a tenant', { tenant: 'eu' }],
  ])('refuses a Deployment of %s', async (_, of) => {
    const id = stage.deployment(of);
    await expect(checkDeployment(stage.home, key, id)).rejects.toMatchObject({
      kind: 'input',
      message: `An input is wrong: deployment-id: ${id} is not a Deployment of shop in qa.`,
    });
  });

  it('takes its own, and says when there is none', async () => {
    await checkDeployment(stage.home, key, stage.deployment());
    const eu = { ...key, tenant: 'eu' };
    await checkDeployment(stage.home, eu, stage.deployment(eu));
    await expect(checkDeployment(stage.home, key, 7)).rejects.toThrow(/deployments\/7 was not found/);
  });
});
