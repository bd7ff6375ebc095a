import path from 'node:path';
import { type GitHubStandIn, startGitHub } from '@sluice/testbed/github/start';
import { jobEnvironment, type RunOptions, type RunResult, runBundle } from '@sluice/testbed/runner';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const action = path.resolve(import.meta.dirname, '../../actions/skip-ephemeral');
const built = process.env.SLUICE_BUNDLES;
const app = 'acme/app';
let github: GitHubStandIn;
let labels: string[];
let number: number;

beforeAll(async () => {
  github = await startGitHub();
  await github.createRepository(app, { 'a.txt': 'a\n' });
  const headSha = await github.commitFiles(app, 'topic', { 'a.txt': 'b\n' });
  number = 7;
  const now = Date.now();
  github.repository(app).pulls.set(number, {
    ...{ number, author: 'alice', head: 'topic', base: 'main', createdAt: now, updatedAt: now },
    ...{ title: 'T', body: null, state: 'open', draft: false, labels: [], reviewers: [], teamReviewers: [] },
    ...{ headSha, baseSha: await github.head(app) },
  });
});
beforeEach(() => {
  labels = [];
  const pull = github.repository(app).pulls.get(number);
  if (pull !== undefined) pull.labels = labels;
  github.faults.clear();
});
afterAll(async () => {
  github.expectNoViolations();
  await github.close();
});

const eventOf = (...names: string[]) => ({
  action: 'synchronize',
  pull_request: { number, labels: names.map((name) => ({ name })), head: { repo: { fork: true } } },
});

async function decide(
  inputs: Readonly<Record<string, string>> = {},
  { env, ...more }: Partial<RunOptions> = {},
): Promise<RunResult & { readonly calls: number }> {
  const before = github.requests.length;
  const result = await runBundle({
    action,
    ...(built === undefined ? {} : { bundle: path.join(built, 'skip-ephemeral.js') }),
    inputs,
    token: github.githubToken(app, { pull_requests: 'read' }),
    event: eventOf(),
    ...more,
    env: jobEnvironment(github, app, { GITHUB_EVENT_NAME: 'pull_request', ...env }),
  });
  return { ...result, calls: github.requests.length - before };
}
const said = ({ exitCode, outputs }: RunResult) => ({
  exitCode,
  ...Object.fromEntries(['verdict', 'ok', 'reason', 'skip', 'source'].map((name) => [name, outputs[name]])),
});
const skip = { exitCode: 0, verdict: 'skip', ok: 'true', skip: 'true' };
const deploy = { exitCode: 0, verdict: 'deploy', ok: 'true', skip: 'false' };

describe('labels as they are now', () => {
  it('a label that was added after the event counts, in any case of letters', async () => {
    expect(said(await decide())).toEqual({ ...deploy, reason: 'no-label', source: 'api' });
    labels.push('bug', 'Skip-EPHEMERAL');
    const result = await decide();
    expect(said(result)).toEqual({ ...skip, reason: 'label-skips', source: 'api' });
    expect(result.outputs.labels).toBe('["bug","Skip-EPHEMERAL"]');
    expect(result.outputs.summary).toBe('No environment: pull request 7 has the label Skip-EPHEMERAL.');
    expect(result.calls).toBe(1);
  });

  it('a label that was taken off after the event counts no more', async () => {
    expect(said(await decide({}, { event: eventOf('skip-ephemeral') }))).toMatchObject(deploy);
  });

  it('all of 300 labels are read, by at most two calls', async () => {
    labels.push(...Array.from({ length: 299 }, (_, at) => `area/${at} ${'é'.repeat(30)}`), 'skip-ephemeral');
    const result = await decide({ switches: 'last: area/298*\nnone: area/300*' });
    expect(said(result)).toMatchObject(skip);
    expect(result.calls).toBeLessThanOrEqual(2);
    expect(JSON.parse(result.outputs.labels ?? '')).toHaveLength(300);
    expect(result.outputs.switches).toBe('{"last":true,"none":false}');
  });

  it('patterns are of whole labels, and switches turn any behaviour on', async () => {
    labels.push('env/none', 'test/Full');
    const inputs = { label: 'skip-ephemeral\nenv/no*', switches: 'full: test/full\nslow: full' };
    const result = await decide(inputs);
    expect(said(result)).toMatchObject(skip);
    expect(JSON.parse(result.outputs.switches ?? '')).toEqual({ full: true, slow: false });
    expect(said(await decide({ label: 'env/n' }))).toMatchObject(deploy);
  });
});

