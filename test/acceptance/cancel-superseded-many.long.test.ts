import { expect, it } from 'vitest';
import { done, key, nothing, type Stage, said, startStage } from './cancel-superseded-setup.ts';

async function withStage(test: (stage: Stage) => Promise<void>): Promise<void> {
  await using stage = await startStage();
  await test(stage);
  stage.github.expectNoViolations();
}
const own = 900;

it('among hundreds of runs, on three pages, finds every one that is pointless and cancels no other; again, it changes nothing', () =>
  withStage(async (stage) => {
    const ended = { status: 'completed', conclusion: 'success' } as const;
    for (let id = 1; id <= 240; id++) stage.run(id, ended);
    const old = [3, 99, 101, 150].map((id) => stage.github.repository('acme/app').runs[id - 1]);
    for (const run of old) {
      if (run === undefined) throw new Error('There is no such run');
      Object.assign(run, { status: 'queued', conclusion: null });
      stage.deployment(run.id);
    }
    // Others that look alike.
    stage.run(301, { status: 'queued' });
    stage.deployment(301, ['queued'], { tenant: 'eu' });
    stage.run(302, { status: 'queued' });
    stage.deployment(302, ['queued'], { environment: 'production' });
    stage.run(303, { status: 'queued', name: 'Deploy' });
    stage.run(304);
    stage.deployment(304, ['queued', 'in_progress']);
    stage.run(305, { attempt: 3 });
    stage.deployment(305);
    stage.run(own);
    stage.deployment(own);
    stage.run(950, { status: 'queued' });
    stage.deployment(950, ['queued', 'failure']);
    const result = await stage.cancel(own);
    expect(said(result)).toEqual({
      ...{ ...done, by: String(own) },
      cancelled: ['3 not-started', '99 not-started', '101 not-started', '150 not-started', '305 not-begun'],
      kept: ['304 begun', '900 newest', '950 newer'],
    });
    const { reads, writes } = stage.calls();
    // Runs on 3 pages, Deployments, the group of a run that nothing names, Deployments again, runs again on 3 pages.
    expect({ reads, writes }).toEqual({ reads: 5 + 2 + 2, writes: { 'POST cancel': 5, 'POST statuses': 5 } });
    expect(stage.ends()).toMatchObject({
      301: 'queued',
      302: 'queued',
      303: 'queued',
      304: 'in_progress',
      950: 'queued',
    });
    stage.github.repository('acme/app').runs.reverse();
    expect(said(await stage.cancel(own))).toMatchObject(nothing);
    expect(stage.calls().writes).toEqual(writes);
  }));

it('a repository with very many runs is asked for those that are not completed, and what has left them has ended', () =>
  withStage(async (stage) => {
    for (let id = 1; id <= 1300; id++) stage.run(id, { status: 'completed', conclusion: 'success' });
    const { runs } = stage.github.repository('acme/app');
    for (const [at, status] of [
      [0, 'queued'],
      [1, 'pending'],
      [2, 'in_progress'],
      [3, 'waiting'],
      [4, 'requested'],
    ] as const) {
      Object.assign(runs[at] ?? {}, { status, conclusion: null });
      stage.deployment(at + 1);
    }
    stage.run(2000);
    stage.deployment(2000);
    expect(said(await stage.cancel(2000))).toMatchObject({
      ...done,
      cancelled: ['1 not-started', '2 not-started', '3 not-begun', '5 not-started'],
      kept: ['4 awaits-approval', '2000 newest'],
    });
    expect(stage.calls().reads).toBe(1 + 8 + 1 + 1 + 1 + 1);
  }));

it('does not say of a run of very many that it was cancelled where it ended otherwise', () =>
  withStage(async (stage) => {
    for (let id = 1; id <= 700; id++) stage.run(id, { status: 'completed', conclusion: 'success' });
    for (const id of [701, 702]) {
      stage.run(id, { status: 'queued' });
      stage.deployment(id);
    }
    const { runs } = stage.github.repository('acme/app');
    const one = runs.find(({ id }) => id === 702);
    for (let id = 1001; id <= 1101; id++) stage.run(id, { status: 'completed', conclusion: 'cancelled' });
    stage.run(2000);
    stage.deployment(2000);
    // GitHub takes the request, and the run ends by itself in that moment.
    const ends = () => Object.assign(one ?? {}, { status: 'completed', conclusion: 'success' });
    stage.github.faults.push({ path: /runs\/702\/cancel$/, run: ends, status: 202, message: 'Accepted' });
    expect(said(await stage.cancel(2000))).toMatchObject({
      ...done,
      ...{ cancelled: ['701 not-started'], kept: ['702 finished', '2000 newest'] },
    });
  }));

it('cancels a hundred and twenty runs of a branch without a pause between them', () =>
  withStage(async (stage) => {
    for (let id = 1; id <= 120; id++) stage.run(id, { status: 'queued' });
    stage.run(own);
    const result = await stage.cancel(own, { scope: 'branch' });
    expect(said(result)).toMatchObject({ ...done, kept: ['900 newest'] });
    expect(JSON.parse(result.outputs.cancelled ?? '')).toHaveLength(120);
    expect(stage.calls()).toEqual({ reads: 2 + 1 + 1 + 2, writes: { 'POST cancel': 120 } });
    expect(result.ms).toBeLessThan(45_000);
  }));

