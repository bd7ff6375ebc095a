import { SluiceError } from '@sluice/core/errors';
import { type ArgoCdStandIn, startArgoCd } from '@sluice/testbed/argocd/stand-in';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deploy } from './deploy.ts';
import { repository, type Stage, startStage } from './test-stage.ts';

const gitops = 'acme/gitops';
const deployment = (name: string, tag: string) =>
  `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: app, image: "registry.example/shop:${tag}" }] }
`;

let stage: Stage;
let argocd: ArgoCdStandIn;
let head: string;
beforeEach(async () => {
  stage = await startStage();
  head = await stage.github.createRepository(gitops, {
    'apps/eu/shop.yaml': deployment('shop', '1'),
    'apps/us/notes.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: notes }\n',
  });
  argocd = await startArgoCd({ gitBase: stage.github.root });
});
afterEach(async () => {
  stage.github.expectNoViolations();
  await argocd.close();
  await stage[Symbol.asyncDispose]();
});

const given = (more: Readonly<Record<string, string>> = {}) =>
  stage.inputs({
    ...{ repository: gitops, path: 'apps', token: stage.github.createToken() },
    ...{ verify: 'healthy', 'argocd-server': argocd.url, 'argocd-token': argocd.token({ actions: ['get'] }) },
    ...more,
  });
const application = (name: string, folder = name) =>
  argocd.createApplication({
    ...{ name, repoURL: `${stage.github.url}/${gitops}.git`, path: `apps/${folder}` },
    ...{ targetRevision: 'main', automated: true, deployed: true },
  });
const statesAfter = (id: number) => stage.states(id).slice(1);

describe('what is watched', { timeout: 60_000 }, () => {
  it('is what the plan came to: also the application whose file appeared while the branch moved', async () => {
    await application('eu');
    await application('us');
    const theirs = () =>
      stage.github.commitFiles(gitops, 'main', { 'apps/us/shop.yaml': deployment('shop', '1') });
    stage.github.faults.push({ path: /graphql/, run: theirs });
    const outcome = await deploy(given({ mode: 'once' }), stage.world());
    expect(outcome.result.applications).toMatchObject([{ name: 'eu' }, { name: 'us' }]);
  });

  it('is what the change touches when it is committed: also the application that appeared after the first look', async () => {
    await application('eu');
    stage.github.faults.push({ path: /graphql/, run: () => application('eu-canary', 'eu') });
    const outcome = await deploy(given({ mode: 'once' }), stage.world());
    expect(outcome.result.applications).toMatchObject([{ name: 'eu' }, { name: 'eu-canary' }]);
    expect(outcome.verdict).not.toBe('live');
  });
});

describe('before anything is written', () => {
  it('a plan that is queued stands as planned on its Deployment: it is no dry run', async () => {
    const { outputs } = await deploy(given({ deployment: 'queue' }), stage.world());
    const [queued] = stage.deploymentOf(Number(outputs['deployment-id'])).statuses;
    expect(queued).toMatchObject({
      state: 'queued',
      description: expect.stringMatching(/^Planned: .* would change 1/),
    });
  });

  it('a certificate that is none is found before anything is asked', async () => {
    const inputs = given({ 'argocd-ca': 'no-such-file' });
    await expect(deploy(inputs, stage.world())).rejects.toThrow(/argocd-ca: neither PEM text nor a file/);
    expect([...stage.github.requests, ...argocd.requests]).toEqual([]);
  });

  it('a dry run of another plan than the approved one says so', async () => {
    const expected = `sha256:${'0'.repeat(64)}`;
    const inputs = given({ 'dry-run': 'true', 'expect-plan': expected });
    const outcome = await deploy(inputs, stage.world());
    expect(outcome).toMatchObject({ verdict: 'plan-stale', ok: 'false' });
    expect(await stage.github.head(gitops)).toBe(head);
  });

  it('a dry run says nothing of the Deployment, whatever it finds', async () => {
    const id = stage.deployment();
    for (const images of ['registry.example/shop:2', 'registry.example/nobody:2']) {
      await deploy(given({ 'dry-run': 'true', images, 'deployment-id': String(id) }), stage.world());
    }
    expect(statesAfter(id)).toEqual([]);
  });

  it('a Deployment of another project stops it', async () => {
    const id = stage.deployment({ project: 'cart' });
    const inputs = given({ 'deployment-id': String(id) });
    await expect(deploy(inputs, stage.world())).rejects.toThrow(/is not a Deployment of shop in qa/);
    expect(statesAfter(id)).toEqual([]);
    expect(await stage.github.head(gitops)).toBe(head);
  });

  it('a cancellation says that nothing was changed', async () => {
    const controller = new AbortController();
    const reason = new SluiceError('platform', 'cancelled', 'The run was cancelled.');
    const id = stage.deployment();
    stage.github.faults.push({ path: /gitops\.git/, run: () => controller.abort(reason) });
    const run = deploy(given({ 'deployment-id': String(id) }), stage.world(controller.signal));
    await expect(run).rejects.toThrow('cancelled before the first write: nothing was changed');
    expect(statesAfter(id)).toEqual(['error']);
    expect(await stage.github.head(gitops)).toBe(head);
  });
});

it('an error in the middle sets the Deployment to error, with its sentence', async () => {
  const id = stage.deployment();
  await expect(deploy(given({ branch: 'none', 'deployment-id': String(id) }), stage.world())).rejects.toThrow(
    /no branch "none"/,
  );
  expect(stage.github.repository(repository).deployments.get(id)?.statuses.at(-1)).toMatchObject({
    state: 'error',
    description: 'acme/gitops has no branch "none".',
  });
});
