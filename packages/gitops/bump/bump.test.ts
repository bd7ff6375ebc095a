import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
import { bumpOutcome, bumpVerdicts } from './bump-outcome.ts';
import { openSource } from './bump-source.ts';
import { applyBump } from './carry-out.ts';
import { isApproved, planBump } from './plan-source.ts';

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
  it('applies the approved plan on a branch that moved elsewhere', async () => {
    const { applied } = await approveThen(() => github.commitFiles(repository, 'main', { 'other.txt': '2' }));
    expect(applied.type).toBe('committed');
  });

  it('applies no other plan than the approved one', async () => {
    const { applied } = await approveThen(() =>
      github.commitFiles(repository, 'main', { 'values.yaml': values('v1-hotfix') }),
    );
    expect(applied).toMatchObject({
      type: 'settled',
      plan: { decision: { type: 'refused', reason: 'plan-stale' } },
    });
    expect((await github.readFile(repository, 'main', 'values.yaml'))?.toString()).toBe(values('v1-hotfix'));
  });

  it('takes an approved plan that somebody carried out meanwhile for done', async () => {
    const { applied } = await approveThen(() =>
      github.commitFiles(repository, 'main', { 'values.yaml': values('v2') }),
    );
    expect(applied).toMatchObject({ type: 'settled', plan: { decision: { type: 'nothing' } } });
  });

  it.each([
    'direct',
    'pull-request',
  ])('says once, before the first write, that it begins (commit: %s)', async (commit) => {
    const { seen } = await approveThen(async () => {}, { commit });
    expect(seen).toEqual([0]);
    expect(apiWrites()).toBeGreaterThan(0);
  });

  it('says nothing of a beginning where nothing is written', async () => {
    const { seen } = await approveThen(async () => {}, { images: 'registry.example/shop:v1' });
    expect(seen).toEqual([]);
  });

  it('tells what it did: the commit, and the pull request', async () => {
    const { applied, plan } = await approveThen(async () => {}, { commit: 'pull-request' });
    if (applied.type !== 'proposed') throw new Error(applied.type);
    const { branch, commit, pullRequest } = applied;
    const known = { changed: 'true', branch, 'commit-sha': commit, 'plan-digest': plan.digest };
    const there = `The commit ${commit} is on the branch ${branch}`;
    expect(learned).toContainEqual(expect.objectContaining({ sentence: `${there}.` }));
    expect(learned.at(-1)).toMatchObject({
      outputs: { ...known, 'pull-request-number': '1', 'pull-request-url': pullRequest.url },
      sentence: `${there}, in the pull request ${pullRequest.url}.`,
    });
  });

  it('tells of a commit at which the branch stands already, and claims no change', async () => {
    await approveThen(async () => {}, { images: 'registry.example/shop:v1' });
    const head = await github.head(repository);
    expect(learned).toMatchObject([{ outputs: { changed: 'false', 'commit-sha': head } }]);
    expect(learned[0]?.sentence).toBeUndefined();
  });

  it('tells of the files that it wrote before one of them could not be', async () => {
    const workspace = mkdtempSync(join(tempDir, 'tree-'));
    for (const name of ['a.yaml', 'b.yaml']) writeFileSync(join(workspace, name), values('v1'));
    const inputs = inputsOf({ commit: 'none' });
    await using source = await openSource(inputs, { ...world, context: { ...world.context, workspace } });
    const plan = await planBump(inputs, source, silentLog);
    writeFileSync(join(workspace, 'b.yaml'), values('v1-theirs'));
    await expect(applyBump(inputs, plan, source, world)).rejects.toMatchObject({ code: 'file-changed' });
    expect(learned).toMatchObject([
      { outputs: { changed: 'true' }, sentence: 'Files written in the workspace: 1 of 2.' },
    ]);
  });

  it('calls it unknown whether it wrote, from the request for a commit to its answer', async () => {
    const { applied } = await approveThen(async () => {});
    expect(learned.map(({ outputs }) => outputs.changed)).toEqual(['', 'true', 'true']);
    expect(learned[0]).toEqual({
      outputs: { changed: '', branch: 'main' },
      sentence: 'A commit was asked for and not confirmed: it may be on the branch main.',
    });
    expect(applied.type).toBe('committed');
  });

  it('takes that back where GitHub refuses the commit', async () => {
    github.faults.push({ path: /graphql/, status: 403, message: 'Resource not accessible by integration' });
    await expect(approveThen(async () => {})).rejects.toMatchObject({ code: 'permission-denied' });
    expect(learned.at(-1)).toEqual({ outputs: { changed: 'false', branch: '' }, sentence: '' });
  });

  it('puts out no change for a plan that was not carried out', async () => {
    const inputs = inputsOf();
    await using source = await openSource(inputs, world);
    const plan = await planBump(inputs, source, silentLog);
    for (const type of ['planned', 'settled'] as const) {
      const { outputs } = bumpOutcome(inputs, [{ applied: { type, plan }, target: source.target }]);
      expect(outputs).toMatchObject({ change: '', 'plan-digest': plan.digest, changed: 'false' });
    }
  });

  it('names an image once that is listed twice', async () => {
    const image = 'registry.example/shop:v2';
    const { plan } = await approveThen(async () => {}, { images: `${image}\n${image}`, project: 'shop' });
    expect(plan.images).toMatchObject([{ image }]);
    expect((await github.log(repository))[0]?.message).toMatch(/^Set shop v2\n/);
  });

  it('leaves no clone behind', async () => {
    await approveThen(async () => {});
    expect(readdirSync(tempDir)).toEqual([]);
  });
});

it('a plan is approved by its digest, or because nothing is left to do', async () => {
  const inputs = inputsOf();
  await using source = await openSource(inputs, world);
  const plan = await planBump(inputs, source, silentLog);
  expect(isApproved(plan, plan.digest)).toBe(true);
  expect(isApproved(plan, 'sha256:other')).toBe(false);
  expect(isApproved({ ...plan, decision: { type: 'nothing' } }, 'sha256:other')).toBe(true);
});
