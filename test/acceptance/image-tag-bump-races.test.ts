import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  deployment,
  type Fixture,
  gitops,
  manifest,
  shownLog,
  startFixture,
} from './image-tag-bump-setup.ts';

let fixture: Fixture;

beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(async () => {
  fixture.github.expectNoViolations();
  await fixture[Symbol.asyncDispose]();
});

const shop = { images: 'registry.example/shop:1.4.2', project: 'shop', environment: 'production' };
const mutation = { method: 'POST', path: /graphql/ };
const ours = async () =>
  (await fixture.github.log(gitops)).filter(({ message }) => message.includes('Sluice-Run: acme/app/42/1'));

describe('a branch that moves between reading and committing', () => {
  it('another file: both changes are there', async () => {
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
    expect(shownLog(result)).toMatch(/^main moved to [0-9a-f]{7}: planning again on it\n$/);
  });

  it('another place of the same file: both changes are there', async () => {
    const theirs = deployment('1.4.1').replace('worker:7', 'worker:8');
    fixture.github.faults.push({
      ...mutation,
      run: () => fixture.github.commitFiles(gitops, 'main', { [manifest]: theirs }),
    });
    const result = await fixture.run(shop);
    expect(result.outputs.verdict).toBe('updated');
    expect(await fixture.text(manifest)).toBe(deployment('1.4.2').replace('worker:7', 'worker:8'));
  });

  it('the same change by somebody else: nothing is left to do', async () => {
    fixture.github.faults.push({
      ...mutation,
      run: () => fixture.github.commitFiles(gitops, 'main', { [manifest]: deployment('1.4.2') }),
    });
    const result = await fixture.run(shop);
    expect(result.outputs).toMatchObject({
      verdict: 'unchanged',
      'commit-sha': await fixture.github.head(gitops),
    });
    expect(await ours()).toEqual([]);
  });

  it('a newer version by somebody else: it stays', async () => {
    fixture.github.faults.push({
      ...mutation,
      run: () => fixture.github.commitFiles(gitops, 'main', { [manifest]: deployment('1.5.0') }),
    });
    const result = await fixture.run(shop);
    expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
      exitCode: 1,
      verdict: 'refused',
      reason: 'downgrade',
    });
    expect(await fixture.text(manifest)).toBe(deployment('1.5.0'));
  });

  it('each time: a conflict after ten tries, and nothing is forced', async () => {
    let count = 0;
    fixture.github.faults.push({
      ...mutation,
      times: 100,
      run: () => fixture.github.commitFiles(gitops, 'main', { 'other.txt': String(count++) }),
    });
    const result = await fixture.run(shop);
    expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
      exitCode: 1,
      verdict: 'unknown',
      reason: 'conflict',
    });
    expect(count).toBe(10);
    expect(await ours()).toEqual([]);
    fixture.github.faults.clear();
  }, 90_000);

  it('right after our commit, back to the old version: no success', async () => {
    fixture.github.faults.push({
      path: /gitops\.git\/git-upload-pack/,
      // Reading costs three requests (ref, commit, contents); the next is the look at the branch after the commit.
      skip: 3,
      run: async () => {
        if ((await ours()).length === 1)
          await fixture.github.commitFiles(gitops, 'main', { [manifest]: deployment('1.4.1') });
      },
      times: 1,
    });
    const result = await fixture.run({ ...shop, branch: 'main' });
    expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
      exitCode: 1,
      verdict: 'refused',
      ok: 'false',
      reason: 'overwritten-since',
      changed: 'false',
      'commit-sha': (await ours())[0]?.sha,
    });
  });

  it('two runs at once with different images: both land', async () => {
    const [one, two] = await Promise.all([
      fixture.run(shop),
      fixture.run({ images: 'registry.example/worker:8' }, { env: { GITHUB_RUN_ID: '43' } }),
    ]);
    expect([one.outputs.verdict, two.outputs.verdict]).toEqual(['updated', 'updated']);
    expect(await fixture.text(manifest)).toBe(deployment('1.4.2').replace('worker:7', 'worker:8'));
  });
});

describe('a server that fails', () => {
  it('answers 502 before it does anything: tried again', async () => {
    fixture.github.faults.push({ ...mutation, status: 502, times: 2 }, { path: /info\/refs/, status: 503 });
    const result = await fixture.run(shop);
    expect(result.outputs.verdict).toBe('updated');
    expect(await ours()).toHaveLength(1);
  });

  it('cuts the connection after it committed: found, and not committed twice', async () => {
    fixture.github.faults.push({ ...mutation, cut: 'after-effect' });
    const result = await fixture.run(shop);
    expect(await ours()).toHaveLength(1);
    expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
      exitCode: 0,
      verdict: 'updated',
      'commit-sha': (await ours())[0]?.sha,
    });
  });

  it('is down: one sentence, exit 1', async () => {
    fixture.github.faults.push({ path: /./, cut: 'before-effect', times: 1000 });
    const result = await fixture.run(shop);
    expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
      exitCode: 1,
      verdict: 'unknown',
      reason: 'git-unreachable',
      changed: 'false',
    });
    fixture.github.faults.clear();
  });

  it('speaks HTML: one sentence, exit 1', async () => {
    fixture.github.faults.push({ ...mutation, html: true, times: 100 });
    const result = await fixture.run(shop);
    expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
      exitCode: 1,
      verdict: 'unknown',
      reason: 'unexpected-answer',
    });
    fixture.github.faults.clear();
  });
});

describe('a run that is killed', () => {
  it('after the commit landed: the next attempt finds it there', async () => {
    const killed = Promise.withResolvers<void>();
    fixture.github.faults.push({ ...mutation, cut: 'after-effect', run: () => killed.resolve() });
    const first = await fixture.run(shop, { kill: { signal: 'SIGKILL', after: killed.promise } });
    expect(first.signal).toBe('SIGKILL');
    const second = await fixture.run(shop, { env: { GITHUB_RUN_ATTEMPT: '2' } });
    const landed = (await ours()).length;
    expect({ exitCode: second.exitCode, ...second.outputs }).toMatchObject({
      exitCode: 0,
      verdict: landed === 1 ? 'unchanged' : 'updated',
      'commit-sha': await fixture.github.head(gitops),
    });
    expect(await fixture.text(manifest)).toBe(deployment('1.4.2'));
  });

  it('by a cancellation: outputs are written, nothing is half done', async () => {
    const asked = Promise.withResolvers<void>();
    fixture.github.faults.push({ path: /info\/refs/, delay: 20_000, run: () => asked.resolve() });
    const result = await fixture.run(shop, { kill: { signal: 'SIGINT', after: 800 } });
    expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
      exitCode: 1,
      verdict: 'unknown',
      reason: 'cancelled',
      changed: 'false',
    });
    expect(result.ms).toBeLessThan(7500);
  });
});
