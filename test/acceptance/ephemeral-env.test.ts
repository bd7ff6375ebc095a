import { expect, describe as group, it } from 'vitest';
import { app, expectUntouched, gitops, image, seen, target, withFixture } from './ephemeral-env-setup.ts';

const mark = (number: number, more: object = {}): string =>
  JSON.stringify({
    ...{ schema: 'sluice.preview.v1', project: 'payments', repository: app, number, commit: 'a'.repeat(40) },
    ...{ image: '', run: `${app}/50/1`, deployed: new Date().toISOString(), ...more },
  });

const environment = (number: number, more?: object) => ({
  [`${target}/pr-${number}/.sluice-preview`]: mark(number, more),
  [`${target}/pr-${number}/x.yaml`]: 'a: 1\n',
});

group.concurrent('ephemeral-env writes nothing', { timeout: 60_000 }, () => {
  it('with dry-run, and shows what it would write', () =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      const head = await fixture.github.head(gitops);
      const run = await fixture.deploy(12, '1.0.0', {
        'dry-run': 'true',
        'argocd-server': '',
        'argocd-token': '',
      });
      expect(seen(run)).toEqual({ exitCode: 0, verdict: 'live', reason: 'dry-run', ok: 'unknown' });
      expect(run.outputs.summary).toContain('Nothing was written, and nothing was seen');
      expect(run.summary).toContain(`image: ${image('1.0.0')}`);
      await expectUntouched(fixture, head);
    }));

  it('where the template cannot be rendered, and lists every problem', () =>
    withFixture(
      async (fixture) => {
        await fixture.pull(12);
        const head = await fixture.github.head(gitops);
        const inputs = { template: 'broken', values: 'color=a: b\nunused=1', url: 'https://<<nobody>>/' };
        const run = await fixture.deploy(12, '1.0.0', inputs);
        expect(seen(run)).toEqual({
          exitCode: 1,
          verdict: 'unknown',
          reason: 'invalid-template',
          ok: 'unknown',
        });
        for (const text of [
          '4 problems',
          'a.yaml: line 2: <<nobody>>',
          'b.yaml: the values of color break the YAML',
          '<<unused>>',
          '`url`',
        ])
          expect(run.outputs.summary).toContain(text);
        await expectUntouched(fixture, head);
      },
      {
        files: {
          'broken/a.yaml': 'image: <<image>>\nx: <<nobody>>\n',
          'broken/b.yaml': 'color: <<color>>\n',
        },
      },
    ));

  it('where the image stands in no place that could be seen', () =>
    withFixture(
      async (fixture) => {
        await fixture.pull(12);
        const run = await fixture.deploy(12, '1.0.0', { template: 'odd', values: '' });
        expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'unknown', reason: 'invalid-template' });
        expect(run.outputs.summary).toContain('stands in no place where it could be seen to run');
      },
      {
        files: {
          'odd/a.yaml': 'kind: ConfigMap\napiVersion: v1\nmetadata: { name: a }\ndata: { x: <<image>> }\n',
        },
      },
    ));

  it('where the template holds no manifest: of nothing Argo CD says Synced and Healthy', () =>
    withFixture(
      async (fixture) => {
        await fixture.pull(12);
        const run = await fixture.run({ 'pull-request': '12', template: 'empty', values: '' });
        expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'unknown', reason: 'invalid-template' });
        expect(run.outputs.summary).toContain('empty holds no manifest');
      },
      { files: { 'empty/README.md': '# nothing' } },
    ));

  it.each([
    ['the template is not there', { template: 'nowhere' }, 'invalid-template', 'no folder nowhere'],
    [
      'the target lies in the template',
      { target: 'previews/payments/x' },
      'invalid-template',
      'lie in each other',
    ],
    ['the template leads out', { template: '../x' }, 'invalid-input', 'without `..`'],
    ['the target is the root', { target: './' }, 'invalid-input', 'not the root'],
    ['the target is absolute', { target: '/etc' }, 'invalid-input', 'relative to the repository'],
    ['there is no pull request', { 'pull-request': '' }, 'no-pull-request', 'names a pull request'],
    ['the pull request is nobody', { 'pull-request': '99' }, 'not-visible', 'not found'],
    ['Argo CD does not know the token', { 'argocd-token': 'nonsense' }, 'argocd-token', 'argocd-token'],
    ['there is no Argo CD', { 'argocd-server': '', 'argocd-token': '' }, 'invalid-input', 'argocd-server'],
    ['the project is no name', { project: 'a/../b' }, 'invalid-input', 'small letters'],
    [
      'a label asks for one, and none is named',
      { 'skip-mode': 'opt-in' },
      'invalid-input',
      '`skip-label` is needed',
    ],
    ['the template wants an image, and none is given', { image: '' }, 'invalid-template', 'give `image`'],
    ['a value is given twice', { values: 'replicas=1\nreplicas=2' }, 'invalid-input', 'twice'],
  ])('where %s', (_, inputs, reason, text) =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      const head = await fixture.github.head(gitops);
      const run = await fixture.deploy(12, '1.0.0', inputs);
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'unknown', reason, ok: 'unknown' });
      expect(run.outputs.summary).toContain(text);
      await expectUntouched(fixture, head);
    }));

  it('where there are as many as `limit` allows; the environments of others do not count', () =>
    withFixture(
      async (fixture) => {
        await fixture.pull(12);
        const head = await fixture.github.head(gitops);
        const run = await fixture.deploy(12, '1.0.0', { limit: '2' });
        expect(seen(run)).toEqual({ exitCode: 1, verdict: 'failed', reason: 'limit-reached', ok: 'false' });
        expect(run.outputs.summary).toBe(
          'There are 2 environments of payments (#1, #2), and `limit` allows 2: #12 gets none.',
        );
        expect(run.summary).toMatch(/^\*\*Failed: There are 2/);
        expect(await fixture.github.head(gitops)).toBe(head);
        expect(fixture.deployments()).toEqual([]);
        const bodies = fixture.comments().map(({ body }) => body);
        expect(bodies).toEqual([expect.stringContaining('allows 2: \\#12 gets none')]);
        expect(bodies[0]).not.toContain('To go without');
        const enough = await fixture.deploy(12, '1.0.0', { limit: '3', 'dry-run': 'true' });
        expect(enough.outputs.verdict).toBe('live');
      },
      {
        files: {
          ...{ ...environment(1), ...environment(2), ...environment(3, { repository: 'acme/other' }) },
          [`${target}/static/x.yaml`]: 'a: 1\n',
        },
      },
    ));

  it('where the folder is of another repository', () =>
    withFixture(
      async (fixture) => {
        await fixture.pull(12);
        const head = await fixture.github.head(gitops);
        for (const operation of ['deploy', 'remove']) {
          const run = await fixture.deploy(12, '1.0.0', { operation });
          expect(seen(run)).toEqual({
            exitCode: 1,
            verdict: 'failed',
            reason: 'foreign-folder',
            ok: 'false',
          });
        }
        await expectUntouched(fixture, head);
      },
      { files: environment(12, { repository: 'acme/other' }) },
    ));

  it('where a newer run was there before', () =>
    withFixture(
      async (fixture) => {
        await fixture.pull(12);
        const head = await fixture.github.head(gitops);
        for (const operation of ['deploy', 'remove']) {
          const run = await fixture.deploy(12, '1.0.0', { operation }, { id: 40 });
          expect(seen(run)).toEqual({ exitCode: 1, verdict: 'failed', reason: 'superseded', ok: 'unknown' });
        }
        await expectUntouched(fixture, head);
      },
      { files: environment(12) },
    ));

  it('for a pull request that is closed', () =>
    withFixture(async (fixture) => {
      (await fixture.pull(12)).state = 'closed';
      const head = await fixture.github.head(gitops);
      const run = await fixture.deploy(12);
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'failed', reason: 'pull-request-over', ok: 'false' });
      await expectUntouched(fixture, head);
    }));

  it('where there is nothing to remove', () =>
    withFixture(async (fixture) => {
      const head = await fixture.github.head(gitops);
      const run = await fixture.run({ operation: 'remove', 'pull-request': '12' });
      expect(run.outputs.reason).toBe('nothing-to-remove');
      expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'removed' });
      await expectUntouched(fixture, head);
    }));
});
