import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@sluice/core/clock';
import { readContext } from '@sluice/core/context';
import { commonInputs, parseInputs } from '@sluice/core/contract';
import { systemExec } from '@sluice/core/exec';
import { silentLog } from '@sluice/core/log';
import type { Fact, World } from '@sluice/core/run';
import { type GitHubStandIn, startGitHub } from '@sluice/testbed/github/start';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bumpInputs } from '../inputs.ts';
import { runBump } from './bump.ts';
import { bumpOutcome, bumpVerdicts } from './bump-outcome.ts';

const values = (name: string, tag: string) =>
  `image:\n  repository: registry.example/${name}\n  tag: ${tag}\n`;

let github: GitHubStandIn;
let tempDir: string;
let learned: Fact[];

function application(name: string, repository: string, path: string, environment = 'production'): string {
  return [
    'apiVersion: argoproj.io/v1alpha1',
    'kind: Application',
    `metadata:\n  name: ${name}\n  namespace: argocd`,
    `  annotations:\n    sluice.dev/project: shop\n    sluice.dev/environment: ${environment}`,
    `spec:\n  destination: {}\n  source:\n    repoURL: ${github.url}/${repository}.git\n    path: ${path}\n    targetRevision: HEAD`,
    '',
  ].join('\n');
}

beforeEach(async () => {
  github = await startGitHub();
  tempDir = mkdtempSync(join(tmpdir(), 'bump-several-'));
  learned = [];
  await github.createRepository('acme/web', {
    'chart/Chart.yaml': 'name: web\nversion: 1.0.0\n',
    'chart/values.yaml': values('web', '1.0.0'),
    'other/values.yaml': values('web', '1.0.0'),
  });
  await github.createRepository('acme/worker', {
    'chart/Chart.yaml': 'name: worker\nversion: 1.0.0\n',
    'chart/values.yaml': values('worker', '1.0.0'),
  });
  await github.createRepository('acme/gitops', {
    'apps/web.yaml': application('web', 'acme/web', 'chart'),
    'apps/worker.yaml': application('worker', 'acme/worker', 'chart'),
    'apps/staging.yaml': application('web-staging', 'acme/web', 'other', 'staging'),
  });
});
afterEach(async () => {
  await github.close();
  rmSync(tempDir, { recursive: true, force: true });
});

async function run(more: Readonly<Record<string, string>> = {}) {
  const env = {
    ...{ PATH: process.env.PATH, GITHUB_SERVER_URL: github.url, GITHUB_API_URL: github.apiUrl },
    ...{ GITHUB_GRAPHQL_URL: github.graphqlUrl, GITHUB_REPOSITORY: 'acme/gitops', GITHUB_RUN_ID: '1' },
    RUNNER_TEMP: tempDir,
  };
  const world: World = {
    ...{ context: readContext(env), env, log: silentLog, clock: systemClock, exec: systemExec },
    ...{ fetch: globalThis.fetch, signal: new AbortController().signal },
    learn: (fact) => void learned.push(fact),
    hide: (text) => text,
  };
  const given = {
    token: github.createToken(),
    images: 'registry.example/web:1.1.0\nregistry.example/worker:1.1.0',
    ...{ 'applications-from': 'git', path: 'apps', project: 'shop', environment: 'production' },
    ...more,
  };
  const variables = Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const inputs = parseInputs({ ...bumpInputs, ...commonInputs(bumpVerdicts) }, Object.fromEntries(variables));
  return bumpOutcome(inputs, await runBump(inputs, world));
}

const file = async (repository: string, path: string) =>
  (await github.readFile(repository, 'main', path))?.toString();
const heads = () => Promise.all(['acme/web', 'acme/worker'].map((name) => github.head(name)));

