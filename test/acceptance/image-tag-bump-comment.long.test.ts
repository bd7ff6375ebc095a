import { testClient } from '@sluice/testbed/github/test-client';
import type { RunOptions } from '@sluice/testbed/runner';
import { describe, expect, it } from 'vitest';
import { type Fixture, gitops, manifest, withFixture } from './image-tag-bump-setup.ts';

const app = 'acme/app';
const dryRun = {
  images: 'registry.example/shop:1.4.2',
  project: 'shop',
  environment: 'production',
  'dry-run': 'true',
};

/** A pull request of the application, whose workflow asks what would be deployed. */
async function openPull({ github }: Fixture): Promise<Partial<RunOptions>> {
  await github.commitFiles(app, 'topic', { 'main.ts': '1' });
  const client = testClient(github, github.createToken({ actor: 'carol' }));
  const { body } = await client.rest('POST', `/repos/${app}/pulls`, {
    title: 'T',
    head: 'topic',
    base: 'main',
  });
  const { number } = Object(body);
  return { env: { GITHUB_EVENT_NAME: 'pull_request' }, event: { number, pull_request: { number } } };
}

const comments = ({ github }: Fixture) => [...github.repository(app).comments.values()];

describe.concurrent('a dry run for a pull request', { timeout: 60_000 }, () => {
  it('keeps what it found in one comment: verdict, table, diff, digest of the plan', () =>
    withFixture(async (fixture) => {
      const event = await openPull(fixture);
      const first = await fixture.run(dryRun, event);
      const [comment, ...more] = comments(fixture);
      expect(more).toEqual([]);
      expect(comment?.body.split('\n').slice(0, 2)).toEqual([
        expect.stringMatching(/^<!-- sluice:image-tag-bump-[0-9a-f]{16} -->$/),
        expect.stringMatching(
          /^\*\*Dry run: shop 1\.4\.2 for production would change 1 place in 1 file in main/,
        ),
      ]);
      expect(comment?.body).toContain(`| [\`${manifest}\`](${fixture.github.url}/${gitops}/blob/`);
      expect(comment?.body).toContain('<details><summary>Diff</summary>\n\n```diff\n--- a/');
      expect(comment?.body).toContain(`Plan: \`${first.outputs['plan-digest']}\``);
      expect(comment?.body).toMatch(
        /_By \[this run\]\(http:.*\/acme\/app\/actions\/runs\/42\/attempts\/1\)\._$/,
      );
      await fixture.run({ ...dryRun, images: 'registry.example/shop:1.4.3' }, event);
      expect(comments(fixture)).toMatchObject([
        { body: expect.stringContaining('shop 1.4.3 for production') },
      ]);
      const writes = fixture.github.requests.filter(({ method }) => method === 'PATCH').length;
      await fixture.run({ ...dryRun, images: 'registry.example/shop:1.4.3' }, event);
      expect(fixture.github.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(writes);
      await fixture.run({ ...dryRun, environment: 'staging' }, event);
      expect(comments(fixture)).toHaveLength(2);
    }));

  it("finds its comment behind a hundred others, and never writes into somebody else's with the same mark", () =>
    withFixture(async (fixture) => {
      const event = await openPull(fixture);
      await fixture.run(dryRun, event);
      const [ours] = comments(fixture);
      const { comments: all } = fixture.github.repository(app);
      all.clear();
      const forged = { author: 'mallory', number: 1, createdAt: 0, updatedAt: 0, body: ours?.body ?? '' };
      for (let id = 1; id <= 120; id++) all.set(id, { ...forged, id, body: `${id}` });
      all.set(3, { ...forged, id: 3 });
      await fixture.run(dryRun, event);
      expect(all.size).toBe(121);
      expect(all.get(3)).toMatchObject({ author: 'mallory', updatedAt: 0 });
      await fixture.run({ ...dryRun, images: 'registry.example/shop:1.4.3' }, event);
      expect(all.size).toBe(121);
      expect([...all.values()].at(-1)?.body).toContain('shop 1.4.3');
    }));

  it('with the token of a fork: the verdict stays, and the page says that there is no comment', () =>
    withFixture(async (fixture) => {
      const event = await openPull(fixture);
      const token = fixture.github.githubToken(app, { contents: 'read', pull_requests: 'read' });
      const result = await fixture.run({ ...dryRun, 'comment-token': token }, event);
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 0,
        verdict: 'updated',
      });
      expect(result.annotations).toEqual([]);
      expect(result.summary).toMatch(/_The pull request got no comment of this: .*pull-requests: write/);
      expect(comments(fixture)).toEqual([]);
    }));

  it('with an event whose number is none: the same', () =>
    withFixture(async (fixture) => {
      const event = { pull_request: { number: '1/../../x' } };
      const result = await fixture.run(dryRun, { env: { GITHUB_EVENT_NAME: 'pull_request_target' }, event });
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 0,
        verdict: 'updated',
      });
      expect(result.summary).toContain('The event of this run names no pull request');
    }));

  it('lets nothing of a file or a commit become Markdown, a mention or the end of the diff', () =>
    withFixture(async (fixture) => {
      const event = await openPull(fixture);
      const line = '# ````` "@acme/everyone </details> <img src=x> [x](javascript:1)" ``` @alice';
      await fixture.github.commitFiles(gitops, 'main', {
        'apps/pay/values.yaml': `image:\n  repository: registry.example/pay\n  ${line}\n  tag: "1"\n`,
      });
      await fixture.run({ ...dryRun, images: 'registry.example/pay:2' }, event);
      const body = comments(fixture)[0]?.body ?? '';
      const fence = /\n(`{3,})diff\n/.exec(body)?.[1] ?? '';
      expect(fence.length).toBeGreaterThan(5);
      const [before, inside, after] = body.split(new RegExp(`^${fence}(?:diff)?$`, 'm'));
      expect(inside).toContain('@alice');
      for (const outside of [before, after]) expect(outside).not.toMatch(/@alice|@acme|<img|javascript/);
    }));

  it('has 65,536 characters at most, whatever would change', () =>
    withFixture(async (fixture) => {
      const event = await openPull(fixture);
      const service = (index: number) =>
        `service-${index}:\n${`  # ${'é'.repeat(100)}\n`.repeat(8)}  image: {repository: registry.example/pay, tag: "1"}\n`;
      const values = Array.from({ length: 400 }, (_, index) => service(index)).join('');
      await fixture.github.commitFiles(gitops, 'main', { 'apps/many/values.yaml': values });
      await fixture.run({ ...dryRun, images: 'registry.example/pay:2' }, event);
      const body = comments(fixture)[0]?.body ?? '';
      expect(body.length).toBeGreaterThan(20_000);
      expect(body.length).toBeLessThanOrEqual(65_536);
      expect(body).toContain('_Shortened: the whole did not fit into a comment._');
      expect(body).toMatch(/_By \[this run\]/);
    }));

  it('is not commented with `comment: never`, nor a run that writes with `auto`, and that one is with `always`', () =>
    withFixture(async (fixture) => {
      const event = await openPull(fixture);
      await fixture.run({ ...dryRun, comment: 'never' }, event);
      await fixture.run({ ...dryRun, 'dry-run': 'false' }, event);
      expect(comments(fixture)).toEqual([]);
      await fixture.run({ ...dryRun, 'dry-run': 'false', comment: 'always' }, event);
      expect(comments(fixture)).toMatchObject([{ body: expect.stringContaining('**Nothing to change: ') }]);
    }));
});
