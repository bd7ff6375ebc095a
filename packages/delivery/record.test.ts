import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from '@sluice/core/errors';
import type { Outcome } from '@sluice/core/verdict';
import { withComment } from '@sluice/gitops/preview/preview';
import { testClient } from '@sluice/testbed/github/test-client';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openRecord } from './record.ts';
import { plan, repository, type Stage, secretOfRun, startStage } from './test-stage.ts';

let stage: Stage;
beforeEach(async () => {
  const own = await startStage();
  stage = own;
  // Of several tests at once each ends its own.
  return async () => {
    own.github.expectNoViolations();
    await own[Symbol.asyncDispose]();
  };
});

const outcome = (verdict: string): Outcome => ({
  ...{ verdict, ok: 'true', reason: 'seen', summary: `It is ${verdict}.`, outputs: {}, page: '**Page**\n' },
  result: { schema: 'sluice.root.v1' },
});
const open = (id: number, more = {}, signal?: AbortSignal, at = stage) =>
  openRecord(at.inputs({ 'deployment-id': String(id), ...more }), at.world(signal));
const last = (id: number) => stage.github.repository(repository).deployments.get(id)?.statuses.at(-1);
const statusCalls = /deployments\/\d+\/statuses$/;
const refused = { method: 'POST', path: statusCalls, status: 403, message: 'Resource not accessible' };
const cancelled = new SluiceError('platform', 'cancelled', 'The run was cancelled (SIGINT).', {
  hint: 'Again.',
});

describe('without a Deployment', () => {
  it.each([
    ['no deployment-id', {}],
    ['a dry run', { 'deployment-id': '7', 'dry-run': 'true' }],
  ])('%s: nothing is asked of GitHub', async (_, given) => {
    const record = await openRecord(stage.inputs(given), stage.world());
    await record.begin();
    const found = outcome('live');
    expect(await record.end(found)).toBe(found);
    const error = new Error('broke');
    expect(await record.fail(error)).toBe(error);
    expect(stage.github.requests).toEqual([]);
  });
});

it('queue creates the Deployment', async () => {
  const record = await openRecord(stage.inputs({ deployment: 'queue' }), stage.world());
  const id = await record.queue([{ plan }], 'Planned.');
  expect(stage.states(id)).toEqual(['queued']);
  expect(last(id)?.logUrl).toBe(`${stage.github.url}/${repository}/actions/runs/42`);
});

describe('a Deployment is of a part', () => {
  const left = { text: 'a.yaml spec.replicas=2', path: 'a.yaml', message: 'a.yaml has no spec.replicas' };
  const image = { image: 'registry.example/cart:2', status: 'not-found', places: [] } as const;
  it.each([
    ['where its caller says so', { partial: 'true' }, plan, true],
    ['where a field had no place, and was left out', {}, { ...plan, missing: [left] }, true],
    ['where an image had none', {}, { ...plan, images: [image] }, true],
    ['and else of the whole', {}, plan, false],
  ])('%s', async (_, given, of, expected) => {
    const inputs = stage.inputs({ deployment: 'queue', ...given });
    const record = await openRecord(inputs, stage.world());
    const id = await record.queue([{ plan: of }], 'Planned.');
    expect(stage.github.repository(repository).deployments.get(id)?.payload).toMatchObject({
      partial: expected,
    });
  });
});

it('a Deployment that was created is named, even if nothing more of it succeeds', async () => {
  const record = await openRecord(stage.inputs({ deployment: 'queue' }), stage.world());
  stage.github.faults.push(refused);
  await expect(record.queue([{ plan }], 'Planned.')).rejects.toThrow(
    /in acme\/app: it lacks `deployments: write`/,
  );
  const [id] = stage.github.repository(repository).deployments.keys();
  expect(stage.learned).toEqual([{ outputs: { 'deployment-id': String(id) } }]);
});

it('a Deployment that is kept up to date is named, whatever comes', async () => {
  const id = stage.deployment();
  await open(id);
  expect(stage.learned).toEqual([{ outputs: { 'deployment-id': String(id) } }]);
});

it('a Deployment of something else is refused, and left alone', async () => {
  const id = stage.deployment({ project: 'cart' });
  await expect(open(id)).rejects.toThrow(`deployment-id: ${id} is not a Deployment of shop in qa`);
  expect(stage.states(id)).toEqual(['queued']);
  expect(stage.learned).toEqual([]);
});

describe('from the first write to the verdict', () => {
  it.each([
    ['live', 'success'],
    ['superseded', 'inactive'],
    ['failed', 'failure'],
    ['plan-stale', 'failure'],
    ['unknown', 'error'],
  ])('%s: in_progress once, then %s', async (verdict, state) => {
    const id = stage.deployment();
    const record = await open(id, { 'environment-url': 'https://shop.example' });
    await record.begin();
    await record.begin();
    const found = outcome(verdict);
    expect(await record.end(found)).toBe(found);
    expect(stage.states(id)).toEqual(['queued', 'in_progress', state]);
    expect(last(id)).toMatchObject({
      description: `It is ${verdict}.`,
      environmentUrl: 'https://shop.example',
    });
    expect(stage.warnings).toEqual([]);
  });

  it('only what is live retires its predecessor', async () => {
    const before = stage.deployment({}, 'success');
    for (const verdict of ['failed', 'pending', 'committed']) {
      await (await open(stage.deployment())).end(outcome(verdict));
    }
    expect(stage.states(before).at(-1)).toBe('success');
    await (await open(stage.deployment())).end(outcome('live'));
    expect(stage.states(before).at(-1)).toBe('inactive');
  });

  it('a begin that is refused is an error: nothing is written then', async () => {
    const record = await open(stage.deployment());
    stage.github.faults.push(refused);
    await expect(record.begin()).rejects.toThrow(/in acme\/app: it lacks `deployments: write`/);
  });
});

