import { setTimeout as sleep } from 'node:timers/promises';
import { systemExec } from '@sluice/core/exec';
import { describe, expect, it } from 'vitest';
import { deployment, type Fixture, gitops, manifest, shownLog, withFixture } from './image-tag-bump-setup.ts';

const shop = { images: 'registry.example/shop:1.4.2', project: 'shop', environment: 'production' };
const tool = 'apps/tool.yaml';
const toolAt = (tag: string) =>
  deployment(tag).replace('name: shop,', 'name: tool,').replaceAll('/shop:', '/tool:');
const methods = ['api', 'git'] as const;

/** `100755` of a file, as the branch holds it. */
async function modeOf(fixture: Fixture, path: string): Promise<string | undefined> {
  const { dir } = fixture.github.repository(gitops);
  const { stdout } = await systemExec('git', ['ls-tree', 'main', '--', path], { cwd: dir });
  return stdout.split(' ')[0];
}

describe.concurrent.each(methods)('commit-method: %s', { timeout: 60_000 }, (method) => {
  it('changes the value in one commit on the head that was read', () =>
    withFixture(async (fixture) => {
      const before = await fixture.github.head(gitops);
      const result = await fixture.run({ ...shop, 'commit-method': method });
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 0,
        verdict: 'updated',
        reason: 'committed',
        branch: 'main',
        'commit-sha': await fixture.github.head(gitops),
      });
      const [commit] = await fixture.github.log(gitops, 'main', 1);
      expect(commit?.parents).toEqual([before]);
      expect(commit?.message).toMatch(/^Deploy shop 1\.4\.2 to production\n\n(.*\n)*Sluice-Change: sha256:/);
      expect(await fixture.text(manifest)).toBe(deployment('1.4.2'));
    }));

  it('keeps the mode of an executable file', () =>
    withFixture(async (fixture) => {
      const content = toolAt('1.4.1');
      await fixture.github.commitFiles(gitops, 'main', { [tool]: { content, mode: '100755' } });
      const images = 'registry.example/tool:1.5\nregistry.example/shop:1.4.2';
      const result = await fixture.run({ images, 'commit-method': method });
      expect(result.outputs).toMatchObject({
        verdict: 'updated',
        'commit-sha': await fixture.github.head(gitops),
      });
      expect([await fixture.text(tool), await fixture.text(manifest)]).toEqual([
        toolAt('1.5'),
        deployment('1.4.2'),
      ]);
      expect([await modeOf(fixture, tool), await modeOf(fixture, manifest)]).toEqual(['100755', '100644']);
    }));

  it('writes no file through a symbolic link', () =>
    withFixture(async (fixture) => {
      const link = { content: '../shop/deployment.yaml', mode: '120000' } as const;
      await fixture.github.commitFiles(gitops, 'main', { 'apps/link/deployment.yaml': link });
      const result = await fixture.run({ ...shop, 'commit-method': method });
      expect(result.outputs.verdict).toBe('updated');
      expect(await modeOf(fixture, 'apps/link/deployment.yaml')).toBe('120000');
      expect(await fixture.text('apps/link/deployment.yaml')).toBe(link.content);
    }));

  it.each([
    ['protection', 'GH006|must be made through a pull request', 'branch-protected'],
    ['ruleset', 'rule violations', 'ruleset'],
  ] as const)('commit: auto opens a pull request where the branch refuses (%s), and says so', (rule, words, code) =>
    withFixture(async (fixture) => {
      fixture.github.protect(gitops, 'main', rule);
      const head = await fixture.github.head(gitops);
      const inputs = { ...shop, 'commit-method': method };
      const refused = await fixture.run(inputs);
      expect(refused.outputs).toMatchObject({ verdict: 'refused', reason: code, changed: 'false' });
      const result = await fixture.run({ ...inputs, commit: 'auto' });
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 0,
        verdict: 'pending',
        branch: 'sluice/shop/production',
        'pull-request-number': '1',
      });
      expect(await fixture.github.head(gitops)).toBe(head);
      expect(await fixture.text(manifest, 'sluice/shop/production')).toBe(deployment('1.4.2'));
      const pull = fixture.github.repository(gitops).pulls.get(1);
      expect(pull?.body).toMatch(new RegExp(words));
      const kind = rule === 'ruleset' ? 'A ruleset for' : 'The protection of';
      for (const text of [shownLog(result), result.outputs.summary]) {
        expect(text).toMatch(new RegExp(`${kind} the branch main refuses a direct commit: .*(${words})`));
      }
    }));

  it('commit: auto commits directly where the branch lets it', () =>
    withFixture(async (fixture) => {
      const result = await fixture.run({ ...shop, 'commit-method': method, commit: 'auto' });
      expect(result.outputs).toMatchObject({ verdict: 'updated', 'pull-request-number': '' });
      expect(fixture.github.repository(gitops).pulls.size).toBe(0);
    }));

  it('commit: auto makes no pull request of a token that may only read', () =>
    withFixture(async (fixture) => {
      const token = fixture.github.createToken({
        permissions: { contents: 'read', pull_requests: 'write' },
      });
      const result = await fixture.run({ ...shop, 'commit-method': method, commit: 'auto', token });
      expect(result.outputs).toMatchObject({
        verdict: 'unknown',
        reason: 'permission-denied',
        changed: 'false',
      });
      expect(result.outputs.summary).toMatch(/contents: write/);
      expect(fixture.github.repository(gitops).pulls.size).toBe(0);
    }));
});

