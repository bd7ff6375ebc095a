import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectFailure, type Fixture, gitops, json, manifest, startFixture } from './image-tag-bump-setup.ts';

let fixture: Fixture;

beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(async () => {
  fixture.github.expectNoViolations();
  await fixture[Symbol.asyncDispose]();
});

const shop = { images: 'registry.example/shop:1.4.2', project: 'shop', environment: 'production' };

describe('commit: direct', () => {
  it('sets several images and fields in several files in one commit', async () => {
    const before = await fixture.github.head(gitops);
    const result = await fixture.run({
      images: 'registry.example/shop:1.4.2\nregistry.example/worker:8\npay:2.1\nregistry.example/api:v2',
      set: 'charts/api/values.yaml replicas=3',
    });
    expect(result.outputs.verdict).toBe('updated');
    expect((await fixture.github.log(gitops)).map(({ sha }) => sha).indexOf(before)).toBe(1);
    expect(await fixture.text(manifest)).toContain('worker:8');
    expect(await fixture.text('apps/pay/kustomization.yaml')).toBe(
      'images:\n  - name: pay\n    newTag: "2.1"\n',
    );
    expect(await fixture.text('charts/api/values.yaml')).toBe(
      'image:\n  repository: registry.example/api\n  tag: v2\nreplicas: 3\n',
    );
  });

  it('edits images inside `path` only, also where `set` names a file outside of it', async () => {
    const inputs = {
      images: 'pay:2.1\nregistry.example/api:v2',
      set: 'charts/api/values.yaml replicas:=3',
      path: 'apps',
    };
    await expectFailure(fixture, await fixture.run(inputs), {
      verdict: 'not-found',
      reason: 'image-not-found',
      says: /registry\.example\/api:v2/,
    });
    const tolerant = await fixture.run({ ...inputs, 'on-no-match': 'warn' });
    expect(tolerant.outputs.verdict).toBe('updated');
    expect(await fixture.text('charts/api/values.yaml')).toBe(
      'image:\n  repository: registry.example/api\n  tag: v1\nreplicas: 3\n',
    );
  });

  it('takes the message that is given, and adds what names the deployment', async () => {
    await fixture.run({ ...shop, message: 'Roll out the shop\n\nApproved in CHG-7' });
    const [commit] = await fixture.github.log(gitops);
    expect(commit?.message).toMatch(/^Roll out the shop\n\nApproved in CHG-7\n\nSluice-Project: shop\n/);
  });
});

describe('what is not done', () => {
  it('an image without a place: nothing is written, though another has one', async () => {
    const result = await fixture.run({ images: 'registry.example/shop:1.4.2\nregistry.example/none:1' });
    await expectFailure(fixture, result, {
      verdict: 'not-found',
      reason: 'image-not-found',
      says: /No place in \. names registry\.example\/none:1\./,
    });
    expect(json(result, 'result').images).toMatchObject([{ status: 'updated' }, { status: 'not-found' }]);
  });

  it('an image without a place, with on-no-match: warn: the other is set, and nothing is said of this one', async () => {
    const images = 'registry.example/shop:1.4.2\nregistry.example/none:1';
    const result = await fixture.run({ images, 'on-no-match': 'warn' });
    expect(result.outputs.summary).toMatch(/^Committed shop 1\.4\.2 to /);
    expect((await fixture.github.log(gitops))[0]?.message).toMatch(/^Set shop 1\.4\.2\n/);
    expect(result.annotations).toMatchObject([
      { level: 'warning', message: 'No place names registry.example/none:1: it was left out.' },
    ]);
  });

  it('an image that only a file without YAML names', async () => {
    await fixture.github.commitFiles(gitops, 'main', { 'broken.yaml': 'image: [registry.example/none:1' });
    await expectFailure(fixture, await fixture.run({ images: 'registry.example/none:2' }), {
      verdict: 'not-found',
      reason: 'image-not-found',
      says: /names registry\.example\/none:2; broken\.yaml: it is not YAML/,
    });
  });

  it('nothing matched at all, with on-no-match: warn', async () => {
    await expectFailure(fixture, await fixture.run({ images: 'none:1', 'on-no-match': 'warn' }), {
      verdict: 'not-found',
      reason: 'image-not-found',
      says: /none:1/,
    });
  });

  it.each([
    ['protection', 'branch-protected', /The protection of the branch main refuses.*\n.*commit: auto/],
    ['ruleset', 'ruleset', /A ruleset for the branch main refuses.*\n.*commit: auto/],
  ] as const)('a commit that the branch refuses (%s)', async (rule, reason, says) => {
    fixture.github.protect(gitops, 'main', rule);
    await expectFailure(fixture, await fixture.run(shop), { verdict: 'refused', reason, says });
  });

  it('reading a repository that the token does not reach', async () => {
    const token = fixture.github.githubToken('acme/app');
    await expectFailure(fixture, await fixture.run({ ...shop, token }), {
      verdict: 'unknown',
      reason: 'not-visible',
      says: /was not found, or is not visible/,
    });
  });
});
