import { testClient } from '@sluice/testbed/github/test-client';
import { expect, it } from 'vitest';
import { image, withFixture } from './root-setup.ts';

const app = 'acme/app';

it(
  'a dry run for a pull request of the application is kept in a comment there, with the token of the job',
  () =>
    withFixture(async ({ github, argocd, run }) => {
      await github.commitFiles(app, 'topic', { 'main.ts': '1' });
      const client = testClient(github, github.createToken({ actor: 'carol', repositories: [app] }));
      const opened = await client.rest('POST', `/repos/${app}/pulls`, {
        title: 'T',
        head: 'topic',
        base: 'main',
      });
      const { number } = Object(opened.body);
      const event = { number, pull_request: { number } };
      const result = await run({ 'dry-run': 'true' }, { env: { GITHUB_EVENT_NAME: 'pull_request' }, event });
      expect(result.outputs).toMatchObject({ verdict: 'pending', reason: 'dry-run' });
      const [comment, ...more] = [...github.repository(app).comments.values()];
      expect(more).toEqual([]);
      expect(comment).toMatchObject({ author: 'github-actions[bot]', number });
      expect(comment?.body).toContain(`+          image: ${image('1.4.2')}`);
      expect(argocd.requests).toEqual([]);
    }),
  60_000,
);
