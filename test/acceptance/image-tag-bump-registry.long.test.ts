import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type RegistryOptions, type RegistryStandIn, startRegistry } from '@sluice/testbed/registry/start';
import type { RunResult } from '@sluice/testbed/runner';
import { describe, expect, it } from 'vitest';
import { type Fixture, gitops, json, shownLog, startFixture } from './image-tag-bump-setup.ts';

const path = 'apps/web/deployment.yaml';
const canary = 'canary-password-of-the-registry';
const login = { user: 'robot', password: canary };

interface Stage {
  readonly github: Fixture['github'];
  readonly registry: RegistryStandIn;
  /** As the run of this id; `WEB` in `images` is the image's repository. */
  run(inputs: Record<string, string>, id?: number, env?: Record<string, string>): Promise<RunResult>;
  /** The image in the branch's file. */
  image(): Promise<string | undefined>;
}

/** A Deployment with `web:main-a` in place, on the branch and in the workspace, and an empty registry. */
async function withStage(
  options: RegistryOptions,
  test: (stage: Stage) => Promise<void>,
  inPlace = 'main-a',
): Promise<void> {
  const registry = await startRegistry(options);
  const web = `${registry.host}/web`;
  const manifest = `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: ${web}:${inPlace}\n`;
  const fixture = await startFixture({ [path]: manifest });
  const workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
  mkdirSync(join(workspace, dirname(path)), { recursive: true });
  writeFileSync(join(workspace, path), manifest);
  try {
    await test({
      registry,
      github: fixture.github,
      run: (inputs, id = 42, env = {}) =>
        fixture.run(
          {
            ...inputs,
            ...(inputs.images === undefined ? {} : { images: inputs.images.replaceAll('WEB', web) }),
          },
          { workspace, env: { GITHUB_RUN_ID: String(id), ...env } },
        ),
      image: async () => /image: \S+\/(web\S*)/.exec((await fixture.text(path)) ?? '')?.[1],
    });
    fixture.github.expectNoViolations();
    registry.expectNoViolations();
  } finally {
    rmSync(workspace, { recursive: true });
    await registry.close();
    await fixture[Symbol.asyncDispose]();
  }
}

const key = { project: 'web', environment: 'production' };
const said = ({ exitCode, outputs }: RunResult) => ({
  exitCode,
  verdict: outputs.verdict,
  reason: outputs.reason,
});
const outdated = { exitCode: 1, verdict: 'refused', reason: 'outdated' };
const updated = { exitCode: 0, verdict: 'updated', reason: 'committed' };
const unchanged = { exitCode: 0, verdict: 'unchanged', reason: 'already-set' };

describe('a policy', () => {
  it('becomes the tag that it chooses: written, told in the summary, the log and the result', () =>
    withStage({}, async ({ registry, run, image }) => {
      registry.push('web', { tags: ['1.27.3', '1.28.0', '2.0.0', '1.29.0-rc.1', 'main-a'] });
      const result = await run({ images: 'WEB semver:^1.27' });
      expect(said(result)).toEqual(updated);
      expect(await image()).toBe('web:1.28.0');
      const resolved = `${registry.host}/web:1.28.0`;
      expect(json(result, 'result').images).toMatchObject([
        { image: `${registry.host}/web semver:^1.27`, resolved, status: 'updated' },
      ]);
      expect(result.summary).toContain(`\`${registry.host}/web semver:^1.27\` → \`${resolved}\``);
      expect(shownLog(result)).toContain(`web semver:^1.27 -> ${resolved}`);
      expect(result.outputs.summary).toContain('web 1.28.0');
    }));

  it('that takes the newest build goes by the dates of the images', () =>
    withStage({}, async ({ registry, run, image }) => {
      registry.push('web', { tags: ['main-z'], created: '2026-03-01T00:00:00Z' });
      registry.push('web', { tags: ['main-b'], created: '2026-03-02T00:00:00Z' });
      registry.push('web', { tags: ['pr-9'], created: '2026-03-03T00:00:00Z' });
      expect(said(await run({ images: 'WEB newest:^main-' }))).toEqual(updated);
      expect(await image()).toBe('web:main-b');
    }));

  it('that no tag fits writes nothing', () =>
    withStage({}, async ({ registry, github, run }) => {
      registry.push('web', { tags: ['1.27.3'] });
      const before = await github.head(gitops);
      const result = await run({ images: 'WEB semver:^9' });
      expect(said(result)).toEqual({ exitCode: 1, verdict: 'unknown', reason: 'no-tag-for-policy' });
      expect(result.outputs.summary).toContain('fits semver:^9: none of 1.');
      expect(await github.head(gitops)).toBe(before);
    }));

  it('that is none is an input error that says what there is', () =>
    withStage({}, async ({ registry, run }) => {
      const result = await run({ images: 'WEB latest' });
      expect(said(result)).toEqual({ exitCode: 1, verdict: 'unknown', reason: 'invalid-input' });
      expect(result.outputs.summary).toContain('semver:<range>');
      expect(registry.requests).toEqual([]);
    }));
});

