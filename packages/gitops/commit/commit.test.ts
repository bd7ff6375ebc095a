import { SluiceError } from '@sluice/core/errors';
import type { GitHub } from '@sluice/core/github';
import { GitHubFailure } from '@sluice/core/github-errors';
import { silentLog } from '@sluice/core/log';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../bump/bump-plan.ts';
import type { CommitInfo, Repository } from '../git/repository.ts';
import { commitPlan } from './commit.ts';
import { committerOf } from './commit-method.ts';
import { withTrailers } from './trailers.ts';

const sha = (digit: string) => digit.repeat(40);

function planOn(base: string, decision: Plan['decision'] = { type: 'write' }): Plan {
  const edits = [{ place: { type: 'value', document: 0, path: 'tag' }, from: '1', to: '2' }] as const;
  const file = { path: 'a.yaml', edits, splices: [], before: 'tag: "1"\n', after: 'tag: "2"\n' };
  return {
    change: {
      schema: 'sluice.change.v1',
      repository: 'https://github.com/acme/gitops',
      branch: 'main',
      commit: base,
      base,
      run: 'acme/app/1/1',
      files: [{ path: 'a.yaml', edits }],
    },
    digest: 'sha256:plan',
    decision,
    files: [file],
    executable: new Set(),
    images: [],
    missing: [],
    problems: [],
    skipped: [],
    warnings: [],
    sources: [],
  };
}

/** A branch whose heads are given in the order in which they are seen; the last one stays. `texts`: a.yaml by commit. */
function world(given: {
  heads: readonly string[];
  texts?: Readonly<Record<string, string>>;
  commits?: readonly CommitInfo[];
  answers: readonly (string | GitHubFailure)[];
}) {
  const heads = [...given.heads];
  const answers = [...given.answers];
  const sleeps: number[] = [];
  const expected: unknown[] = [];
  let trusted: string | undefined = sha('a');
  const unused = () => Promise.reject(new Error('not asked for here'));
  const repository: Repository = {
    url: 'https://github.com/acme/gitops.git',
    resolve: async (_ref, maxAgeMs = 0) => {
      // The plan was just made on the first of them.
      if (maxAgeMs > 0) return trusted;
      trusted = heads.length > 1 ? heads.shift() : heads[0];
      return trusted;
    },
    defaultBranch: async () => 'main',
    snapshot: async (commit) => ({
      commit,
      list: async () => [],
      read: async () => new Map([['a.yaml', given.texts?.[commit] ?? 'tag: "2"\n']]),
    }),
    relation: unused,
    commitsBetween: async () => given.commits ?? [],
    history: unused,
  };
  const github: GitHub = {
    request: unused,
    graphql: async (_query, variables, parse) => {
      expected.push(variables.input);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof GitHubFailure)
        throw new SluiceError(...codeOf(answer), answer.message, { cause: answer });
      return parse({ createCommitOnBranch: { commit: { oid: answer } } });
    },
    token: async () => 'token',
  };
  let now = 0;
  const sleep = async (ms: number) => {
    sleeps.push(ms);
    now += ms;
  };
  const clock = { now: () => now, sleep };
  const committer = committerOf({ type: 'api', github }, clock.now);
  return { ports: { repository, github, committer, clock, log: silentLog }, sleeps, expected };
}

const codeOf = ({ waitS }: GitHubFailure) =>
  ['platform', waitS === undefined ? 'github-refused' : 'rate-limited'] as const;
const stale = new GitHubFailure(200, 'Expected branch to point to "b" but it did not.', ['STALE_DATA']);
const lost = new GitHubFailure(0, 'socket hang up', []);
const job = (plan: Plan, replan = async (commit: string) => planOn(commit)) => ({
  repository: 'acme/gitops',
  branch: 'main',
  plan,
  replan,
  message: () => ({ headline: 'Set', body: '' }),
});

