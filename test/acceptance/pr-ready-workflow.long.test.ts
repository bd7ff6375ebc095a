import { afterEach, expect, it } from 'vitest';
import { app, blocked, file, needs, openStage, ready, runId, type Stage, said } from './pr-ready-setup.ts';

const job = (id: string, more = ''): string => `  ${id}: { runs-on: x, steps: []${more && `, ${more}`} }\n`;
const head = 'on: pull_request\njobs:\n';
const gateJob = (names: string): string => job('ready', `if: always(), needs: [${names}]`);
const all = { 'require-all-jobs': 'true' };

let stage: Stage;
afterEach(async () => {
  stage.github.expectNoViolations();
  await stage.github.close();
});

it('is ready when the gate sees every job of the file, for one call', async () => {
  stage = await openStage(head + job('build') + job('test', 'needs: build') + gateJob('test'));
  const result = await stage.gate({ ...all, needs: needs({ test: 'success' }) });
  expect(said(result)).toEqual({ ...ready, reason: 'all-succeeded' });
  expect(stage.calls()).toEqual([`GET /api/v3/repos/${app}/contents/.github%2Fworkflows%2Fpr.yml`]);
});

it('names the jobs that nothing needs, though all that were given succeeded', async () => {
  stage = await openStage(
    head + job('build') + job('lint') + job('e2e', 'needs: build, if: always()') + gateJob('e2e'),
  );
  const result = await stage.gate({ ...all, needs: needs({ e2e: 'success' }) });
  expect(said(result)).toEqual({
    ...blocked,
    ok: 'false',
    reason: 'job-not-needed',
    blocking: ['build', 'lint'],
  });
  expect(result.outputs.summary).toBe(
    'Not ready: build is seen only through e2e, whose `if` lets it run whatever became of it; lint is in the workflow, and this job does not need it.',
  );
  const free = await stage.gate({
    ...all,
    needs: needs({ e2e: 'success' }),
    'allowed-failures': 'lint, build',
  });
  expect(said(free)).toEqual({ ...ready, reason: 'all-succeeded' });
  expect(free.annotations).toEqual([]);
});

it.each([
  ['without always()', 'needs: [build]', 'itself does not run with `if: always()` alone'],
  [
    'with continue-on-error',
    'needs: [build], if: always(), continue-on-error: true',
    'itself has `continue-on-error`',
  ],
])('blocks where it stands in a job %s', async (_, more, told) => {
  stage = await openStage(head + job('build') + job('ready', more));
  const result = await stage.gate({ ...all, needs: needs({ build: 'success' }) });
  expect(said(result)).toMatchObject({
    ...blocked,
    ok: 'false',
    reason: 'gate-not-always',
    blocking: ['ready'],
  });
  expect(result.outputs.summary).toContain(told);
});

it('takes the file at the commit of the run, not as it is now', async () => {
  stage = await openStage(head + job('build') + gateJob('build'));
  await stage.github.commitFiles(app, 'main', {
    [file]: head + job('build') + job('new') + gateJob('build'),
  });
  expect(said(await stage.gate({ ...all, needs: needs({ build: 'success' }) }))).toMatchObject(ready);
});

it('names the legs and inner jobs that failed, and the upstream of what was skipped', async () => {
  stage = await openStage(
    `${head}${job('test', `name: "Test on \${{ matrix.os }}"`)}  deploy: { uses: ./x.yml }\n${job('other')}${job('after', 'needs: test')}${gateJob('test, deploy, after, other')}`,
  );
  const part = (id: number, name: string, conclusion: 'success' | 'failure' | 'skipped') =>
    ({ id, name, status: 'completed', conclusion }) as const;
  stage.run({
    id: runId,
    jobs: [
      part(1, 'Test on linux', 'failure'),
      part(2, 'Test on mac', 'success'),
      part(3, 'deploy / plan', 'success'),
      part(4, 'deploy / apply (eu)', 'failure'),
      part(5, 'other', 'failure'),
      { id: 6, name: 'ready', status: 'in_progress', conclusion: null },
    ],
  });
  const results = { test: 'failure', deploy: 'failure', after: 'skipped', other: 'failure' };
  const result = await stage.gate({ ...all, needs: needs(results) });
  expect(result.outputs.summary).toBe(
    'Not ready: 4 jobs block: test failed in Test on linux; deploy failed in deploy / apply (eu); other failed; and 1 more.',
  );
  expect(result.summary).toContain('was skipped, because test failed |');
  expect(JSON.parse(result.outputs.result ?? '').jobs).toMatchObject([
    { name: 'test', parts: ['Test on linux'] },
    { name: 'deploy', parts: ['deploy / apply (eu)'] },
    { name: 'after', parts: [], because: ['test'] },
    { name: 'other', parts: [] },
  ]);
  const unread = await stage.gate({ ...all, needs: needs(results) }, { permissions: { contents: 'read' } });
  expect(said(unread)).toEqual(said(result));
  expect(unread.log).toContain('The legs and inner jobs are not named');
});

it.each([
  ['it may not be read', {}, { permissions: { actions: 'read' } }, /lacks `contents: read`/],
  ['it is not there', { 'workflow-file': `${app}/.github/workflows/x.yml@main` }, {}, /was not found/],
  ['it is that of another job', {}, { env: { GITHUB_JOB: 'other' } }, /has no job other with steps/],
  [
    'the runner does not name it',
    {},
    { env: { GITHUB_WORKFLOW_SHA: '' } },
    /does not say which workflow file/,
  ],
  ['its gate does not need what was given', { needs: needs({ x: 'success' }) }, {}, /does not need x/],
] as const)('is blocked where the file tells nothing: %s', async (_, inputs, more, sentence) => {
  stage = await openStage(head + job('build') + gateJob('build'));
  const result = await stage.gate({ ...all, needs: needs({ build: 'success' }), ...inputs }, more);
  expect(said(result)).toEqual({ ...blocked, ok: 'unknown', reason: 'workflow-not-read', blocking: [] });
  expect(result.outputs.summary).toMatch(sentence);
});

it('is blocked where the API is away', async () => {
  stage = await openStage(head + job('build') + gateJob('build'));
  stage.github.faults.push({ path: /contents/, cut: 'before-effect', times: 99 });
  const result = await stage.gate({ ...all, needs: needs({ build: 'success' }) });
  expect(said(result)).toEqual({ ...blocked, ok: 'unknown', reason: 'workflow-not-read', blocking: [] });
});

it('reads the file of a reusable workflow where it is told which', async () => {
  stage = await openStage(head + job('build') + job('lint') + gateJob('build'));
  const elsewhere = { GITHUB_WORKFLOW_REF: `${app}/.github/workflows/caller.yml@refs/heads/main` };
  const inputs = {
    ...all,
    needs: needs({ build: 'success' }),
    'workflow-file': `${app}/${file}@${stage.sha}`,
  };
  expect(said(await stage.gate(inputs, { env: elsewhere }))).toMatchObject({
    ...blocked,
    blocking: ['lint'],
  });
});
