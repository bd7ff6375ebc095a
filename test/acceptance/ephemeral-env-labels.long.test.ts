import { setTimeout as delay } from 'node:timers/promises';
import { expect, describe as group, it } from 'vitest';
import { app, type Fixture, gitops, image, seen, target, withFixture } from './ephemeral-env-setup.ts';

const without = { exitCode: 0, verdict: 'removed', reason: 'not-wanted' };
const states = ({ deployments }: Fixture) => deployments().map(({ statuses }) => statuses.at(-1)?.state);

function isThere({ argocd }: Fixture): boolean {
  try {
    argocd.application('payments-pr-12');
    return true;
  } catch {
    return false;
  }
}

async function until(what: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await what())) await delay(50);
}

group.concurrent('ephemeral-env and the labels of now', { timeout: 300_000 }, () => {
  it('a label that was set while the image was built: none is made, and what stood there is taken away', () =>
    withFixture(async (fixture) => {
      const pull = await fixture.pull(12);
      pull.labels = ['skip-ephemeral'];
      const head = await fixture.github.head(gitops);
      const run = await fixture.deploy(12);
      expect(seen(run)).toMatchObject(without);
      expect(run.outputs.summary).toBe(
        'Pull request 12 has the label skip-ephemeral: it gets no environment.',
      );
      expect(await fixture.github.head(gitops)).toBe(head);
      expect(fixture.deployments()).toEqual([]);
      pull.labels = [];
      expect(seen(await fixture.deploy(12))).toMatchObject({ verdict: 'live' });
      pull.labels = ['skip-ephemeral'];
      // Whichever run wrote it.
      const older = await fixture.deploy(12, '1.0.0', {}, { id: 50 });
      expect(seen(older)).toMatchObject(without);
      expect(await fixture.files()).toEqual([]);
      expect(states(fixture)).toEqual(['inactive']);
      const [comment] = fixture.comments();
      expect(comment?.body).toContain('live');
    }));

  it('a label that is set while it comes up: it is taken away again by whoever made it', () =>
    withFixture(async (fixture) => {
      const pull = await fixture.pull(12);
      const running = fixture.deploy(12);
      await until(async () => (await fixture.files()).length > 0);
      pull.labels = ['skip-ephemeral'];
      const run = await running;
      expect(seen(run)).toMatchObject(without);
      expect(run.outputs.summary).toContain('gone from Git and from Argo CD');
      expect(await fixture.files()).toEqual([]);
      expect(states(fixture)).toEqual(['inactive']);
      expect(fixture.comments()[0]?.body).toContain('Take the label off to have one.');
      expect(fixture.comments()[0]?.body).not.toContain('To go without');
    }));

  it.each([
    ['labelled', 'removed', 'not-wanted', 0],
    ['not labelled', 'failed', 'removed-meanwhile', 1],
  ] as const)('one of a pull request that is %s, removed while it settles: %s %s, at once and not after the whole timeout', (what, verdict, reason, exitCode) =>
    withFixture(async (fixture) => {
      const pull = await fixture.pull(12);
      const running = fixture.deploy(12, '1.0.0', { settle: '150s', timeout: '180s' }, { id: 100 });
      await until(() => isThere(fixture));
      await delay(2000);
      if (what === 'labelled') pull.labels = ['skip-ephemeral'];
      const removal = await fixture.run({ operation: 'remove', 'pull-request': '12' }, { id: 101 });
      expect(seen(removal)).toMatchObject({ exitCode: 0, verdict: 'removed' });
      const since = Date.now();
      expect(seen(await running)).toMatchObject({ exitCode, verdict, reason });
      expect(Date.now() - since).toBeLessThan(60_000);
    }));

  it('labels that could not be read again take nothing away', () =>
    withFixture(async (fixture) => {
      const pull = await fixture.pull(12);
      const running = fixture.deploy(12);
      await until(async () => (await fixture.files()).length > 0);
      pull.labels = ['skip-ephemeral'];
      fixture.github.faults.push({ path: /\/pulls\/12$/, times: 1000, status: 403, message: 'No' });
      const run = await running;
      expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
      expect(run.summary).toContain('could not be looked at again');
    }));

  it('where a label asks for one, a pull request without it gets none', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      const run = await fixture.deploy(12, '1.0.0', { 'skip-mode': 'opt-in', 'skip-label': 'preview' });
      expect(seen(run)).toMatchObject(without);
      expect(run.outputs.summary).toContain('which would ask for it');
      expect(await fixture.files()).toEqual([]);
    }));
});

