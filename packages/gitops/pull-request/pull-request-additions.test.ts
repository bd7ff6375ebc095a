import { client, serve } from '@sluice/core/fixtures/github-server';
import { silentLog } from '@sluice/core/log';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../bump/bump-plan.ts';
import type { Repository } from '../git/repository.ts';
import type { Proposed } from './pull-request.ts';
import { type AdditionInputs, addToPullRequest } from './pull-request-additions.ts';
import type { SeenPull } from './pull-request-api.ts';

const head = 'c'.repeat(40);
const base = 'b'.repeat(40);
const merge = 'd'.repeat(40);
const pull: SeenPull = {
  ...{ number: 7, url: 'https://github.example/acme/gitops/pull/7', id: 'PR_7', author: 'sluice[bot]' },
  ...{ headSha: head, draft: false, labels: [], reviewers: [], teams: [], autoMerge: false },
};
const nothing: AdditionInputs = {
  ...{ labels: [], reviewers: [], 'team-reviewers': [], 'auto-merge': 'false', draft: false },
};
const edits = [{ place: { type: 'value', document: 0, path: 'tag' }, from: '1', to: '2' }] as const;
const plan: Plan = {
  change: {
    ...{ schema: 'sluice.change.v1', repository: 'https://github.example/acme/gitops', branch: 'main' },
    ...{ commit: base, base, files: [{ path: 'a.yaml', edits }] },
  },
  ...{ digest: 'sha256:plan', decision: { type: 'write' }, files: [], executable: new Set() },
  ...{ images: [], missing: [], problems: [], skipped: [], warnings: [], sources: [] },
};

interface Answer {
  readonly status?: number;
  readonly body?: unknown;
}

const says = (status: number, message: string): Answer => ({ status, body: { message } });
const unprocessable = (message: string): Answer => ({
  body: { data: null, errors: [{ type: 'UNPROCESSABLE', message }] },
});
const armed: Answer = { body: { data: { enablePullRequestAutoMerge: { clientMutationId: null } } } };

interface Given {
  readonly pull?: Partial<SeenPull>;
  readonly did?: 'created' | 'updated' | 'nothing';
  readonly text?: string;
  /** By method and end of the path; a function sees the body. */
  readonly answers?: Readonly<Record<string, Answer | ((body: string) => Answer)>>;
}

/** Runs it against a server; each request as `METHOD end-of-path body`. */
async function add(inputs: Partial<AdditionInputs>, given: Given = {}) {
  const server = await serve(({ method, path, body }) => {
    const key = `${method} ${path.replace(/\?.*/, '').split('/').at(-1)}`;
    const answer = given.answers?.[key] ?? (key === 'POST graphql' ? armed : { status: 201, body: {} });
    return typeof answer === 'function' ? answer(body) : answer;
  });
  const unused = () => Promise.reject(new Error('not asked for here'));
  const repository: Repository = {
    url: 'https://github.example/acme/gitops.git',
    resolve: async () => merge,
    defaultBranch: unused,
    relation: unused,
    commitsBetween: unused,
    history: unused,
    snapshot: async (commit) => ({
      commit,
      list: async () => [],
      read: async () => new Map([['a.yaml', given.text ?? 'tag: "2"\n']]),
    }),
  };
  const ports = {
    repository,
    github: client(server.url),
    clock: { now: () => 0, sleep: async () => {} },
    log: silentLog,
  };
  const proposed: Extract<Proposed, { type: 'proposed' }> = {
    ...{ type: 'proposed', plan, commit: head, did: given.did ?? 'created' },
    pullRequest: { ...pull, ...given.pull },
  };
  const added = await addToPullRequest(ports, 'acme/gitops', proposed, { ...nothing, ...inputs });
  const asked = server.requests.map(
    ({ method, path, body }) => `${method} ${path.split('/').at(-1)}${body === '' ? '' : ` ${body}`}`,
  );
  return { ...added, asked };
}

describe('labels', () => {
  it('are added in one call, only those that are not there', async () => {
    const { asked, notes } = await add(
      { labels: ['deploy', 'Auto'] },
      { pull: { labels: ['auto', 'theirs'] } },
    );
    expect(asked).toEqual(['POST labels {"labels":["deploy"]}']);
    expect(notes).toEqual([]);
  });

  it('cost no call where all are there', async () => {
    expect((await add({ labels: ['a'] }, { pull: { labels: ['A'] }, did: 'nothing' })).asked).toEqual([]);
  });

  it('that cannot be set are a sentence that names the permission', async () => {
    const { notes } = await add(
      { labels: ['a'] },
      { answers: { 'POST labels': says(403, 'Resource not accessible by integration') } },
    );
    expect(notes).toEqual([expect.stringMatching(/^The labels were not set: .*`pull-requests: write`/)]);
  });
});