describe.concurrent('a record that fails does not change the verdict', () => {
  it.each([
    ['a missing permission', refused, /could not be set to success: .*`deployments: write`/],
    ['an outage', { ...refused, status: 502, times: 4 }, /could not be set to success: .*answered 502/],
    ['a cut connection', { path: statusCalls, cut: 'before-effect', times: 4 }, /could not be reached/],
    [
      'a predecessor that cannot be retired',
      { ...refused, skip: 1 },
      /The Deployments before \d+ could not be set to inactive: .*`deployments: write`/,
    ],
  ] as const)('%s: one warning, and a line of the page', { timeout: 30_000 }, async (_, fault, says) => {
    // Each on a stage of its own: they wait for GitHub side by side.
    await using own = await startStage();
    own.deployment({}, 'success');
    const record = await open(own.deployment(), {}, undefined, own);
    own.github.faults.push(fault);
    const found = outcome('live');
    const ended = await record.end(found);
    expect(ended).toEqual({ ...found, page: expect.stringMatching(/^\*\*Page\*\*\n\n.*Deployment.*\n$/) });
    expect(own.warnings).toEqual([expect.stringMatching(says)]);
    own.github.expectNoViolations();
  });
});

describe('a secret of the run', () => {
  const says = `${'Argo CD said: '.padEnd(120, '.')} ${secretOfRun}, and more`;

  it('stands in no description, also where it is cut in the middle', async () => {
    const ids = [stage.deployment(), stage.deployment()];
    const records = await Promise.all(ids.map((id) => open(id)));
    await records[0]?.end({ ...outcome('failed'), summary: says });
    await records[1]?.fail(new Error(says));
    const queue = await openRecord(stage.inputs({ deployment: 'queue' }), stage.world());
    ids.push(await queue.queue([{ plan }], says));
    for (const id of ids) expect(last(id)?.description).toMatch(/\.\.\. \*\*\*, and more$/);
    const queued = stage.github.repository(repository).deployments.get(ids[2] ?? 0);
    expect(queued?.description).toMatch(/\*\*\*, and more$/);
  });

  it('stands in no comment', async () => {
    const { github, sha } = stage;
    await github.commitFiles(repository, 'topic', { 'main.ts': '1' });
    const token = github.createToken({ repositories: [repository] });
    const opened = await testClient(github, token).rest('POST', `/repos/${repository}/pulls`, {
      ...{ title: 'T', head: 'topic', base: 'main' },
    });
    const { number } = Object(opened.body);
    const folder = await mkdtemp(join(tmpdir(), 'sluice-event-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'event.json');
    await writeFile(file, JSON.stringify({ pull_request: { number } }));
    const world = stage.world();
    const context = { ...world.context, sha, eventName: 'pull_request' };
    const env = { ...world.env, GITHUB_EVENT_PATH: file };
    const inputs = stage.inputs({ comment: 'always', 'comment-token': token });
    await withComment(
      inputs,
      { ...outcome('live'), page: `It said ${secretOfRun}.` },
      { ...world, context, env },
    );
    const bodies = [...github.repository(repository).comments.values()].map(({ body }) => body);
    expect(bodies).toEqual([expect.stringContaining('It said ***.')]);
  });
});

describe('a run that breaks off', () => {
  it('is an error with its sentence, and the error stays what it was', async () => {
    const id = stage.deployment();
    const record = await open(id);
    await record.begin();
    const error = new SluiceError('platform', 'git-failed', 'git failed.');
    expect(await record.fail(error)).toBe(error);
    expect(stage.states(id)).toEqual(['queued', 'in_progress', 'error']);
    expect(last(id)?.description).toBe('git failed.');
  });

  it('keeps its error also where the record fails', async () => {
    const record = await open(stage.deployment());
    stage.github.faults.push(refused);
    const error = new Error('broke');
    expect(await record.fail(error)).toBe(error);
    expect(stage.warnings).toEqual([expect.stringMatching(/could not be set to error/)]);
  });

  it.each([
    [false, 'The run was cancelled before the first write: nothing was changed.'],
    [true, cancelled.message],
  ])('by cancellation, begun: %s', async (begun, sentence) => {
    const controller = new AbortController();
    const id = stage.deployment();
    const record = await open(id, {}, controller.signal);
    if (begun) await record.begin();
    controller.abort(cancelled);
    const error = await record.fail(new Error('the connection was cut'));
    expect(error).toMatchObject({ code: 'cancelled', message: sentence });
    expect(last(id)).toMatchObject({ state: 'error', description: sentence });
  });

  it('in the middle of its last word, has it said all the same', async () => {
    const controller = new AbortController();
    const id = stage.deployment();
    const record = await open(id, {}, controller.signal);
    stage.github.faults.push({
      path: statusCalls,
      run: () => controller.abort(cancelled),
      cut: 'before-effect',
    });
    const found = outcome('failed');
    expect(await record.end(found)).toBe(found);
    expect(stage.states(id)).toEqual(['queued', 'failure']);
  });

  it('does not wait for a GitHub that hangs longer than a cancelled run has', async () => {
    const controller = new AbortController();
    const record = await open(stage.deployment(), {}, controller.signal);
    controller.abort(cancelled);
    stage.github.faults.push({ path: statusCalls, delay: 10_000 });
    const begun = Date.now();
    await record.fail(cancelled);
    expect(Date.now() - begun).toBeLessThan(5000);
    expect(stage.warnings).toEqual([expect.stringMatching(/could not be set to error/)]);
  });
});