it('a run that ends while it is cancelled is fine, whatever GitHub answers', () =>
  withStage(async (stage) => {
    for (const id of [1, 2, 3]) {
      stage.run(id, { status: 'queued' });
      stage.deployment(id);
    }
    stage.run(own);
    const { runs } = stage.github.repository('acme/app');
    const ends = (at: number) => () =>
      Object.assign(runs[at] ?? {}, { status: 'completed', conclusion: 'success' });
    stage.github.faults.push({ path: /runs\/1\/cancel$/, run: ends(0) });
    stage.github.faults.push({ path: /runs\/2\/cancel$/, run: ends(1), status: 500, times: 4 });
    expect(said(await stage.cancel(own))).toMatchObject({
      ...done,
      cancelled: ['3 not-started'],
      kept: ['1 finished', '2 finished', '900 newest'],
    });
  }));

it('a run that goes on although GitHub took the request makes it incomplete; force-after ends it, and only it', () =>
  withStage(async (stage) => {
    stage.run(1, { status: 'queued', onCancel: 'stays', title: '[sluice shop/qa]' });
    stage.run(2, { status: 'queued', title: '[sluice shop/qa]' });
    stage.run(own);
    expect(said(await stage.cancel(own))).toMatchObject({
      ...{ exitCode: 1, verdict: 'incomplete', ok: 'false', reason: 'not-confirmed' },
      ...{ cancelled: ['2 not-started'], kept: ['1 still-there', '900 newest'] },
    });
    expect(stage.calls().reads).toBeLessThanOrEqual(5);
    const forced = await stage.cancel(own, { ...key, 'force-after': '1s' });
    expect(said(forced)).toMatchObject({ ...done, cancelled: ['1 not-started'] });
    expect(stage.calls().writes).toEqual({ 'POST cancel': 3, 'POST force-cancel': 1 });
  }));

it('a cancelled run whose last jobs still run is cancelled: it can deploy nothing any more', () =>
  withStage(async (stage) => {
    stage.run(1, { onCancel: 'stays' });
    stage.run(own);
    for (const id of [1, own]) stage.deployment(id);
    const result = await stage.cancel(own);
    expect(said(result)).toMatchObject({ ...done, cancelled: ['1 not-begun'] });
    expect(result.summary).toContain('its last jobs still run');
  }));

it('a Deployment that cannot be told keeps its run from being cancelled', () =>
  withStage(async (stage) => {
    stage.run(1);
    stage.run(own);
    for (const id of [1, own]) stage.deployment(id);
    const token = stage.github.githubToken('acme/app', { actions: 'write', deployments: 'read' });
    const result = await stage.cancel(own, key, { token });
    expect(said(result)).toMatchObject({
      exitCode: 1,
      verdict: 'incomplete',
      reason: 'not-recorded',
      cancelled: [],
    });
    expect(result.outputs.summary).toContain('`deployments: write`');
    expect(stage.ends()).toMatchObject({ 1: 'in_progress' });
  }));

it('Deployments that cannot be read are not taken for none', () =>
  withStage(async (stage) => {
    stage.run(1, { status: 'queued', title: '[sluice shop/qa]' });
    stage.run(own);
    const token = stage.github.githubToken('acme/app', { actions: 'write' });
    const result = await stage.cancel(own, key, { token });
    expect(said(result)).toMatchObject({
      exitCode: 1,
      verdict: 'incomplete',
      ok: 'unknown',
      reason: 'permission-denied',
    });
    expect(stage.calls().writes).toEqual({});
  }));

it('names, titles and branches reach no log, page or output as anything but text', () =>
  withStage(async (stage) => {
    const evil = '[sluice shop/qa]\n::set-output name=verdict::cancelled\u001b[31m $(touch pwned) <script>';
    stage.run(1, { status: 'queued', title: evil, name: evil });
    stage.run(own);
    const result = await stage.cancel(own);
    expect(said(result)).toMatchObject({ ...done, cancelled: ['1 not-started'] });
    expect(result.stdout).not.toMatch(/^::set-output/m);
    expect(result.summary).not.toContain('<script>');
  }));

it("what an outsider calls his issue or pull request gets nobody's run cancelled", () =>
  withStage(async (stage) => {
    const named = { status: 'queued', title: 'Help me [sluice shop/qa]' } as const;
    stage.run(1, { ...named, event: 'issue_comment' });
    stage.run(2, { ...named, event: 'pull_request_target', headRepository: 77 });
    stage.run(4, named);
    stage.run(own);
    stage.deployment(own);
    expect(said(await stage.cancel(own))).toMatchObject({
      ...done,
      ...{ cancelled: ['4 not-started'], kept: ['900 newest'] },
    });
    expect(stage.ends()).toMatchObject({ 1: 'queued', 2: 'queued' });
  }));

it('of more than a thousand runs of one status none is missed', () =>
  withStage(async (stage) => {
    const second = Date.parse('2026-11-20T10:00:00Z');
    for (let id = 1; id <= 1150; id++) {
      const headBranch = id <= 3 ? 'main' : 'other';
      stage.run(id, { status: 'queued', headBranch, createdAt: second + id * 1000 });
    }
    stage.run(2000, { createdAt: second + 2_000_000 });
    expect(said(await stage.cancel(2000, { scope: 'branch' }))).toMatchObject({
      ...done,
      cancelled: ['1 not-started', '2 not-started', '3 not-started'],
    });
  }));
