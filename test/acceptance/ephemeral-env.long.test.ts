import { expect, describe as group, it } from 'vitest';
import { app, gitops, image, seen, target, withFixture } from './ephemeral-env-setup.ts';

group.concurrent('ephemeral-env', { timeout: 300_000 }, () => {
  it('makes an environment, waits until it is live, tells it; updates it, and takes it away again', () =>
    withFixture(async (fixture) => {
      const { github, argocd } = fixture;
      const pull = await fixture.pull(12);
      const run = await fixture.deploy(12);
      expect(run.outputs.summary).toContain('#12 is live');
      expect(seen(run)).toEqual({ exitCode: 0, verdict: 'live', reason: 'proven', ok: 'true' });
      expect(run.outputs).toMatchObject({
        url: 'https://pr-12-feature-12.example.test/',
        folder: `${target}/pr-12`,
        slug: 'pr-12-feature-12',
        'commit-sha': await github.head(gitops),
      });
      expect(await fixture.files()).toEqual([
        'pr-12/.sluice-preview',
        'pr-12/deployment.yaml',
        'pr-12/settings.yaml',
      ]);
      const settings = (await github.readFile(gitops, 'main', `${target}/pr-12/settings.yaml`))?.toString();
      expect(settings).toContain(
        `commit: "${pull.headSha}", template: "{{ .Values.x }} \${{ github.sha }} $(HOME)"`,
      );
      expect(argocd.liveImages('payments-pr-12')).toEqual([image('1.0.0')]);
      const [comment, ...others] = fixture.comments();
      expect(others).toEqual([]);
      expect(comment).toMatchObject({ number: 12, author: 'github-actions[bot]' });
      for (const text of [
        'live',
        '(https://pr-12-feature-12.example.test/)',
        image('1.0.0'),
        pull.headSha.slice(0, 7),
        '`skip-ephemeral`',
      ])
        expect(comment?.body).toContain(text);
      expect(fixture.deployments()).toMatchObject([
        {
          ...{
            task: 'preview:pr-12',
            environment: 'preview',
            transient: true,
            production: false,
            sha: pull.headSha,
          },
          payload: {
            ...{
              schema: 'sluice.deployment.v1',
              project: 'payments',
              environment: 'preview',
              tenant: 'pr-12',
            },
            images: [{ image: image('1.0.0'), digest: null }],
            run: { id: 101, attempt: 1, repository: app },
          },
          statuses: [{ state: 'in_progress' }, { state: 'success', environmentUrl: run.outputs.url }],
        },
      ]);

      const again = await fixture.deploy(12, '1.1.0');
      expect(seen(again)).toMatchObject({ exitCode: 0, verdict: 'live' });
      expect(argocd.liveImages('payments-pr-12')).toEqual([image('1.1.0')]);
      expect(fixture.comments()).toHaveLength(1);
      expect(fixture.comments()[0]?.body).toContain(image('1.1.0'));
      expect(fixture.deployments().map(({ statuses }) => statuses.at(-1)?.state)).toEqual([
        'inactive',
        'success',
      ]);

      const removed = await fixture.run({ operation: 'remove', 'pull-request': '12' });
      expect(removed.outputs.summary).toBe('The environment of #12 is gone from Git and from Argo CD.');
      expect(seen(removed)).toEqual({ exitCode: 0, verdict: 'removed', reason: 'removed', ok: 'true' });
      expect(await fixture.files()).toEqual([]);
      expect(() => argocd.application('payments-pr-12')).toThrow('no application');
      expect(fixture.comments()).toHaveLength(1);
      expect(fixture.comments()[0]?.body).toContain('removed');
      expect(fixture.comments()[0]?.body).not.toContain('https://pr-12');
      expect(fixture.deployments().map(({ statuses }) => statuses.at(-1)?.state)).toEqual([
        'inactive',
        'inactive',
      ]);
      expect((await github.log(gitops)).map(({ message }) => message.split('\n')[0])).toEqual([
        'Remove preview #12 of payments',
        `Preview #12 of payments: ${image('1.1.0')}`,
        `Preview #12 of payments: ${image('1.0.0')}`,
        'Begin',
      ]);
    }));

  it('without an image it is live by its folder alone, and says that no image was looked at', () =>
    withFixture(
      async (fixture) => {
        await fixture.pull(12);
        for (const color of ['blue', 'green']) {
          const run = await fixture.run({
            'pull-request': '12',
            template: 'plain',
            values: `color=${color}`,
          });
          expect(seen(run)).toEqual({ exitCode: 0, verdict: 'live', reason: 'proven', ok: 'true' });
          expect(run.summary).toContain('No image was checked');
          const { applications } = JSON.parse(run.outputs.result ?? '');
          expect(applications[0].revision).toBe(run.outputs['commit-sha']);
          expect(fixture.argocd.live('payments-pr-12').get('ConfigMap/settings')).toMatchObject({
            data: { color },
          });
        }
      },
      {
        files: {
          'plain/settings.yaml':
            'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { color: <<color>> }\n',
        },
      },
    ));
});
