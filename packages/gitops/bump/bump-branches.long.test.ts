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
import { bumpVerdicts } from './bump-outcome.ts';
import { openSource } from './bump-source.ts';
import { applyBump } from './carry-out.ts';
import { planBump } from './plan-source.ts';

const repository = 'acme/gitops';
const values = (tag: string) => `image:\n  repository: registry.example/shop\n  tag: ${tag}\n`;

let github: GitHubStandIn;
let tempDir: string;
let world: World;
let learned: Fact[];

beforeEach(async () => {
  github = await startGitHub();
  await github.createRepository(repository, { 'values.yaml': values('v1'), 'other.txt': '1' });
  tempDir = mkdtempSync(join(tmpdir(), 'bump-'));
  const env = {
    PATH: process.env.PATH,
    GITHUB_SERVER_URL: github.url,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_GRAPHQL_URL: github.graphqlUrl,
    GITHUB_REPOSITORY: repository,
    GITHUB_RUN_ID: '1',
    RUNNER_TEMP: tempDir,
  };
  world = {
    context: readContext(env),
    env,
    log: silentLog,
    clock: systemClock,
    exec: systemExec,
    fetch: globalThis.fetch,
    signal: new AbortController().signal,
    learn: (fact) => void learned.push(fact),
    hide: (text) => text,
  };
  learned = [];
});
afterEach(async () => {
  await github.close();
  rmSync(tempDir, { recursive: true, force: true });
});

function inputsOf(more: Record<string, string> = {}) {
  const given = { token: github.createToken(), images: 'registry.example/shop:v2', ...more };
  const env = Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  return parseInputs({ ...bumpInputs, ...commonInputs(bumpVerdicts) }, Object.fromEntries(env));
}

/** Git's own protocol reads by POST too, but not below /api. */
const apiWrites = () =>
  github.requests.filter(({ method, path }) => method === 'POST' && path.startsWith('/api')).length;

/** Plans, lets something happen, applies with the plan's digest as the approved one. */
async function approveThen(meanwhile: () => Promise<unknown>, more: Record<string, string> = {}) {
  const inputs = inputsOf(more);
  await using source = await openSource(inputs, world);
  const plan = await planBump(inputs, source, silentLog);
  await meanwhile();
  const seen: number[] = [];
  const applied = await applyBump(inputs, plan, source, world, {
    expectPlan: plan.digest,
    beforeWrite: async () => void seen.push(apiWrites()),
  });
  return { applied, plan, seen };
}

describe('applyBump', () => {
  describe('one branch, and two base branches', () => {
    const shop = { commit: 'pull-request', project: 'shop', environment: 'production' };
    const ours = 'sluice/shop/production';
    const pulls = () => [...github.repository(repository).pulls.values()];
    const unreleased = () => github.readFile(repository, ours, 'unreleased.txt');
    beforeEach(async () => {
      await github.commitFiles(repository, 'staging', { 'unreleased.txt': '1' });
      await approveThen(async () => {}, { ...shop, branch: 'staging' });
    });

    it('refuses a second pull request from it: the commits of the one base would get into the other', async () => {
      const head = await github.head(repository, ours);
      await expect(approveThen(async () => {}, { ...shop, branch: 'main' })).rejects.toThrow(
        /^Pull request #1 brings sluice\/shop\/production into staging, and the change goes to main: /,
      );
      expect(pulls()).toMatchObject([{ base: 'staging', state: 'open' }]);
      expect(await github.head(repository, ours)).toBe(head);
    });

    it('begins it anew where its pull request into the other one has ended', async () => {
      for (const pull of pulls()) pull.state = 'closed';
      await approveThen(async () => {}, { ...shop, branch: 'main' });
      expect(pulls()).toMatchObject([{ base: 'staging' }, { base: 'main', state: 'open' }]);
      expect(await unreleased()).toBeUndefined();
    });
  });

  it.each([
    ['a file that is no text', { 'chart.tgz': Buffer.from([0x1f, 0x8b, 0xff]) }],
    ['another mode', { 'other.txt': { content: '1', mode: '100755' as const } }],
  ])('closes no pull request into whose commit somebody put %s', async (_, files) => {
    const shop = { commit: 'pull-request', project: 'shop', environment: 'production' };
    const ours = 'sluice/shop/production';
    await approveThen(async () => {}, shop);
    const [made] = await github.log(repository, ours);
    await github.commitFiles(repository, ours, files, { message: made?.message ?? '' });
    await github.commitFiles(repository, 'main', { 'values.yaml': values('v2') });
    const { applied } = await approveThen(async () => {}, shop);
    expect(applied).toMatchObject({
      notes: [expect.stringMatching(/^Pull request #1 stays open: it changes/)],
    });
    expect([...github.repository(repository).pulls.values()]).toMatchObject([{ state: 'open' }]);
  });
});
