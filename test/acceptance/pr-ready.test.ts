import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type RunResult, runBundle } from '@sluice/testbed/runner';
import { afterAll, describe, expect, it } from 'vitest';

const action = path.resolve(import.meta.dirname, '../../actions/pr-ready');
const workspace = mkdtempSync(path.join(tmpdir(), 'pr-ready-'));
afterAll(() => rmSync(workspace, { recursive: true }));

/** Nothing listens at this address: a call would fail the run. */
const env = {
  GITHUB_API_URL: 'http://127.0.0.1:9',
  GITHUB_GRAPHQL_URL: 'http://127.0.0.1:9/graphql',
  GITHUB_JOB: 'ready',
};
const gate = (inputs: Readonly<Record<string, string>>) => runBundle({ action, inputs, env, workspace });
const needs = (results: Readonly<Record<string, string>>) =>
  JSON.stringify(
    Object.fromEntries(Object.entries(results).map(([name, result]) => [name, { result, outputs: {} }])),
  );
const said = ({ exitCode, outputs }: RunResult) => ({
  exitCode,
  ...Object.fromEntries(
    ['verdict', 'ok', 'reason', 'success', 'failure'].map((name) => [name, outputs[name]]),
  ),
  blocking: JSON.parse(outputs['blocking-jobs'] ?? ''),
});
const ready = { exitCode: 0, verdict: 'ready', ok: 'true', success: 'true', failure: 'false', blocking: [] };
const blocked = { exitCode: 1, verdict: 'blocked', success: 'false', failure: 'true' };

describe('the verdict', () => {
  it('is ready when every job succeeded, and needs neither the API nor a token for it', async () => {
    const result = await gate({ needs: needs({ build: 'success', test: 'success' }) });
    expect(said(result)).toEqual({ ...ready, reason: 'all-succeeded' });
    expect(result.outputs.summary).toBe('Ready: all 2 jobs succeeded.');
    expect(result.annotations).toEqual([]);
  });

  it('takes the inputs of re-actors/alls-green as they are', async () => {
    const jobs = needs({ build: 'success', docs: 'failure', linters: 'skipped', flaky: 'skipped' });
    const lists = { 'allowed-failures': 'docs, linters', 'allowed-skips': 'non-voting-flaky, flaky' };
    const result = await gate({ jobs, ...lists });
    expect(said(result)).toEqual({ ...ready, reason: 'none-blocks' });
    expect(result.annotations).toMatchObject([
      { level: 'warning', message: expect.stringContaining('"non-voting-flaky"') },
    ]);
    const json = { 'allowed-failures': '["docs", "linters"]', 'allowed-skips': '["flaky"]' };
    expect(said(await gate({ jobs, ...json }))).toMatchObject(ready);
  });

  it('allows a skip for a cause that the workflow states, and only while it holds', async () => {
    const jobs = needs({ labels: 'success', deploy: 'skipped' });
    const allowed = await gate({ needs: jobs, 'allowed-skips': 'deploy: true' });
    expect(said(allowed)).toEqual({ ...ready, reason: 'none-blocks' });
    expect(allowed.outputs.summary).toBe(
      'Ready: 1 of 2 jobs succeeded; deploy was skipped for a stated cause.',
    );
    for (const stated of ['deploy: false', 'deploy: ', 'deploy: yes']) {
      const result = await gate({ needs: jobs, 'allowed-skips': stated });
      expect(said(result)).toEqual({ ...blocked, ok: 'false', reason: 'job-skipped', blocking: ['deploy'] });
    }
  });

  it('says which job failed and what was skipped for it, on the page and in one annotation', async () => {
    const result = await gate({ needs: needs({ build: 'failure', test: 'skipped', lint: 'success' }) });
    expect(said(result)).toEqual({
      ...blocked,
      ok: 'false',
      reason: 'job-failed',
      blocking: ['build', 'test'],
    });
    expect(result.annotations).toHaveLength(1);
    expect(result.annotations[0]?.message).toMatch(
      /^Not ready: build failed; test was skipped, probably because build failed\.\nMend what failed/,
    );
    expect(result.summary).toMatch(/^\*\*Not ready: build failed/);
    expect(result.summary.indexOf('`build`')).toBeLessThan(result.summary.indexOf('`lint`'));
  });

  it('is blocked when a job was cancelled, whatever is allowed', async () => {
    const lists = { 'allowed-failures': 'a', 'allowed-skips': 'a: true' };
    const result = await gate({ needs: needs({ a: 'cancelled', b: 'success' }), ...lists });
    expect(said(result)).toEqual({ ...blocked, ok: 'false', reason: 'job-cancelled', blocking: ['a'] });
  });

  it('warns where every job was skipped: nothing ran', async () => {
    const result = await gate({ needs: needs({ a: 'skipped' }), 'allowed-skips': 'a' });
    expect(said(result)).toMatchObject(ready);
    expect(result.summary).toContain('No job ran');
  });
});