group.concurrent('ephemeral-env and runs of one commit', { timeout: 300_000 }, () => {
  it('a label that changes nothing commits nothing, restarts nothing, and says what is live', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      const first = await fixture.deploy(12);
      const head = await fixture.github.head(gitops);
      await fixture.github.commitFiles(gitops, 'main', { 'others/1': 'x' });
      const run = await fixture.deploy(12);
      expect(seen(run)).toEqual({ exitCode: 0, verdict: 'live', reason: 'proven', ok: 'true' });
      expect(run.outputs['commit-sha']).toBe(head);
      expect(run.outputs['commit-sha']).toBe(first.outputs['commit-sha']);
      expect(await fixture.github.log(gitops)).toHaveLength(3);
      expect(fixture.deployments().map(({ statuses }) => statuses.map(({ state }) => state))).toEqual([
        ['in_progress', 'success'],
      ]);
      expect(run.outputs['deployment-id']).toBe(first.outputs['deployment-id']);
      expect(fixture.comments()).toHaveLength(1);
    }));

  it('a newer head is written, though its files are the same', () =>
    withFixture(
      async (fixture) => {
        const pull = await fixture.pull(12);
        const inputs = { template: 'same', values: '' };
        expect(seen(await fixture.deploy(12, '1.0.0', inputs))).toMatchObject({ verdict: 'live' });
        pull.headSha = await fixture.github.commitFiles(app, pull.head, { 'b.txt': 'x' });
        expect(seen(await fixture.deploy(12, '1.0.0', inputs))).toMatchObject({ verdict: 'live' });
        expect(await fixture.github.log(gitops)).toHaveLength(3);
      },
      { files: { 'same/web.yaml': same } },
    ));

  it('all jobs of an older run are run again, after a label has started a newer one: live, with a new image too', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      expect(seen(await fixture.deploy(12, '1.0.0', {}, { id: 100 }))).toMatchObject({ verdict: 'live' });
      expect(seen(await fixture.deploy(12, '1.0.1', {}, { id: 101 }))).toMatchObject({ verdict: 'live' });
      const again = { id: 100, env: { GITHUB_RUN_ATTEMPT: '2' } };
      expect(seen(await fixture.deploy(12, '1.0.1', {}, again))).toMatchObject({
        exitCode: 0,
        verdict: 'live',
      });
      const rebuilt = await fixture.deploy(12, '1.0.2', {}, again);
      expect(seen(rebuilt)).toEqual({ exitCode: 0, verdict: 'live', reason: 'proven', ok: 'true' });
      expect(fixture.argocd.liveImages('payments-pr-12')).toEqual([image('1.0.2')]);
      expect(fixture.comments()[0]?.body).toContain(image('1.0.2'));
    }));

  it('a label soon after the opening: both runs are green, and one commit is made', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      fixture.generating(false);
      const runs = [100, 101].map((id) => fixture.deploy(12, '1.0.0', {}, { id }));
      await until(async () => (await fixture.files()).length > 0);
      fixture.generating(true);
      for (const run of await Promise.all(runs))
        expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
      expect(await fixture.github.log(gitops)).toHaveLength(2);
    }));

  it('a repository that was renamed has its environments on', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      const env = { GITHUB_REPOSITORY_ID: '77' };
      expect(seen(await fixture.deploy(12, '1.0.0', {}, { env }))).toMatchObject({ verdict: 'live' });
      const path = `${target}/pr-12/.sluice-preview`;
      const mark = (await fixture.github.readFile(gitops, 'main', path))?.toString() ?? '';
      expect(mark).toContain('"repositoryId": "77"');
      // Under its former name, by a run whose number is larger than any of now.
      const former = mark.replaceAll(app, 'acme/former').replace(/former\/\d+/, 'former/999');
      await fixture.github.commitFiles(gitops, 'main', { [path]: former.replace('/999', '/50') });
      const run = await fixture.deploy(12, '2.0.0', {}, { env });
      expect(seen(run)).toEqual({ exitCode: 0, verdict: 'live', reason: 'proven', ok: 'true' });
      const other = await fixture.deploy(12, '2.0.0', {}, { env: { GITHUB_REPOSITORY_ID: '78' } });
      expect(seen(other)).toMatchObject({ exitCode: 1, reason: 'foreign-folder' });
      const removed = await fixture.run({ operation: 'remove', 'pull-request': '12' }, { env });
      expect(seen(removed)).toMatchObject({ exitCode: 0, verdict: 'removed' });
    }));

  it.each([
    ['has no mark', {}],
    ['has a mark', { [`${target}/pr-12/.sluice-preview`]: '{"schema":"sluice.preview.v2"}' }],
  ])('a folder of the name that %s is left alone by deploy, remove and sweep', (why, mark) =>
    withFixture(
      async (fixture) => {
        (await fixture.pull(12)).state = 'open';
        const head = await fixture.github.head(gitops);
        for (const operation of ['deploy', 'remove']) {
          const run = await fixture.deploy(12, '1.0.0', { operation });
          expect(seen(run)).toEqual({
            exitCode: 1,
            verdict: 'failed',
            reason: 'foreign-folder',
            ok: 'false',
          });
          expect(run.outputs.summary).toContain(why);
        }
        expect(seen(await fixture.run({ operation: 'sweep' }))).toMatchObject({ exitCode: 0 });
        expect(await fixture.github.head(gitops)).toBe(head);
      },
      { files: { [`${target}/pr-12/hand.yaml`]: 'a: 1\n', ...mark } },
    ));
});

const same = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: app, image: "<<image>>" }] }
`;