describe('resolve-digests', () => {
  it('pins each tag to what it leads to, logs in with a token, and shows the password nowhere', () =>
    withStage({ auth: { type: 'token', login } }, async ({ registry, run, image }) => {
      const digest = registry.push('web', { tags: ['1.28.0'], platforms: ['linux/amd64', 'linux/arm64'] });
      const result = await run({
        images: 'WEB:1.28.0',
        'resolve-digests': 'true',
        'registry-credentials': `${registry.host}=${login.user}:${canary}`,
      });
      expect(said(result)).toEqual(updated);
      expect(await image()).toBe(`web:1.28.0@${digest}`);
      const shown = [shownLog(result), result.summary, JSON.stringify(result.outputs), result.stderr];
      expect(shown.join('\n')).not.toContain(canary);
      expect(shown.join('\n')).not.toContain('stand-in-token');
      expect(registry.requests.join('\n')).not.toContain(canary);
    }));

  it('takes the login that docker login left', () =>
    withStage({ auth: { type: 'basic', ...login } }, async ({ registry, run, image }) => {
      const digest = registry.push('web', { tags: ['1.28.0'] });
      const folder = mkdtempSync(join(tmpdir(), 'docker-'));
      const auth = Buffer.from(`${login.user}:${canary}`).toString('base64');
      writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }));
      const result = await run({ images: 'WEB:1.28.0', 'resolve-digests': 'true' }, 42, {
        DOCKER_CONFIG: folder,
      });
      rmSync(folder, { recursive: true });
      expect(said(result)).toEqual(updated);
      expect(await image()).toBe(`web:1.28.0@${digest}`);
      expect(shownLog(result)).not.toContain(canary);
    }));

  it.each([
    ['a tag that is not there', {}, 'WEB:9', 'image-not-in-registry', /does not have web:9/],
    [
      'a registry that wants a login',
      { auth: { type: 'basic', ...login } },
      'WEB:1',
      'registry-login',
      /without a login/,
    ],
  ] as const)('%s: nothing is written', (_, options, images, reason, says) =>
    withStage(options, async ({ registry, github, run }) => {
      registry.push('web', { tags: ['1'] });
      const before = await github.head(gitops);
      const result = await run({ images, 'resolve-digests': 'true' });
      expect(said(result)).toEqual({ exitCode: 1, verdict: 'unknown', reason });
      expect(result.outputs.summary).toMatch(says);
      expect(await github.head(gitops)).toBe(before);
    }));

  it.each([
    ['entry 1', 'registry.example'],
    ['entry 2', `registry.example=bob:x\n${canary}`],
  ])('a wrong line of registry-credentials is told by its number alone: %s', (says, given) =>
    withStage({}, async ({ run }) => {
      const result = await run({ images: 'WEB:1', 'registry-credentials': given });
      expect(said(result)).toMatchObject({ exitCode: 1, reason: 'invalid-input' });
      expect(result.outputs.summary).toContain(`registry-credentials: ${says}: allowed: <registry>`);
      expect(shownLog(result)).not.toContain(canary);
    }));
});