describe('without a job, or with an input that is wrong, it is never green and says what to do', () => {
  it.each(['', '{}', '[]', 'null'])('needs: %j', async (given) => {
    const result = await gate({ needs: given });
    expect(said(result)).toEqual({ ...blocked, ok: 'unknown', reason: 'no-jobs', blocking: [] });
    expect(result.annotations[0]?.message).toContain('toJSON(needs)');
  });

  it.each([
    ['half of the JSON', '{"a":{"result":"success"}'],
    ['results without names', '["success","success"]'],
    ['the context without toJSON', 'Object'],
    ['a job twice', '{"a":{"result":"failure"},"a":{"result":"success"}}'],
  ])('needs: %s', async (_, given) => {
    const result = await gate({ needs: given });
    expect(said(result)).toEqual({ ...blocked, ok: 'unknown', reason: 'invalid-input', blocking: [] });
    expect(result.annotations[0]?.message).toContain('needs: ');
  });

  it('lists every problem of the inputs at once', async () => {
    const wrong = { needs: '[1]', 'allowed-failures': '[1]', 'allowed-skips': '{', 'dry-run': 'no' };
    const { outputs } = await gate(wrong);
    for (const name of Object.keys(wrong)) expect(outputs.summary).toContain(`${name}: `);
    const both = await gate({ needs: 'a: success', jobs: 'a: success' });
    expect(both.outputs).toMatchObject({ verdict: 'blocked', reason: 'invalid-input' });
  });
});

describe('an input is data, whatever it holds', () => {
  it('runs no shell syntax, keeps backslashes and line ends, and writes no command of its own', async () => {
    const evil = '$(touch pwned)`touch pwned`;touch pwned #\n::set-output name=success::true\nC:\\dir\u202e';
    const jobs = JSON.stringify({ [evil]: { result: 'failure', outputs: { x: evil } }, b: { result: evil } });
    const result = await gate({
      needs: jobs,
      'allowed-failures': `x;${evil}`,
      'allowed-skips': `${evil}: true`,
    });
    expect(said(result)).toMatchObject({ ...blocked, blocking: [evil, 'b'] });
    expect(readdirSync(workspace)).toEqual([]);
    expect(existsSync('pwned')).toBe(false);
    expect(result.stdout).not.toMatch(/^::set-output/m);
    expect(result.summary).not.toContain('\u202e');
    expect(result.summary.split('\n').some((line) => line.startsWith('::'))).toBe(false);
  });

  it('takes 120,000 bytes and warns; the bounded form of the same jobs does not', async () => {
    const names = Array.from({ length: 250 }, (_, at) => `job-${at}`);
    const wide = Object.fromEntries(
      names.map((name) => [name, { result: 'success', outputs: { x: 'é'.repeat(215) } }]),
    );
    const text = JSON.stringify(wide);
    expect(Buffer.byteLength(text)).toBeGreaterThan(118_000);
    const large = await gate({ needs: text });
    expect(said(large)).toEqual({ ...ready, reason: 'all-succeeded' });
    expect(large.annotations).toMatchObject([
      { level: 'warning', message: expect.stringContaining('131,060') },
    ]);
    const bounded = await gate({ needs: names.map((name) => `${name}: success`).join('\n') });
    expect(said(bounded)).toEqual({ ...ready, reason: 'all-succeeded' });
    expect(bounded.annotations).toEqual([]);
    const one = await gate({
      needs: names.map((name, at) => `${name}: ${at === 7 ? '' : 'success'}`).join('\n'),
    });
    expect(said(one)).toMatchObject({ ...blocked, reason: 'job-result', blocking: ['job-7'] });
  });

  it('stays below 60,000 bytes in the list of what blocks', async () => {
    const names = Array.from({ length: 900 }, (_, at) => `${at}-${'x'.repeat(100)}`);
    const result = await gate({ needs: names.map((name) => `${name}: failure`).join('\n') });
    expect(said(result)).toMatchObject(blocked);
    expect(Buffer.byteLength(result.outputs['blocking-jobs'] ?? '')).toBeLessThan(60_000);
    expect(result.outputs.summary).toMatch(/^Not ready: 900 jobs block: .*; and 897 more\.$/);
  });
});
