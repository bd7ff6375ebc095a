import { setTimeout as sleep } from 'node:timers/promises';
import { secondaryLimit } from '@sluice/testbed/github/faults';
import { describe, expect, it } from 'vitest';
import {
  deployment,
  type Fixture,
  gitops,
  json,
  manifest,
  shownLog,
  withFixture,
} from './image-tag-bump-setup.ts';

const shop = { images: 'registry.example/shop:1.4.2', project: 'shop', environment: 'production' };
const mutation = { method: 'POST', path: /graphql/ };
const ours = async (fixture: Fixture) =>
  (await fixture.github.log(gitops)).filter(({ message }) => message.includes('Sluice-Run: acme/app/42/1'));

describe.concurrent('a branch that moves between reading and committing', { timeout: 60_000 }, () => {
  it('another file: both changes are there', () =>
    withFixture(async (fixture) => {
      fixture.github.faults.push({
        ...mutation,
        run: () => fixture.github.commitFiles(gitops, 'main', { 'other.txt': 'theirs' }),
      });
      const result = await fixture.run(shop);
      expect(result.outputs).toMatchObject({
        verdict: 'updated',
        'commit-sha': await fixture.github.head(gitops),
      });
      expect(await fixture.text('other.txt')).toBe('theirs');
      expect(await fixture.text(manifest)).toBe(deployment('1.4.2'));
      expect(shownLog(result)).toMatch(/^main moved to [0-9a-f]{7}: planning again on it$/m);
    }));

  it('another place of the same file: both changes are there', () =>
    withFixture(async (fixture) => {
      const theirs = deployment('1.4.1').replace('worker:7', 'worker:8');
      fixture.github.faults.push({
        ...mutation,
        run: () => fixture.github.commitFiles(gitops, 'main', { [manifest]: theirs }),
      });
      const result = await fixture.run(shop);
      expect(result.outputs.verdict).toBe('updated');
      expect(await fixture.text(manifest)).toBe(deployment('1.4.2').replace('worker:7', 'worker:8'));
    }));

  it('the same change by somebody else: nothing is left to do', () =>
    withFixture(async (fixture) => {
      fixture.github.faults.push({
        ...mutation,
        run: () => fixture.github.commitFiles(gitops, 'main', { [manifest]: deployment('1.4.2') }),
      });
      const result = await fixture.run(shop);
      expect(result.outputs).toMatchObject({
        verdict: 'unchanged',
        'commit-sha': await fixture.github.head(gitops),
      });
      expect(await ours(fixture)).toEqual([]);
    }));

  it('a newer version by somebody else: it stays', () =>
    withFixture(async (fixture) => {
      fixture.github.faults.push({
        ...mutation,
        run: () => fixture.github.commitFiles(gitops, 'main', { [manifest]: deployment('1.5.0') }),
      });
      const result = await fixture.run(shop);
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 1,
        verdict: 'refused',
        reason: 'outdated',
      });
      expect(await fixture.text(manifest)).toBe(deployment('1.5.0'));
    }));

  it('right after our commit, back to the old version: no success', () =>
    withFixture(async (fixture) => {
      let isOver = false;
      // The first look at the branch after the commit.
      const overwrite = async () => {
        if (isOver || (await ours(fixture)).length === 0) return;
        isOver = true;
        await fixture.github.commitFiles(gitops, 'main', { [manifest]: deployment('1.4.1') });
      };
      fixture.github.faults.push({ path: /gitops\.git\/git-upload-pack/, run: overwrite, times: 100 });
      const result = await fixture.run({ ...shop, branch: 'main' });
      fixture.github.faults.clear();
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 1,
        verdict: 'refused',
        ok: 'false',
        reason: 'overwritten-since',
        changed: 'true',
        'commit-sha': (await ours(fixture))[0]?.sha,
      });
    }));

  it('two runs at once with different images: both land', () =>
    withFixture(async (fixture) => {
      const [one, two] = await Promise.all([
        fixture.run(shop),
        fixture.run({ images: 'registry.example/worker:8' }, { env: { GITHUB_RUN_ID: '43' } }),
      ]);
      expect([one.outputs.verdict, two.outputs.verdict]).toEqual(['updated', 'updated']);
      expect(await fixture.text(manifest)).toBe(deployment('1.4.2').replace('worker:7', 'worker:8'));
    }));
});