describe('what is in place is newer', () => {
  it('by the record: an older run that comes late, or is run again, is refused and names the newer one', () =>
    withStage({}, async ({ registry, github, run, image }) => {
      expect(said(await run({ images: 'WEB:main-b', ...key }, 100))).toEqual(updated);
      expect(said(await run({ images: 'WEB:main-c', ...key }, 101))).toEqual(updated);
      const head = await github.head(gitops);
      const late = await run({ images: 'WEB:main-b', ...key }, 100, { GITHUB_RUN_ATTEMPT: '2' });
      expect(said(late)).toEqual(outdated);
      expect(late.outputs.summary).toContain(
        `${registry.host}/web:main-b is older than ${registry.host}/web:main-c, which the newer run acme/app/101/1 set with ${head.slice(0, 7)}`,
      );
      expect(late.summary).toContain('allow-downgrade');
      expect(await github.head(gitops)).toBe(head);
      expect(said(await run({ images: 'WEB:main-b', ...key, 'allow-downgrade': 'true' }, 100))).toEqual(
        updated,
      );
      expect(await image()).toBe('web:main-b');
    }));

  it(
    'of runs that write at once the newest stays, whoever comes first',
    () =>
      withStage({}, async ({ run, image }) => {
        const ids = [105, 101, 104, 102, 103];
        const ends = await Promise.all(ids.map((id) => run({ images: `WEB:main-${id}`, ...key }, id)));
        expect(await image()).toBe('web:main-105');
        for (const end of ends) {
          expect(['updated', 'refused']).toContain(end.outputs.verdict);
          if (end.outputs.verdict === 'refused') {
            expect(['outdated', 'overwritten-since']).toContain(end.outputs.reason);
          }
        }
      }),
    60_000,
  );

  it('a run that is in place may be run again, and a newer one may set what it likes', () =>
    withStage({}, async ({ run, image }) => {
      expect(said(await run({ images: 'WEB:main-c', ...key }, 101))).toEqual(updated);
      expect(said(await run({ images: 'WEB:main-c', ...key }, 101))).toEqual(unchanged);
      expect(said(await run({ images: 'WEB:main-b', ...key }, 102))).toEqual(updated);
      expect(await image()).toBe('web:main-b');
    }));

  it('is not said of another project, nor where a person has set it since', () =>
    withStage({}, async ({ registry, github, run }) => {
      expect(said(await run({ images: 'WEB:main-c', ...key }, 101))).toEqual(updated);
      expect(said(await run({ images: 'WEB:main-b', ...key, project: 'other' }, 100))).toEqual(updated);
      const text = (await github.readFile(gitops, 'main', path))?.toString('utf8') ?? '';
      const byHand = { [path]: text.replace(`${registry.host}/web:main-b`, `${registry.host}/web:by-hand`) };
      await github.commitFiles(gitops, 'main', byHand);
      expect(said(await run({ images: 'WEB:main-a', ...key }, 99))).toEqual(updated);
    }));

  it('by the record, also of a field that `set` writes', () =>
    withStage({}, async ({ run }) => {
      const set = (tag: string) => ({ set: `charts/api/values.yaml image.tag=${tag}`, ...key });
      expect(said(await run(set('sha-2'), 101))).toEqual(updated);
      expect(said(await run(set('sha-1'), 100))).toEqual(outdated);
    }));

  it('by the record of the pull request that the newer run has open', () =>
    withStage({}, async ({ run }) => {
      const request = { ...key, commit: 'pull-request' };
      expect((await run({ images: 'WEB:main-c', ...request }, 101)).outputs.verdict).toBe('pending');
      expect(said(await run({ images: 'WEB:main-b', ...request }, 100))).toEqual(outdated);
    }));

  const REVISION = 'org.opencontainers.image.revision';
  const SOURCE = 'org.opencontainers.image.source';
  const CREATED = 'org.opencontainers.image.created';

  it('by the commits that the images were built from, which GitHub compares', () =>
    withStage({}, async ({ registry, github, run }) => {
      const first = await github.head('acme/app');
      const second = await github.commitFiles('acme/app', 'main', { 'README.md': '# more\n' });
      const labels = (revision: string) => ({
        labels: { [REVISION]: revision, [SOURCE]: `${github.url}/acme/app` },
      });
      registry.push('web', { tags: ['main-a'], ...labels(second), created: '2026-01-01T00:00:00Z' });
      registry.push('web', { tags: ['main-b'], ...labels(first), created: '2026-01-02T00:00:00Z' });
      const result = await run({ images: 'WEB:main-b' });
      expect(said(result)).toEqual(outdated);
      expect(result.outputs.summary).toContain(
        `it was built from ${first.slice(0, 7)}, and what is in place from the later ${second.slice(0, 7)}`,
      );
      expect(said(await run({ images: 'WEB:main-b', 'allow-downgrade': 'true' }))).toEqual(updated);
      // The other way round it is newer, whatever the dates say.
      expect(said(await run({ images: 'WEB:main-a' }))).toEqual(updated);
    }));

  it('by the dates of the builds, also with `commit: none` where the registry is on this machine', () =>
    withStage({}, async ({ registry, run, image }) => {
      registry.push('web', { tags: ['main-a'], labels: { [CREATED]: '2026-01-02T00:00:00Z' } });
      registry.push('web', { tags: ['main-b'], created: '2026-01-01T00:00:00Z' });
      const result = await run({ images: 'WEB:main-b' });
      expect(said(result)).toEqual(outdated);
      expect(result.outputs.summary).toMatch(
        /built on 2026-01-01T00:00:00Z, .* later, on 2026-01-02T00:00:00Z/,
      );
      expect(await image()).toBe('web:main-a');
      const none = await run({ images: 'WEB:main-b', commit: 'none' });
      expect(said(none)).toEqual(outdated);
    }));

  it.each(['1.2.3', 'no label', 'no answer'])('cannot be told, and the run goes on: %s', (how) =>
    withStage(
      how === 'no answer' ? { auth: { type: 'basic', ...login } } : {},
      async ({ registry, run }) => {
        registry.push('web', { tags: ['main-a'] });
        registry.push('web', { tags: ['main-b'], created: '2026-01-01T00:00:00Z' });
        const images = how === '1.2.3' ? 'WEB:1.2.3' : 'WEB:main-b';
        expect(said(await run({ images }))).toEqual(updated);
        if (how === '1.2.3') expect(registry.requests).toEqual([]);
      },
      how === '1.2.3' ? '1.2.2' : 'main-a',
    ));

  it(
    'is not waited for: a registry that hangs holds a run up for ten seconds at most',
    () =>
      withStage({}, async ({ registry, run }) => {
        registry.faults.add('/manifests/', { type: 'hang' }, 100);
        const begin = Date.now();
        expect(said(await run({ images: 'WEB:main-b' }))).toEqual(updated);
        expect(Date.now() - begin).toBeLessThan(15_000);
      }),
    30_000,
  );
});
