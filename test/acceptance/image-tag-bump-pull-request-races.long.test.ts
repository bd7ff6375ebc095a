import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '@sluice/testbed/runner';
import { describe, expect, it } from 'vitest';
import { branch, close, pulls, shas, shop } from './image-tag-bump-pull-request-setup.ts';
import { deployment, gitops, manifest, withFixture } from './image-tag-bump-setup.ts';

describe.concurrent('a pull request that changes under the run', { timeout: 60_000 }, () => {
  it('begins a spent branch anew only while it stands where the pull request ended', () =>
    withFixture(async (fixture) => {
      await fixture.run({ ...shop, images: 'registry.example/worker:9' });
      close(fixture);
      let theirs = '';
      fixture.github.faults.push({
        path: /graphql/,
        async run() {
          theirs = await fixture.github.commitFiles(gitops, branch, { 'fix.txt': 'hers' });
        },
      });
      const result = await fixture.run(shop);
      expect(result.outputs).toMatchObject({ verdict: 'pending', 'pull-request-number': '2' });
      expect(await shas(fixture)).toEqual(expect.arrayContaining([theirs, result.outputs['commit-sha']]));
      expect(await fixture.text('fix.txt', branch)).toBe('hers');
    }));

  it('loses no commit of a run beside it that begins the same spent branch anew', () =>
    withFixture(async (fixture) => {
      await fixture.run({ ...shop, images: 'registry.example/worker:9' });
      close(fixture);
      const beside: RunResult[] = [];
      fixture.github.faults.push({
        path: /graphql/,
        async run() {
          const inputs = { ...shop, images: 'registry.example/worker:10' };
          beside.push(await fixture.run(inputs, { env: { GITHUB_RUN_ID: '41' } }));
        },
      });
      const result = await fixture.run(shop);
      const [other] = beside;
      expect(other?.outputs).toMatchObject({ verdict: 'pending', 'pull-request-number': '2' });
      expect(result.outputs).toMatchObject({ verdict: 'pending', 'pull-request-number': '2' });
      const commits = [other, result].map((one) => one?.outputs['commit-sha']);
      expect(await shas(fixture)).toEqual(expect.arrayContaining(commits));
      const text = await fixture.text(manifest, branch);
      expect(text).toBe(deployment('1.4.2').replace('worker:7', 'worker:10'));
    }));

  it.each([
    { how: 'merged', deleted: false },
    { how: 'merged', deleted: true },
    { how: 'closed', deleted: false },
  ])('opens a new one where the open one is $how before our commit (branch deleted: $deleted)', ({
    how,
    deleted,
  }) =>
    withFixture(async (fixture) => {
      await fixture.run({ ...shop, images: 'registry.example/worker:9' });
      fixture.github.faults.push({
        path: /graphql/,
        async run() {
          if (how === 'merged') await fixture.github.mergePullRequest(gitops, 1);
          else close(fixture);
          if (deleted) rmSync(join(fixture.github.repository(gitops).dir, 'refs/heads', branch));
        },
      });
      const result = await fixture.run({ ...shop, images: 'registry.example/shop:1.4.3' });
      const head = await fixture.github.head(gitops, branch);
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 0,
        verdict: 'pending',
        reason: 'pull-request-created',
        changed: 'true',
        'commit-sha': head,
        'pull-request-number': '2',
      });
      expect(pulls(fixture)).toMatchObject([
        { state: 'closed', title: 'Deploy shop 9 to production' },
        { state: 'open', title: 'Deploy shop 1.4.3 to production' },
      ]);
      const [newest] = await fixture.github.log(gitops, branch);
      expect(newest?.parents).toEqual([await fixture.github.head(gitops)]);
      const text = await fixture.text(manifest, branch);
      const wanted = deployment('1.4.3');
      expect(text).toBe(how === 'merged' ? wanted.replace('worker:7', 'worker:9') : wanted);
    }));

  it('says that the base branch holds it where the open one was merged with our commit', () =>
    withFixture(async (fixture) => {
      await fixture.run(shop);
      fixture.github.faults.push({
        method: 'GET',
        path: /\/pulls\/1$/,
        run: () => fixture.github.mergePullRequest(gitops, 1),
      });
      const result = await fixture.run({ ...shop, images: 'registry.example/shop:1.4.3' });
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 0,
        verdict: 'unchanged',
        reason: 'already-set',
        changed: 'true',
        branch: 'main',
        'commit-sha': await fixture.github.head(gitops),
        'pull-request-number': '',
      });
      expect(await fixture.text(manifest)).toBe(deployment('1.4.3'));
    }));

  it('cancelled while it asks for one: the commit is told, and that the rest is not known', () =>
    withFixture(async (fixture) => {
      const asked = Promise.withResolvers<void>();
      fixture.github.faults.push({
        method: 'POST',
        path: /\/pulls$/,
        run: () => {
          asked.resolve();
          return new Promise(() => {});
        },
      });
      const result = await fixture.run(shop, { kill: { signal: 'SIGINT', after: asked.promise } });
      const head = await fixture.github.head(gitops, branch);
      expect(result.outputs).toMatchObject({ verdict: 'unknown', reason: 'cancelled', changed: 'true' });
      expect(result.outputs.summary).toContain(
        `The commit ${head} is on the branch ${branch}. A pull request of the branch ${branch} was asked for and not confirmed`,
      );
    }));
});
