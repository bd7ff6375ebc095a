import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { branch, close, pulls, shop } from './image-tag-bump-pull-request-setup.ts';
import { deployment, gitops, json, manifest, withFixture } from './image-tag-bump-setup.ts';

describe.concurrent('commit: pull-request', { timeout: 60_000 }, () => {
  it('opens one, from a branch of the deployment, and leaves the base branch alone', () =>
    withFixture(async (fixture) => {
      const base = await fixture.github.head(gitops);
      const result = await fixture.run(shop);
      expect(await fixture.github.head(gitops)).toBe(base);
      expect(await fixture.text(manifest, branch)).toBe(deployment('1.4.2'));
      const head = await fixture.github.head(gitops, branch);
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 0,
        verdict: 'pending',
        ok: 'unknown',
        reason: 'pull-request-created',
        changed: 'true',
        'commit-sha': head,
        branch,
        'pull-request-number': '1',
        'pull-request-url': `${fixture.github.url}/${gitops}/pull/1`,
      });
      expect(json(result, 'change')).toMatchObject({ branch: 'main', base, commit: head });
      const [pull] = pulls(fixture);
      expect(pull).toMatchObject({ title: 'Deploy shop 1.4.2 to production', base: 'main', head: branch });
      expect(pull?.body).toContain('| `registry.example/shop:1.4.1` | `registry.example/shop:1.4.2` |');
      expect(pull?.body).toMatch(/\n\nSluice-Project: shop\nSluice-Environment: production\n/);
    }));

  it('brings the open one up to date: same number, new title, no force', () =>
    withFixture(async (fixture) => {
      await fixture.run(shop);
      const first = await fixture.github.head(gitops, branch);
      const again = await fixture.run(shop);
      expect(again.outputs).toMatchObject({
        verdict: 'pending',
        reason: 'pull-request-unchanged',
        changed: 'false',
        'pull-request-number': '1',
        'commit-sha': first,
      });
      const newer = await fixture.run({ ...shop, images: 'registry.example/shop:1.4.3' });
      expect(newer.outputs).toMatchObject({
        verdict: 'pending',
        reason: 'pull-request-updated',
        'pull-request-number': '1',
      });
      expect(await fixture.text(manifest, branch)).toBe(deployment('1.4.3'));
      expect((await fixture.github.log(gitops, branch)).map(({ sha }) => sha)).toContain(first);
      expect(pulls(fixture)).toHaveLength(1);
      expect(pulls(fixture)[0]).toMatchObject({ title: 'Deploy shop 1.4.3 to production' });
    }));

  it('keeps what a reviewer committed to it', () =>
    withFixture(async (fixture) => {
      await fixture.run(shop);
      await fixture.github.commitFiles(gitops, branch, { 'notes.md': 'reviewed' });
      await fixture.run({ ...shop, images: 'registry.example/shop:1.4.3' });
      expect(await fixture.text('notes.md', branch)).toBe('reviewed');
      expect(await fixture.text(manifest, branch)).toBe(deployment('1.4.3'));
    }));

  it('claims nothing of one whose branch lacks a place that the base branch got since', () =>
    withFixture(async (fixture) => {
      await fixture.run(shop);
      await fixture.github.commitFiles(gitops, 'main', { 'apps/shop/eu.yaml': deployment('1.4.1') });
      const again = await fixture.run(shop);
      expect({ exitCode: again.exitCode, ...again.outputs }).toMatchObject({
        exitCode: 1,
        verdict: 'refused',
        reason: 'pull-request-behind',
        summary: expect.stringContaining('lacks apps/shop/eu.yaml, Deployment/shop/shop container web.'),
        changed: 'false',
      });
    }));

  it('does not go back behind what the open one wants', () =>
    withFixture(async (fixture) => {
      await fixture.run({ ...shop, images: 'registry.example/shop:1.6.0' });
      const older = await fixture.run(shop);
      expect({ exitCode: older.exitCode, ...older.outputs }).toMatchObject({
        exitCode: 1,
        verdict: 'refused',
        reason: 'outdated',
      });
      expect(older.outputs.summary).toContain(`On the pull request's branch ${branch}: `);
      expect(await fixture.text(manifest, branch)).toBe(deployment('1.6.0'));
    }));

  it('opens none when the base branch holds everything already', () =>
    withFixture(async (fixture) => {
      const result = await fixture.run({ ...shop, images: 'registry.example/shop:1.4.1' });
      expect(result.outputs).toMatchObject({
        verdict: 'unchanged',
        'pull-request-number': '',
        branch: 'main',
      });
      expect(pulls(fixture)).toEqual([]);
      await expect(fixture.github.head(gitops, branch)).rejects.toThrow('no branch');
    }));

  it('after a merge it begins anew at the base branch', () =>
    withFixture(async (fixture) => {
      await fixture.run(shop);
      await fixture.github.mergePullRequest(gitops, 1);
      const result = await fixture.run({ ...shop, images: 'registry.example/shop:1.4.3' });
      expect(result.outputs).toMatchObject({ verdict: 'pending', 'pull-request-number': '2' });
      const [newest, base] = await fixture.github.log(gitops, branch);
      expect(newest?.parents).toEqual([await fixture.github.head(gitops)]);
      expect(base?.message).toContain('Merge pull request #1');
    }));

  it('does not bring back what a closed one proposed', () =>
    withFixture(async (fixture) => {
      await fixture.run({ ...shop, images: 'registry.example/worker:9' });
      close(fixture);
      const result = await fixture.run(shop);
      expect(result.outputs).toMatchObject({ verdict: 'pending', 'pull-request-number': '2' });
      expect(await fixture.text(manifest, branch)).toBe(deployment('1.4.2'));
    }));

  it('goes on where a run was killed before it opened the pull request', () =>
    withFixture(async (fixture) => {
      const asked = Promise.withResolvers<void>();
      fixture.github.faults.push({
        method: 'POST',
        path: /\/pulls$/,
        cut: 'before-effect',
        run: async () => {
          asked.resolve();
          await sleep(2000);
        },
      });
      const killed = await fixture.run(shop, { kill: { signal: 'SIGKILL', after: asked.promise } });
      expect(killed.signal).toBe('SIGKILL');
      const commits = (await fixture.github.log(gitops, branch)).length;
      const result = await fixture.run(shop, { env: { GITHUB_RUN_ATTEMPT: '2' } });
      expect(result.outputs.verdict).toBe('pending');
      expect(pulls(fixture)).toHaveLength(1);
      expect(await fixture.github.log(gitops, branch)).toHaveLength(commits);
    }));

  it('names the setting that keeps GITHUB_TOKEN from opening one', () =>
    withFixture(async (fixture) => {
      fixture.github.repository(gitops).actionsMayCreatePullRequests = false;
      const result = await fixture.run({ ...shop, token: fixture.github.githubToken(gitops) });
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 1,
        verdict: 'unknown',
        reason: 'pull-requests-not-allowed',
        changed: 'true',
        branch,
        'commit-sha': await fixture.github.head(gitops, branch),
        'pull-request-number': '',
      });
      expect(result.annotations.at(-1)?.message).toContain(
        'Allow GitHub Actions to create and approve pull requests',
      );
    }));

  it('names the permission that the token lacks', () =>
    withFixture(async (fixture) => {
      const token = fixture.github.createToken({ permissions: { contents: 'write' } });
      const result = await fixture.run({ ...shop, token });
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 1,
        verdict: 'unknown',
      });
      expect(result.annotations.at(-1)?.message).toMatch(/pull-requests: write/);
      await expect(fixture.github.head(gitops, branch)).rejects.toThrow('no branch');
    }));

  it('takes title and body as given, and works without a project', () =>
    withFixture(async (fixture) => {
      const result = await fixture.run({
        images: 'registry.example/shop:1.4.2',
        commit: 'pull-request',
        'pull-request-title': 'Shop',
        'pull-request-body': 'Please review',
      });
      expect(result.outputs.branch).toMatch(/^sluice\/bump\/[0-9a-f]{12}$/);
      expect(pulls(fixture)[0]).toMatchObject({ title: 'Shop' });
      expect(pulls(fixture)[0]?.body).toMatch(/^Please review\n\nSluice-Run: /);
      const newer = await fixture.run({ images: 'registry.example/shop:1.4.3', commit: 'pull-request' });
      expect(newer.outputs).toMatchObject({ branch: result.outputs.branch, 'pull-request-number': '1' });
    }));

  it('with an App: its token, minted for the repository', () =>
    withFixture(async (fixture) => {
      const app = fixture.github.createApp({
        owner: 'acme',
        repositories: [gitops],
        permissions: { contents: 'write', pull_requests: 'write' },
      });
      const result = await fixture.run({
        ...shop,
        token: '',
        'app-id': String(app.id),
        'app-private-key': app.privateKey,
      });
      expect(result.outputs).toMatchObject({ verdict: 'pending', 'pull-request-number': '1' });
      expect(pulls(fixture)[0]).toMatchObject({ author: 'sluice[bot]' });
    }));
});
