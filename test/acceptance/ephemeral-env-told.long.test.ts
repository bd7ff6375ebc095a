import { expect, describe as group, it } from 'vitest';
import { app, type Fixture, gitops, image, seen, target, withFixture } from './ephemeral-env-setup.ts';

const mark = '<!-- sluice:ephemeral-env-payments -->';

/** A comment that is there already. */
function existing({ github }: Fixture, id: number, author: string, body: string, number = 12): void {
  github.repository(app).comments.set(id, { id, number, author, createdAt: 0, updatedAt: 0, body });
}

const bodyOf = ({ comments }: Fixture, id: number): string | undefined =>
  comments().find((one) => one.id === id)?.body;

group.concurrent('what ephemeral-env tells', { timeout: 300_000 }, () => {
  it('a comment of somebody else with our mark is left alone, and one that only quotes it', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      existing(fixture, 1, 'mallory', `${mark}\nfree money`);
      existing(fixture, 2, 'github-actions[bot]', `> ${mark}`);
      const run = await fixture.deploy(12, '1.0.0', { 'skip-allowed': 'false' });
      expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
      const ours = fixture.comments().find(({ id }) => id > 2);
      expect(ours?.body).toContain(image('1.0.0'));
      expect(ours?.body).not.toContain('label');
      expect(bodyOf(fixture, 1)).toBe(`${mark}\nfree money`);
      expect(bodyOf(fixture, 2)).toBe(`> ${mark}`);
      expect(fixture.comments()).toHaveLength(3);
    }));

  it('of two that two runs have made at once one is left', () =>
    withFixture(async (fixture) => {
      (await fixture.pull(12)).labels = ['preview'];
      fixture.github.faults.push({
        method: 'POST',
        path: /issues\/12\/comments/,
        run: () =>
          existing(fixture, 7, 'github-actions[bot]', `${mark}\n<!-- sluice-run:${app}/1/1 -->\nold`),
      });
      const labels = { 'skip-mode': 'opt-in', 'skip-label': 'preview\n<b>*' };
      const run = await fixture.deploy(12, '1.0.0', labels);
      expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'live' });
      expect(fixture.comments().map(({ id }) => id)).toEqual([7]);
      expect(bodyOf(fixture, 7)).toContain(image('1.0.0'));
      expect(bodyOf(fixture, 7)).toContain('because of one of the labels `preview`, `<b>*`');
    }));

  it('what a newer run has said stays', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      const newer = `${mark}\n<!-- sluice-run:${app}/999/1 -->\nnewer`;
      existing(fixture, 7, 'github-actions[bot]', newer);
      expect(seen(await fixture.deploy(12))).toMatchObject({ exitCode: 0, verdict: 'live' });
      expect(fixture.comments().map(({ body }) => body)).toEqual([newer]);
    }));

  it('a token that may only read, as that of a fork: live all the same, and said', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      const token = fixture.github.githubToken(app, {
        contents: 'read',
        pull_requests: 'read',
        issues: 'read',
      });
      const run = await fixture.deploy(12, '1.0.0', { 'pull-request-token': token });
      expect(seen(run)).toEqual({ exitCode: 0, verdict: 'live', reason: 'proven', ok: 'true' });
      expect(fixture.comments()).toEqual([]);
      expect(fixture.deployments()).toEqual([]);
      expect(run.summary).toContain('The pull request got no comment of this');
      expect(run.summary).toContain('There is no Deployment of this');
      expect(run.annotations).toEqual([]);
      const removed = await fixture.run({
        ...{ operation: 'remove', 'pull-request': '12', 'pull-request-token': token },
      });
      expect(seen(removed)).toMatchObject({ exitCode: 0, verdict: 'removed' });
    }));

  it('an image that never comes up: failed, on the Deployment and in the comment', () =>
    withFixture(
      async (fixture) => {
        await fixture.pull(12);
        const run = await fixture.deploy(12, 'bad');
        expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'failed', ok: 'false' });
        expect(fixture.deployments().map(({ statuses }) => statuses.at(-1)?.state)).toEqual(['failure']);
        expect(fixture.comments()[0]?.body).toContain('failed');
      },
      { badImages: [image('bad')] },
    ));

  it('a commit that is refused is not asked for: nothing was written', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      const fault = { method: 'POST', path: /graphql/, status: 403, message: 'Resource not accessible' };
      fixture.github.faults.push({ ...fault, times: 1000 });
      const run = await fixture.deploy(12);
      expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'unknown', reason: 'permission-denied' });
      expect(run.outputs.summary).toContain('Nothing was written to Git.');
      expect(run.outputs.summary).not.toContain('may be there');
    }));

  it('an Application that never appears: timed-out, after the whole timeout', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      fixture.generating(false);
      const run = await fixture.deploy(12, '1.0.0', { timeout: '8s' });
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'timed-out', reason: 'no-application', ok: 'false' });
      expect(fixture.comments()[0]?.body).toContain('timed-out');
      expect(run.summary).toContain('does the ApplicationSet read');
    }));

  it('a run that is cancelled says so on its Deployment, and in the comment', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      fixture.generating(false);
      const after = (async () => {
        while (fixture.comments().length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
        while ((await fixture.files()).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      })();
      const run = await fixture.deploy(12, '1.0.0', {}, { kill: { signal: 'SIGINT', after } });
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'unknown', reason: 'cancelled', ok: 'unknown' });
      expect(run.outputs.folder).toBe(`${target}/pr-12`);
      expect(run.outputs.summary).toContain(`${target}/pr-12`);
      expect(fixture.deployments().map(({ statuses }) => statuses.at(-1)?.state)).toEqual(['error']);
      expect(fixture.comments()[0]?.body).toContain('cancelled');
    }));

  it('a branch that may not be written: failed, and nothing is there', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      fixture.github.protect(gitops, 'main', 'ruleset');
      const run = await fixture.deploy(12);
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'failed', reason: 'ruleset', ok: 'false' });
      expect(await fixture.files()).toEqual([]);
    }));

  it('an Application that stays when its folder is gone: timed-out, and its name', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      expect(seen(await fixture.deploy(12))).toMatchObject({ verdict: 'live' });
      fixture.generating(false);
      const run = await fixture.run({ operation: 'remove', 'pull-request': '12', timeout: '5s' });
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'timed-out', reason: 'still-there', ok: 'false' });
      expect(run.outputs.summary).toContain('payments-pr-12');
      expect(await fixture.files()).toEqual([]);
      fixture.generating(true);
      const again = await fixture.run({ operation: 'remove', 'pull-request': '12' });
      expect(seen(again)).toMatchObject({ exitCode: 0, verdict: 'removed' });
    }));
});