const collaborators = 'Reviews may only be requested from collaborators.';

describe('reviewers', () => {
  it('are asked in one call, each once, by slug of their team', async () => {
    const { asked } = await add({ reviewers: ['alice', '@Alice', 'bob'], 'team-reviewers': ['@acme/ops'] });
    expect(asked).toEqual([
      'POST requested_reviewers {"reviewers":["alice","bob"],"team_reviewers":["ops"]}',
    ]);
  });

  it('who are asked already are not asked again', async () => {
    const given = { did: 'nothing', pull: { reviewers: ['Alice'], teams: ['ops'] } } as const;
    const { asked } = await add({ reviewers: ['alice'], 'team-reviewers': ['ops'] }, given);
    expect(asked).toEqual([]);
  });

  it('who have reviewed, or were taken off again, are not asked again', async () => {
    const timeline = [
      { event: 'review_requested', requested_reviewer: { login: 'alice' } },
      { event: 'review_requested', requested_team: { slug: 'ops' } },
      { event: 'committed', sha: head },
      { event: 'reviewed', user: { login: 'bob' } },
      { event: 'commented', user: { login: 'carol' } },
    ];
    const { asked } = await add(
      { reviewers: ['alice', 'bob', 'carol'], 'team-reviewers': ['ops'] },
      { did: 'updated', answers: { 'GET timeline': { body: timeline } } },
    );
    expect(asked).toEqual([
      'GET timeline?per_page=100&page=1',
      'POST requested_reviewers {"reviewers":["carol"]}',
    ]);
  });

  it('pass over the author, and a team of another organisation, with a word', async () => {
    const { asked, notes } = await add({ reviewers: ['Sluice[bot]'], 'team-reviewers': ['other/ops'] });
    expect(asked).toEqual([]);
    expect(notes).toEqual([
      'The team other/ops was not asked for a review: it is none of acme.',
      'Sluice[bot] was not asked for a review: nobody can review a pull request of their own.',
    ]);
  });

  it('of whom one is unknown: the others are asked all the same', async () => {
    const { asked, notes } = await add(
      { reviewers: ['alice', 'nobody'], 'team-reviewers': ['ops'] },
      {
        answers: {
          'POST requested_reviewers': (body) =>
            /nobody|ops/.test(body) ? says(422, collaborators) : { status: 201 },
        },
      },
    );
    expect(asked.slice(1)).toEqual([
      'POST requested_reviewers {"reviewers":["alice"]}',
      'POST requested_reviewers {"reviewers":["nobody"]}',
      'POST requested_reviewers {"team_reviewers":["ops"]}',
    ]);
    expect(notes).toEqual([
      `nobody could not be asked for a review: ${collaborators} Only who can read acme/gitops can be asked: correct \`reviewers\`, or give access.`,
      expect.stringMatching(/^The team ops could not be asked for a review: .*`members: read`/),
    ]);
  });
});