describe.concurrent('a server that fails', { timeout: 60_000 }, () => {
  it('answers 502 before it does anything: tried again', () =>
    withFixture(async (fixture) => {
      fixture.github.faults.push({ ...mutation, status: 502, times: 2 }, { path: /info\/refs/, status: 503 });
      const result = await fixture.run(shop);
      expect(result.outputs.verdict).toBe('updated');
      expect(await ours(fixture)).toHaveLength(1);
    }));

  it('fails when the branch is read back: unknown, and the commit is named', () =>
    withFixture(async (fixture) => {
      const unreadable = { path: /info\/refs/, status: 403, message: 'Git is not readable', times: 20 };
      fixture.github.faults.push({ ...mutation, run: () => fixture.github.faults.push(unreadable) });
      const result = await fixture.run(shop);
      fixture.github.faults.clear();
      const sha = (await ours(fixture))[0]?.sha;
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 1,
        verdict: 'unknown',
        ok: 'unknown',
        changed: 'true',
        'commit-sha': sha,
        branch: 'main',
        'plan-digest': expect.stringMatching(/^sha256:/),
      });
      expect(json(result, 'change')).toMatchObject({ commit: sha });
      const said = `The commit ${sha} is on the branch main.`;
      expect(result.outputs.summary?.endsWith(said)).toBe(true);
      expect(result.summary).toContain(said);
      expect(result.annotations).toMatchObject([{ message: expect.stringContaining(said) }]);
    }));

  it('cuts the connection after it committed: found, and not committed twice', () =>
    withFixture(async (fixture) => {
      fixture.github.faults.push({ ...mutation, cut: 'after-effect' });
      const result = await fixture.run(shop);
      expect(await ours(fixture)).toHaveLength(1);
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 0,
        verdict: 'updated',
        'commit-sha': (await ours(fixture))[0]?.sha,
      });
    }));

  it('is down: one sentence, exit 1', () =>
    withFixture(async (fixture) => {
      fixture.github.faults.push({ path: /./, cut: 'before-effect', times: 1000 });
      const result = await fixture.run(shop);
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 1,
        verdict: 'unknown',
        reason: 'git-unreachable',
        changed: 'false',
      });
      fixture.github.faults.clear();
    }));

  it('asks to wait (secondary rate limit): waited for', () =>
    withFixture(async (fixture) => {
      fixture.github.faults.push(secondaryLimit(mutation.path, 1));
      const result = await fixture.run(shop);
      expect(result.outputs.verdict).toBe('updated');
      expect(await ours(fixture)).toHaveLength(1);
    }));

  it('is no Git server but a login page: one sentence, exit 1', () =>
    withFixture(async (fixture) => {
      fixture.github.faults.push({ path: /gitops\.git\//, html: true, times: 100 });
      const result = await fixture.run(shop);
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 1,
        verdict: 'unknown',
      });
      expect(result.annotations.filter(({ level }) => level === 'error')).toHaveLength(1);
      expect(result.outputs.summary).toMatch(/not a Git server|page/i);
    }));

  it('speaks HTML: one sentence, exit 1', () =>
    withFixture(async (fixture) => {
      fixture.github.faults.push({ ...mutation, html: true, times: 100 });
      const result = await fixture.run(shop);
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 1,
        verdict: 'unknown',
        reason: 'unexpected-answer',
      });
      fixture.github.faults.clear();
    }));
});

describe.concurrent('a run that is killed', { timeout: 60_000 }, () => {
  it('after the commit landed: the next attempt finds it there', () =>
    withFixture(async (fixture) => {
      const killed = Promise.withResolvers<void>();
      fixture.github.faults.push({ ...mutation, cut: 'after-effect', run: () => killed.resolve() });
      const first = await fixture.run(shop, { kill: { signal: 'SIGKILL', after: killed.promise } });
      expect(first.signal).toBe('SIGKILL');
      const second = await fixture.run(shop, { env: { GITHUB_RUN_ATTEMPT: '2' } });
      const landed = (await ours(fixture)).length;
      expect({ exitCode: second.exitCode, ...second.outputs }).toMatchObject({
        exitCode: 0,
        verdict: landed === 1 ? 'unchanged' : 'updated',
        'commit-sha': await fixture.github.head(gitops),
      });
      expect(await fixture.text(manifest)).toBe(deployment('1.4.2'));
    }));

  it('by a cancellation: outputs are written, nothing is half done', () =>
    withFixture(async (fixture) => {
      const asked = Promise.withResolvers<void>();
      const never = sleep(20_000, undefined, { ref: false });
      fixture.github.faults.push({
        path: /info\/refs/,
        run: () => {
          asked.resolve();
          return never;
        },
      });
      const result = await fixture.run(shop, { kill: { signal: 'SIGINT', after: asked.promise } });
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 1,
        verdict: 'unknown',
        reason: 'cancelled',
        changed: 'false',
      });
      expect(result.ms).toBeLessThan(7500);
    }));
});