describe('commitPlan', () => {
  it('commits on the head that was read, and reads the branch back', async () => {
    const { ports, expected } = world({ heads: [sha('b')], answers: [sha('b')] });
    expect(await commitPlan(ports, job(planOn(sha('a'))))).toMatchObject({
      type: 'committed',
      commit: sha('b'),
    });
    expect(expected).toMatchObject([{ expectedHeadOid: sha('a'), branch: { branchName: 'main' } }]);
  });

  it('plans again on the new head when the branch moved', async () => {
    const { ports, expected } = world({ heads: [sha('b'), sha('c')], answers: [stale, sha('c')] });
    expect(await commitPlan(ports, job(planOn(sha('a'))))).toMatchObject({
      type: 'committed',
      commit: sha('c'),
    });
    expect(expected).toMatchObject([{ expectedHeadOid: sha('a') }, { expectedHeadOid: sha('b') }]);
  });

  it('gives up after ten minutes, with pauses that grow and vary', async () => {
    const heads = Array.from({ length: 4000 }, (_, index) => index.toString(16).padStart(40, '0'));
    const { ports, sleeps, expected } = world({ heads, answers: [stale] });
    const error: unknown = await commitPlan(ports, job(planOn(sha('a')))).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: 'conflict',
      code: 'conflict',
      message: `No commit to main succeeded in ${expected.length} tries and 10 minutes: it moved each time.`,
    });
    expect(Math.max(...sleeps)).toBeLessThanOrEqual(20_000);
    expect(sleeps[0]).toBeLessThanOrEqual(2000);
    expect(new Set(sleeps).size).toBe(sleeps.length);
  });

  it('looks at the branch before it asks again, and spends no request on a head that is gone', async () => {
    const heads = [sha('b'), sha('c'), sha('c'), sha('d'), sha('e')];
    const { ports, sleeps, expected } = world({ heads, answers: [stale, sha('e')] });
    const slow = async (commit: string) => {
      // Somebody else commits while this is planned.
      if (commit === sha('b')) await ports.repository.resolve('refs/heads/main');
      return planOn(commit);
    };
    expect(await commitPlan(ports, job(planOn(sha('a')), slow))).toMatchObject({ commit: sha('e') });
    expect(expected.map((input) => Object(input).expectedHeadOid)).toEqual([sha('a'), sha('d')]);
    expect(sleeps).toHaveLength(2);
  });

  it('waits as long as GitHub asks for, and a little longer', async () => {
    const limited = new GitHubFailure(403, 'You have exceeded a secondary rate limit.', [], undefined, 30);
    const { ports, sleeps, expected } = world({ heads: [sha('a'), sha('b')], answers: [limited, sha('b')] });
    expect(await commitPlan(ports, job(planOn(sha('a'))))).toMatchObject({ type: 'committed' });
    expect(sleeps).toHaveLength(1);
    expect(sleeps[0]).toBeGreaterThan(30_000);
    expect(expected).toHaveLength(2);
  });

  it('does not wait for a limit that ends after ten minutes', async () => {
    const limited = new GitHubFailure(403, 'API rate limit exceeded', [], undefined, 3000);
    const { ports, sleeps } = world({ heads: [sha('a')], answers: [limited] });
    await expect(commitPlan(ports, job(planOn(sha('a'))))).rejects.toMatchObject({ code: 'rate-limited' });
    expect(sleeps).toEqual([]);
  });

  it('gives up on a server that loses five answers one after the other', async () => {
    const { ports, expected } = world({ heads: [sha('a')], answers: [lost] });
    await expect(commitPlan(ports, job(planOn(sha('a'))))).rejects.toThrow('socket hang up');
    expect(expected).toHaveLength(5);
  });

  it('does not commit again when the answer was lost and the commit is there', async () => {
    const message = withTrailers('Set', { run: 'acme/app/1/1', digest: 'sha256:plan' });
    const ours = { sha: sha('b'), author: 'bot', date: 0, message, parents: [] };
    const { ports, expected } = world({ heads: [sha('c')], answers: [lost], commits: [ours] });
    expect(await commitPlan(ports, job(planOn(sha('a'))))).toMatchObject({
      type: 'committed',
      commit: sha('b'),
    });
    expect(expected).toHaveLength(1);
  });

  it('does not say that nothing was written while an earlier answer is lost: that commit may be why the next is refused', async () => {
    const message = withTrailers('Set', { run: 'acme/app/1/1', digest: 'sha256:plan' });
    const ours = { sha: sha('b'), author: 'bot', date: 0, message, parents: [] };
    const said: string[] = [];
    const writing = { asks: () => void said.push('asks'), denied: () => void said.push('denied'), did() {} };
    // Git shows the commit a moment later than the API knows it.
    const late = world({ heads: [sha('a'), sha('b')], answers: [lost, stale], commits: [ours] });
    expect(await commitPlan(late.ports, { ...job(planOn(sha('a'))), writing })).toMatchObject({
      commit: sha('b'),
    });
    expect(said).toEqual(['asks', 'asks']);
    said.length = 0;
    const others = world({ heads: [sha('c'), sha('d')], answers: [lost, sha('d')] });
    expect(await commitPlan(others.ports, { ...job(planOn(sha('a'))), writing })).toMatchObject({
      commit: sha('d'),
    });
    expect(said).toEqual(['asks', 'denied', 'asks']);
  });

  it("does not take another run's commit of the same plan for its own", async () => {
    const message = withTrailers('Set', { run: 'acme/app/2/1', digest: 'sha256:plan' });
    const theirs = { sha: sha('b'), author: 'bot', date: 0, message, parents: [] };
    const { ports } = world({ heads: [sha('b')], answers: [lost], commits: [theirs] });
    const nothing = async (commit: string) => planOn(commit, { type: 'nothing' });
    expect(await commitPlan(ports, job(planOn(sha('a')), nothing))).toMatchObject({ type: 'settled' });
  });

  it('asks again when the answer was lost and nothing landed', async () => {
    const { ports, expected } = world({ heads: [sha('a'), sha('b')], answers: [lost, sha('b')] });
    expect(await commitPlan(ports, job(planOn(sha('a'))))).toMatchObject({
      type: 'committed',
      commit: sha('b'),
    });
    expect(expected).toHaveLength(2);
  });

  it('is no success when the head does not hold the change any more', async () => {
    const texts = { [sha('c')]: 'tag: "1"\n' };
    const { ports } = world({ heads: [sha('c')], answers: [sha('b')], texts });
    expect(await commitPlan(ports, job(planOn(sha('a'))))).toMatchObject({
      type: 'overwritten',
      commit: sha('b'),
      head: sha('c'),
    });
  });

  it('is a success when the head is newer and still holds it', async () => {
    const { ports } = world({ heads: [sha('c')], answers: [sha('b')] });
    expect(await commitPlan(ports, job(planOn(sha('a'))))).toMatchObject({
      type: 'committed',
      commit: sha('b'),
    });
  });

  it('looks again where Git lags behind the API, and claims nothing when it never shows the commit', async () => {
    const late = world({ heads: [sha('a'), sha('a'), sha('b')], answers: [sha('b')] });
    expect(await commitPlan(late.ports, job(planOn(sha('a'))))).toMatchObject({ type: 'committed' });
    const never = world({ heads: [sha('a')], answers: [sha('b')] });
    await expect(commitPlan(never.ports, job(planOn(sha('a'))))).rejects.toMatchObject({
      code: 'commit-not-seen',
    });
  });

  it('tells of its commit before it reads the branch back, also when the answer was lost', async () => {
    const message = withTrailers('Set', { run: 'acme/app/1/1', digest: 'sha256:plan' });
    const ours = { sha: sha('b'), author: 'bot', date: 0, message, parents: [] };
    const unreadable = async () => Promise.reject(new Error('cannot be read'));
    for (const given of [
      { heads: [sha('a')], answers: [sha('b')] },
      { heads: [sha('c')], answers: [lost], commits: [ours] },
    ]) {
      const { ports } = world(given);
      const repository = { ...ports.repository, snapshot: unreadable };
      const told: string[] = [];
      const afterCommit = (commit: string) => void told.push(commit);
      const committing = commitPlan({ ...ports, repository }, { ...job(planOn(sha('a'))), afterCommit });
      await expect(committing).rejects.toThrow();
      expect(told).toEqual([sha('b')]);
    }
  });

  it('gives the refusal of the rules of the branch back', async () => {
    const message = 'Changes must be made through a pull request.';
    const refused = new GitHubFailure(200, message, ['BRANCH_PROTECTION_RULE_VIOLATION']);
    const { ports, expected } = world({ heads: [sha('a')], answers: [refused] });
    expect(await commitPlan(ports, job(planOn(sha('a'))))).toMatchObject({
      type: 'branch-rules',
      rule: 'branch-protected',
      said: message,
    });
    expect(expected).toHaveLength(1);
  });

  it('throws what no second try mends', async () => {
    const refused = new GitHubFailure(403, 'Resource not accessible by integration', ['FORBIDDEN']);
    const { ports, expected } = world({ heads: [sha('a')], answers: [refused] });
    await expect(commitPlan(ports, job(planOn(sha('a'))))).rejects.toThrow('not accessible');
    expect(expected).toHaveLength(1);
  });
});
