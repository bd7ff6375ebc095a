import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  deployment,
  everyOutput,
  expectFailure,
  type Fixture,
  gitops,
  json,
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

describe('commit: direct', () => {
  it('changes the bytes of the tag and nothing else, and hands on the change', async () => {
    const before = await fixture.github.head(gitops);
    const result = await fixture.run(shop);
    const head = await fixture.github.head(gitops);
    expect(shownLog(result).split('\n')).toEqual([
      `${manifest}: Deployment/shop/shop container web: registry.example/shop:1.4.1 -> registry.example/shop:1.4.2`,
      result.outputs.summary,
      '',
    ]);
    expect(result.exitCode).toBe(0);
    expect(await fixture.text(manifest)).toBe(deployment('1.4.2'));
    expect(result.outputs).toMatchObject({
      verdict: 'updated',
      ok: 'true',
      reason: 'committed',
      changed: 'true',
      'commit-sha': head,
      branch: 'main',
      'pull-request-number': '',
      'pull-request-url': '',
    });
    expect(Object.keys(result.outputs).sort()).toEqual([...everyOutput].sort());
    expect(json(result, 'change')).toEqual({
      schema: 'sluice.change.v1',
      repository: `${fixture.github.url}/${gitops}`,
      branch: 'main',
      commit: head,
      base: before,
      project: 'shop',
      environment: 'production',
      run: 'acme/app/42/1',
      files: [
        {
          path: manifest,
          edits: [
            {
              place: {
                type: 'container',
                apiVersion: 'apps/v1',
                kind: 'Deployment',
                namespace: 'shop',
                name: 'shop',
                list: 'containers',
                container: 'web',
              },
              from: 'registry.example/shop:1.4.1',
              to: 'registry.example/shop:1.4.2',
              image: 'registry.example/shop:1.4.2',
            },
          ],
        },
      ],
    });
    const [commit] = await fixture.github.log(gitops);
    expect(commit?.message).toBe(
      [
        'Deploy shop 1.4.2 to production',
        '',
        `${manifest}: Deployment/shop/shop container web: registry.example/shop:1.4.1 -> registry.example/shop:1.4.2`,
        '',
        'Sluice-Project: shop',
        'Sluice-Environment: production',
        'Sluice-Run: acme/app/42/1',
        `Sluice-Change: ${result.outputs['plan-digest']}`,
      ].join('\n'),
    );
    expect(json(result, 'result')).toMatchObject({
      schema: 'sluice.image-tag-bump.v1',
      images: [{ image: 'registry.example/shop:1.4.2', status: 'updated' }],
      files: [{ path: manifest, edits: [{ place: 'Deployment/shop/shop container web' }] }],
    });
    expect(result.summary.split('\n')[0]).toBe(
      `**Committed shop 1.4.2 for production to main of acme/gitops: 1 place in 1 file, ${head.slice(0, 7)}.**`,
    );
    expect(result.summary).toContain('```diff\n');
  });

  it('changes nothing the second time, says so, and hands on the same places with the head that holds them', async () => {
    await fixture.run(shop);
    const head = await fixture.github.head(gitops);
    const again = await fixture.run(shop);
    expect(await fixture.github.head(gitops)).toBe(head);
    expect({ exitCode: again.exitCode, ...again.outputs }).toMatchObject({
      exitCode: 0,
      verdict: 'unchanged',
      ok: 'true',
      reason: 'already-set',
      changed: 'false',
      'commit-sha': head,
    });
    expect(json(again, 'change')).toMatchObject({
      commit: head,
      base: head,
      files: [{ edits: [{ from: 'registry.example/shop:1.4.2', to: 'registry.example/shop:1.4.2' }] }],
    });
  });
});

describe('dry-run', () => {
  it('writes nothing, and shows the diff and the digest that the commit then has', async () => {
    const head = await fixture.github.head(gitops);
    const dry = await fixture.run({ ...shop, 'dry-run': 'true' });
    expect(await fixture.github.head(gitops)).toBe(head);
    expect(fixture.github.requests.filter(({ operation }) => operation !== undefined)).toEqual([]);
    expect({ exitCode: dry.exitCode, ...dry.outputs }).toMatchObject({
      exitCode: 0,
      verdict: 'updated',
      ok: 'unknown',
      reason: 'dry-run',
      changed: 'false',
      'commit-sha': '',
    });
    expect(dry.summary).toContain('+          image: "registry.example/shop:1.4.2"  # the shop');
    const digest = dry.outputs['plan-digest'] ?? '';
    expect(dry.summary).toContain(digest);
    expect((await fixture.run(shop)).outputs['plan-digest']).toBe(digest);
    const again = await fixture.run({ ...shop, 'dry-run': 'true' });
    expect(again.outputs).toMatchObject({ verdict: 'unchanged', ok: 'unknown', reason: 'dry-run' });
  });
});

describe('what is not done', () => {
  it('an older version, unless it is allowed', async () => {
    const older = { images: 'registry.example/shop:1.4.0' };
    await expectFailure(fixture, await fixture.run(older), {
      verdict: 'refused',
      reason: 'outdated',
      says: /1\.4\.0 is older than 1\.4\.1.*\n.*allow-downgrade/,
    });
    expect((await fixture.run({ ...older, 'allow-downgrade': 'true' })).outputs.verdict).toBe('updated');
  });

  it('a commit with a token that may only read', async () => {
    const token = fixture.github.createToken({ permissions: { contents: 'read' } });
    await expectFailure(fixture, await fixture.run({ ...shop, token }), {
      verdict: 'unknown',
      reason: 'permission-denied',
      says: /contents: write/,
    });
  });
});