describe.concurrent('a push', { timeout: 60_000 }, () => {
  const receive = { method: 'POST', path: /gitops\.git\/git-receive-pack/ };
  const pushing = { ...shop, 'commit-method': 'git' };

  it('to a branch that moved meanwhile: planned again, both changes are there', () =>
    withFixture(async (fixture) => {
      const theirs = deployment('1.4.1').replace('worker:7', 'worker:8');
      fixture.github.faults.push({
        ...receive,
        run: () => fixture.github.commitFiles(gitops, 'main', { [manifest]: theirs }),
      });
      const result = await fixture.run(pushing);
      expect(result.outputs.verdict).toBe('updated');
      expect(await fixture.text(manifest)).toBe(deployment('1.4.2').replace('worker:7', 'worker:8'));
    }));

  it('whose answer is lost: found, and not pushed twice', () =>
    withFixture(async (fixture) => {
      fixture.github.faults.push({ ...receive, cut: 'after-effect' });
      const result = await fixture.run(pushing);
      const ours = (await fixture.github.log(gitops)).filter(({ message }) => message.includes('Sluice-Run'));
      expect(ours).toHaveLength(1);
      expect(result.outputs).toMatchObject({ verdict: 'updated', 'commit-sha': ours[0]?.sha });
    }));

  it('to a server that fails before it does anything: tried again', () =>
    withFixture(async (fixture) => {
      fixture.github.faults.push({ ...receive, status: 502, times: 2 });
      const result = await fixture.run(pushing);
      expect(result.outputs.verdict).toBe('updated');
    }));

  it('names the user of GitHub Actions as author', () =>
    withFixture(async (fixture) => {
      await fixture.run(pushing);
      expect((await fixture.github.log(gitops, 'main', 1))[0]?.author).toBe('github-actions[bot]');
    }));

  it('that is refused for a secret or a large file opens no pull request, and says what it was', () =>
    withFixture(async (fixture) => {
      const inputs = { ...pushing, commit: 'auto' };
      fixture.github.limitPushes(gitops, { secretPatterns: [/shop:1\.4\.2/] });
      const secret = await fixture.run(inputs);
      fixture.github.limitPushes(gitops, { secretPatterns: [], largestFile: 100 });
      const large = await fixture.run(inputs);
      for (const { outputs } of [secret, large]) {
        expect(outputs).toMatchObject({ verdict: 'unknown', reason: 'push-refused', changed: 'false' });
      }
      expect(secret.outputs.summary).toMatch(/push protection .* found a secret/);
      expect(large.outputs.summary).toMatch(/too large for the server/);
      expect(fixture.github.repository(gitops).pulls.size).toBe(0);
    }));

  it('without the signature that the branch wants opens no pull request: `commit-method: api` signs', () =>
    withFixture(async (fixture) => {
      fixture.github.protect(gitops, 'main', { kind: 'ruleset', wants: 'signatures' });
      const result = await fixture.run({ ...pushing, commit: 'auto' });
      expect(result.outputs).toMatchObject({ verdict: 'refused', reason: 'ruleset', changed: 'false' });
      expect(result.annotations).toMatchObject([{ message: expect.stringContaining('commit-method: api') }]);
      const signed = await fixture.run({ ...pushing, commit: 'auto', 'commit-method': 'api' });
      expect(signed.outputs.verdict).toBe('updated');
    }));

  it('that is cancelled on its way: nobody knows whether it landed, and that is said', () =>
    withFixture(async (fixture) => {
      const asked = Promise.withResolvers<void>();
      const later = sleep(5000, undefined, { ref: false });
      const run = () => {
        asked.resolve();
        return later;
      };
      fixture.github.faults.push({ ...receive, run });
      const result = await fixture.run(pushing, { kill: { signal: 'SIGTERM', after: asked.promise } });
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 1,
        verdict: 'unknown',
        reason: 'cancelled',
        changed: '',
        branch: 'main',
      });
      expect(result.outputs.summary).toMatch(/A commit was asked for and not confirmed/);
    }));
});