describe('the policy', () => {
  it('may turn it round: the label asks for the environment', async () => {
    const inputs = { mode: 'opt-in', label: 'preview' };
    expect(said(await decide(inputs))).toEqual({ ...skip, reason: 'not-asked', source: 'api' });
    labels.push('preview');
    expect(said(await decide(inputs))).toEqual({ ...deploy, reason: 'label-asks', source: 'api' });
  });

  it('that is turned round names the label that asks: the default one says the opposite', async () => {
    labels.push('skip-ephemeral');
    const result = await decide({ mode: 'opt-in' });
    expect(said(result)).toMatchObject({
      exitCode: 1,
      verdict: 'unknown',
      reason: 'invalid-input',
      skip: 'false',
    });
    expect(result.outputs.summary).toContain('give `label` with `mode: opt-in`');
  });

  it('with several labels on one line is warned of', async () => {
    const messages = ({ annotations }: RunResult) => annotations.map(({ message }) => message).join();
    expect(messages(await decide({ label: 'a, b' }))).toContain('several are given one per line');
    labels.push('a, b');
    expect(messages(await decide({ label: 'a, b' }))).toBe('');
  });

  it('may forbid skipping', async () => {
    labels.push('skip-ephemeral');
    expect(said(await decide({ allowed: 'false' }))).toEqual({
      ...deploy,
      reason: 'not-allowed',
      source: 'policy',
    });
  });
});

describe('events', () => {
  it('a merge queue gets no environment, and is asked nothing', async () => {
    const event = {
      action: 'checks_requested',
      merge_group: { head_ref: 'refs/heads/gh-readonly-queue/main/pr-7-x' },
    };
    const result = await decide({}, { event, env: { GITHUB_EVENT_NAME: 'merge_group' } });
    expect(said(result)).toEqual({ ...skip, reason: 'merge-queue', source: 'event' });
    expect(result.calls).toBe(0);
  });

  it('pull_request_target, issue_comment and workflow_dispatch with a number read the same', async () => {
    labels.push('skip-ephemeral');
    const target = await decide({}, { env: { GITHUB_EVENT_NAME: 'pull_request_target' } });
    expect(said(target)).toMatchObject({ ...skip, source: 'api' });
    const comment = { issue: { number: 7, pull_request: {}, labels: [] } };
    const commented = await decide({}, { event: comment, env: { GITHUB_EVENT_NAME: 'issue_comment' } });
    expect(said(commented)).toMatchObject({ ...skip, source: 'api' });
    const dispatch = { event: { inputs: {} }, env: { GITHUB_EVENT_NAME: 'workflow_dispatch' } };
    expect(said(await decide({ 'pull-request': '7' }, dispatch))).toMatchObject({ ...skip, source: 'api' });
    const none = await decide({}, dispatch);
    expect(said(none)).toEqual({ ...deploy, ok: 'unknown', reason: 'no-pull-request', source: 'none' });
    expect(none.calls).toBe(0);
  });
});

describe('what cannot be read', () => {
  it('a token without the permission leaves the labels of the event, and says which it lacks', async () => {
    labels.push('other');
    const event = eventOf('skip-ephemeral');
    const result = await decide({}, { event, token: github.githubToken(app, { contents: 'read' }) });
    expect(said(result)).toEqual({ ...skip, ok: 'unknown', reason: 'label-skips', source: 'event' });
    expect(result.annotations).toMatchObject([
      { level: 'warning', message: expect.stringContaining('`pull-requests: read`') },
    ]);
    expect(result.summary).toContain('Those of the event are taken');
  });

  it('a pull request that neither the API nor the event knows is deployed', async () => {
    const result = await decide({ 'pull-request': '99', mode: 'opt-in', label: 'preview', switches: 'x: y' });
    expect(said(result)).toEqual({ ...deploy, ok: 'unknown', reason: 'labels-not-read', source: 'none' });
    expect(result.outputs).toMatchObject({ labels: '[]', switches: '{"x":false}' });
  });

  it('an event that is no JSON of GitHub is no event', async () => {
    const result = await decide({}, { event: { pull_request: { number: 7, labels: 'x' } } });
    expect(said(result)).toMatchObject({ ...deploy, source: 'api' });
  });
});

it('hostile labels and patterns stay data', async () => {
  labels.push('$(touch pwned)', '::set-output name=skip::false', '**', '</td>\u202e@all', 'skip-ephemeral');
  const result = await decide({ label: `${'*a'.repeat(60)}\n[skip]*\n$(x)*` });
  expect(said(result)).toMatchObject(deploy);
  expect(result.stdout).not.toMatch(/^::set-output/m);
  expect(result.summary).not.toContain('\u202e');
  expect(said(await decide({ label: '*pwned)' }))).toMatchObject(skip);
});

it('an input that is wrong fails, and skips nothing', async () => {
  labels.push('skip-ephemeral');
  const wrong = { mode: 'both', allowed: 'yes', switches: 'x', 'pull-request': '#7' };
  const result = await decide(wrong);
  expect(said(result)).toEqual({
    ...{
      exitCode: 1,
      verdict: 'unknown',
      ok: 'unknown',
      reason: 'invalid-input',
      skip: 'false',
      source: 'none',
    },
  });
  for (const name of Object.keys(wrong)) expect(result.outputs.summary).toContain(`${name}: `);
});