describe('Applications that are made from several repositories', () => {
  it('get one commit in each, and nothing that belongs to another environment', async () => {
    const outcome = await run();
    expect(outcome).toMatchObject({ verdict: 'updated', ok: 'true', outputs: { changed: 'true' } });
    expect(await file('acme/web', 'chart/values.yaml')).toBe(values('web', '1.1.0'));
    expect(await file('acme/worker', 'chart/values.yaml')).toBe(values('worker', '1.1.0'));
    expect(await file('acme/web', 'other/values.yaml')).toBe(values('web', '1.0.0'));
    expect(outcome.outputs['commit-sha']?.split('\n')).toEqual(await heads());
    const changes: unknown = JSON.parse(outcome.outputs.change ?? '');
    expect(changes).toMatchObject([
      { repository: `${github.url}/acme/web`, branch: 'main' },
      { repository: `${github.url}/acme/worker`, branch: 'main' },
    ]);
    expect(outcome.result).toMatchObject({
      images: [{ status: 'updated' }, { status: 'updated' }],
      repositories: [
        { repository: 'acme/web', changed: 1 },
        { repository: 'acme/worker', changed: 1 },
      ],
      sources: [
        { application: 'argocd/web', index: 0, repository: 'acme/web', branch: 'main', places: 1 },
        { application: 'argocd/worker', index: 0, repository: 'acme/worker', branch: 'main', places: 1 },
      ],
    });
    expect(learned.at(-1)?.outputs['commit-sha']?.split('\n')).toEqual(await heads());
  });

  it('one that follows HEAD and one that names the default branch get one commit together', async () => {
    const named = application('web-named', 'acme/web', 'other').replace('HEAD', 'main');
    await github.commitFiles('acme/gitops', 'main', { 'apps/staging.yaml': named });
    const before = (await github.log('acme/web')).length;
    expect(await run()).toMatchObject({ verdict: 'updated' });
    expect(await file('acme/web', 'other/values.yaml')).toBe(values('web', '1.1.0'));
    expect((await github.log('acme/web')).length).toBe(before + 1);
  });

  it('two branches of one repository get a commit each, and no pull request that would mix them', async () => {
    await github.commitFiles('acme/web', 'release', { 'README.md': 'released' });
    const released = application('web-released', 'acme/web', 'other').replace('HEAD', 'release');
    await github.commitFiles('acme/gitops', 'main', { 'apps/staging.yaml': released });
    await expect(run({ commit: 'pull-request' })).rejects.toThrow(
      /one pull request .* main and release of acme\/web/,
    );
    const outcome = await run();
    expect(outcome).toMatchObject({
      verdict: 'updated',
      outputs: { branch: expect.stringContaining('release') },
    });
    const there = await github.readFile('acme/web', 'release', 'other/values.yaml');
    expect(there?.toString()).toBe(values('web', '1.1.0'));
    expect(await file('acme/web', 'other/values.yaml')).toBe(values('web', '1.0.0'));
  });

  it('an image that stands in none of them writes nothing in any', async () => {
    const before = await heads();
    const images = 'registry.example/web:1.1.0\nregistry.example/lost:1';
    const outcome = await run({ images });
    expect(outcome).toMatchObject({ verdict: 'not-found', reason: 'image-not-found' });
    expect(outcome.summary).toContain('registry.example/lost:1');
    expect(await heads()).toEqual(before);
  });

  it('a repository without any of the images is passed over', async () => {
    const outcome = await run({ images: 'registry.example/worker:1.1.0' });
    expect(outcome).toMatchObject({
      verdict: 'updated',
      result: { repositories: [{ repository: 'acme/worker' }] },
    });
  });

  it('a place in one that may not be written leaves the others alone', async () => {
    const before = await heads();
    const outcome = await run({ images: 'registry.example/web:1.1.0\nregistry.example/worker:0.9.0' });
    expect(outcome).toMatchObject({ verdict: 'refused', reason: 'outdated' });
    expect(outcome.summary).toContain('Left alone');
    expect(await heads()).toEqual(before);
  });

  it('a dry run plans all of them', async () => {
    const before = await heads();
    const outcome = await run({ 'dry-run': 'true' });
    expect(outcome).toMatchObject({ verdict: 'updated', reason: 'dry-run', ok: 'unknown' });
    expect(outcome.outputs['plan-digest']).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await heads()).toEqual(before);
  });

  it('no Application with the annotations is not found, and says which to add', async () => {
    const outcome = await run({ environment: 'qa' });
    expect(outcome).toMatchObject({ verdict: 'not-found', reason: 'no-application', ok: 'false' });
    expect(outcome.hint).toContain('sluice.dev/environment: qa');
  });

  it('the rules of one branch stop those after it, and what was done is said', async () => {
    github.protect('acme/worker', 'main', 'protection');
    const outcome = await run();
    expect(outcome).toMatchObject({ verdict: 'refused', outputs: { changed: 'true' } });
    expect(outcome.summary).toContain('Committed');
    expect(await file('acme/web', 'chart/values.yaml')).toBe(values('web', '1.1.0'));
  });
});
