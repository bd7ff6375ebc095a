import { setTimeout as delay } from 'node:timers/promises';
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

const worker = `${folder}/worker.yaml`;
const workerImage = (tag: string) => `registry.example/worker:${tag}`;
const workerFile = (tag: string) => deployment('0', 'worker').replace(image('0'), workerImage(tag));
const withWorker = { files: { [worker]: workerFile('7') } };

group.concurrent('one change, several applications', { timeout: 120_000 }, () => {
  const both = async ({ deployed }: Fixture) => {
    for (const name of ['payments-eu', 'payments-us']) await deployed({ name });
    await deployed({ name: 'elsewhere', path: 'apps/elsewhere' });
  };

  it('is live when it is in each, though one of them comes late', () =>
    withFixture(async (fixture) => {
      await both(fixture);
      const { faults, liveImages } = fixture.argocd;
      faults.neverSync('payments-us');
      const running = fixture.run({ expect: '2' });
      while (!liveImages('payments-eu').includes(image('1.4.2'))) await delay(50);
      await fixture.release('payments-us');
      const run = await running;
      expect(seen(run)).toEqual(live);
      expect(resultOf(run).applications).toMatchObject([
        { name: 'payments-eu', verdict: 'live' },
        { name: 'payments-us', verdict: 'live' },
      ]);
      expect(run.summary).toContain('· 2 applications ·');
    }));

  it('is not live while one is behind: the worst speaks, and both are told', () =>
    withFixture(async (fixture) => {
      await both(fixture);
      fixture.argocd.faults.neverSync('payments-us');
      const run = await fixture.run({ timeout: '7s' });
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'timed-out', reason: 'timed-out', ok: 'false' });
      expect(resultOf(run).applications).toMatchObject([
        { name: 'payments-eu', verdict: 'live' },
        { name: 'payments-us', verdict: 'timed-out', missing: expect.arrayContaining(['synced']) },
      ]);
      expect(run.outputs.summary).toMatch(/^1 of 2 applications timed-out, payments-us: /);
      for (const name of ['payments-eu', 'payments-us']) expect(run.summary).toContain(`| [${name}](`);
    }));
});

group.concurrent('several images', { timeout: 120_000 }, () => {
  it('are one commit, and live together', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const run = await fixture.run({ images: `${image('1.4.2')}\n${workerImage('8')}` });
      expect(seen(run)).toEqual(live);
      expect(await fixture.ours()).toHaveLength(1);
      expect(await fixture.text()).toBe(deployment('1.4.2'));
      expect(await fixture.text(worker)).toBe(workerFile('8'));
      expect(fixture.argocd.liveImages('payments')).toEqual([image('1.4.2'), workerImage('8')]);
      expect(run.summary).toMatch(/^\*\*payments-api 1\.4\.2, worker 8 are live in production\*\*/);
    }, withWorker));

  it('the same one twice is set once', () =>
    withFixture(async (fixture) => {
      const run = await fixture.run({ images: `${image('1.4.2')}\n${image('1.4.2')}`, verify: 'committed' });
      expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'committed' });
      expect(resultOf(run).images).toMatchObject([{ image: image('1.4.2'), status: 'updated' }]);
      expect((await fixture.ours())[0]?.message).toMatch(/^Deploy payments 1\.4\.2 to production\n/);
      expect(await fixture.ours()).toHaveLength(1);
      expect(await fixture.text()).toBe(deployment('1.4.2'));
    }));

  it('the same one with two tags is an error', () =>
    withFixture(async (fixture) => {
      const run = await fixture.run({ images: `${image('1.4.2')}\n${image('1.4.3')}` });
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'unknown', reason: 'invalid-input', ok: 'unknown' });
      expect(run.outputs.summary).toContain(
        `"${image('1.4.2')}" and "${image('1.4.3')}" want different versions`,
      );
      expect(await fixture.ours()).toEqual([]);
    }));

  const lost = { images: `${image('1.4.2')}\nregistry.example/lost:1` };

  it('one that no file names: nothing is written', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const run = await fixture.run(lost);
      expect(seen(run)).toEqual({
        exitCode: 1,
        verdict: 'not-found',
        reason: 'image-not-found',
        ok: 'false',
      });
      expect(resultOf(run).images).toMatchObject([
        { image: image('1.4.2') },
        { status: 'not-found', places: [] },
      ]);
      expect(run.outputs).toMatchObject({
        changed: 'false',
        summary: expect.stringContaining('registry.example/lost'),
      });
      expect(await fixture.text()).toBe(deployment('1.3.9'));
    }));

  it('one that no file names, with on-no-match: warn: the other is live, and this one is told', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const run = await fixture.run({ ...lost, 'on-no-match': 'warn' });
      expect(seen(run)).toEqual(live);
      expect(resultOf(run).images).toMatchObject([{ status: 'updated' }, { status: 'not-found' }]);
      expect(run.annotations).toMatchObject([
        { level: 'warning', message: expect.stringContaining('registry.example/lost:1') },
      ]);
      expect(run.summary).toContain('registry.example/lost:1');
    }));

  it('a field beside the image is set in the same commit', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const run = await fixture.run({ set: `${folder}/settings.yaml data.color=red` });
      expect(seen(run)).toEqual(live);
      expect(await fixture.text(`${folder}/settings.yaml`)).toContain('data: { color: red }');
      expect(await fixture.text(manifest)).toBe(deployment('1.4.2'));
      expect(await fixture.ours()).toHaveLength(1);
    }));
});

group.concurrent('answers that are none', { timeout: 120_000 }, () => {
  const unknown = { exitCode: 1, verdict: 'unknown', ok: 'unknown' };

  it('an Argo CD that speaks HTML: found before anything is written', () =>
    withFixture(async (fixture) => {
      fixture.argocd.faults.html('/api/v1/applications', 100);
      const run = await fixture.run();
      expect(seen(run)).toEqual({ ...unknown, reason: 'argocd-not-an-api' });
      expect(await fixture.ours()).toEqual([]);
    }));

  it('a GitHub that speaks HTML: no success, nothing is written', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      fixture.github.faults.push({ method: 'POST', path: /graphql/, html: true, times: 100 });
      const run = await fixture.run();
      expect(seen(run)).toEqual({ ...unknown, reason: 'unexpected-answer' });
      expect(await fixture.ours()).toEqual([]);
    }));

  it('a token that may only read: the permission is named, nothing is written', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const token = fixture.github.createToken({ repositories: [gitops], permissions: { contents: 'read' } });
      const run = await fixture.run({ token });
      expect(seen(run)).toEqual({ ...unknown, reason: 'permission-denied' });
      expect(run.outputs.summary).toContain('contents: write');
      expect(await fixture.ours()).toEqual([]);
    }));

  it('a token of Argo CD that may not sync: the permission is named', () =>
    withFixture(async (fixture) => {
      await fixture.deployed({ automated: false });
      const mayNot = fixture.argocd.token({ actions: ['get'] });
      const run = await fixture.run({ 'argocd-token': mayNot, sync: 'when-manual' });
      expect(seen(run)).toEqual({ ...unknown, reason: 'sync-forbidden' });
      expect(run.outputs.summary).toContain('applications, sync, default/payments');
    }));
});