describe('auto-merge', () => {
  it('is switched on for the head that we made, in the first way that the repository allows', async () => {
    const { asked, notes } = await add(
      { 'auto-merge': 'true' },
      {
        answers: {
          'POST graphql': (body) =>
            body.includes('"MERGE"')
              ? unprocessable('Merge method merge commits are not allowed on this repository')
              : armed,
        },
      },
    );
    expect(notes).toEqual([]);
    expect(asked).toHaveLength(2);
    expect(asked[1]).toContain(`{"pullRequestId":"PR_7","mergeMethod":"SQUASH","expectedHeadOid":"${head}"}`);
  });

  it('is left alone where it is on', async () => {
    expect((await add({ 'auto-merge': 'rebase' }, { pull: { autoMerge: true } })).asked).toEqual([]);
  });

  it('waits while it is a draft, and says so', async () => {
    const { asked, notes } = await add({ 'auto-merge': 'true' }, { pull: { draft: true } });
    expect(asked).toEqual([]);
    expect(notes).toEqual([
      expect.stringMatching(/^Auto-merge was not switched on: it is a draft\. Mark it/),
    ]);
  });

  it.each([
    ['Auto merge is not allowed for this repository', /does not allow it\. Switch on "Allow auto-merge"/],
    ['Pull request Pull request is in unstable status', /no rule requires it.*Require the check/],
    ['Merge method rebase merging is not allowed on this repository', /Name another way to merge/],
    ['Something new', /GitHub says: Something new\.$/],
  ])('that GitHub refuses (%s) is a sentence, not an error', async (said, expected) => {
    const { notes, merged } = await add(
      { 'auto-merge': 'rebase' },
      { answers: { 'POST graphql': unprocessable(said) } },
    );
    expect(notes).toEqual([expect.stringMatching(expected)]);
    expect(merged).toBeUndefined();
  });

  const clean = { 'POST graphql': unprocessable('Pull request Pull request is in clean status') };

  it('merges at once where nothing is left to wait for, but only the head that we made', async () => {
    const { asked, merged, notes } = await add(
      { 'auto-merge': 'squash' },
      { answers: { ...clean, 'PUT merge': { body: { sha: merge, merged: true } } } },
    );
    expect(asked[1]).toBe(`PUT merge {"sha":"${head}","merge_method":"squash"}`);
    expect({ merged, notes }).toEqual({ merged: { commit: merge, head: merge, held: true }, notes: [] });
  });

  it('reads the base branch back after a merge: an answer alone is no proof', async () => {
    const answers = { ...clean, 'PUT merge': { body: { sha: merge, merged: true } } };
    const { merged } = await add({ 'auto-merge': 'squash' }, { answers, text: 'tag: "1"\n' });
    expect(merged).toEqual({ commit: merge, head: merge, held: false });
  });

  it('knows its own merge again whose answer was lost', async () => {
    const answers = {
      ...{ ...clean, 'PUT merge': says(405, 'Pull Request is not mergeable') },
      'GET 7': { body: { merged: true, merge_commit_sha: merge, head: { sha: head } } },
    };
    const { merged, notes } = await add({ 'auto-merge': 'squash' }, { answers });
    expect({ merged, notes }).toEqual({ merged: { commit: merge, head: merge, held: true }, notes: [] });
  });

  it('merges nothing that somebody committed to meanwhile', async () => {
    const refused = says(409, 'Head branch was modified. Review and try the merge again.');
    const { merged, notes } = await add(
      { 'auto-merge': 'squash' },
      { answers: { ...clean, 'PUT merge': refused } },
    );
    expect(merged).toBeUndefined();
    expect(notes).toEqual([expect.stringContaining('somebody committed to it meanwhile')]);
  });
});

describe('runs that wait for approval', () => {
  const runs = (...conclusions: string[]) => ({
    body: {
      workflow_runs: conclusions.map((conclusion, index) => ({
        ...{
          name: index === 0 ? null : `check ${index}`,
          path: 'build.yml',
          status: 'completed',
          conclusion,
        },
      })),
    },
  });
  const bot = { author: 'github-actions[bot]' };

  it('of the pull request of a bot are said to be', async () => {
    const { asked, notes } = await add(
      {},
      { pull: bot, answers: { 'GET runs': runs('action_required', 'action_required', 'success') } },
    );
    expect(asked).toEqual([`GET runs?head_sha=${head}&per_page=100`]);
    expect(notes).toEqual([
      expect.stringMatching(
        /^2 workflow runs of the pull request wait for approval: build\.yml, check 1\. Approve/,
      ),
    ]);
  });

  it('are not looked for elsewhere, nor missed without the permission', async () => {
    expect((await add({})).asked).toEqual([]);
    const { notes } = await add(
      {},
      { pull: bot, answers: { 'GET runs': says(403, 'Resource not accessible by integration') } },
    );
    expect(notes).toEqual([]);
  });
});

it('one part that fails keeps no other from being tried', async () => {
  const { asked, notes } = await add(
    { labels: ['a'], reviewers: ['alice'], 'auto-merge': 'true' },
    {
      answers: {
        'POST labels': says(404, 'Not Found'),
        'POST requested_reviewers': says(422, collaborators),
      },
    },
  );
  expect(asked.map((line) => line.split(' ')[1])).toEqual(['labels', 'requested_reviewers', 'graphql']);
  expect(notes).toHaveLength(2);
});
