import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

/** What an action takes of this package, as one file: to load it from its sources takes each process five times as long. */
const bundle = mkdtempSync(join(tmpdir(), 'sluice-run-'));
beforeAll(async () => {
  const input = Object.fromEntries(
    ['run', 'contract', 'errors'].map((name) => [name, join(import.meta.dirname, `${name}.ts`)]),
  );
  const built = await rolldown({ input, platform: 'node' });
  await built.write({ dir: bundle, format: 'esm', entryFileNames: '[name].mjs' });
}, 60_000);
afterAll(() => rmSync(bundle, { recursive: true, force: true }));

const dirs: string[] = [];
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

const live = `{ verdict: 'live', ok: 'true', reason: 'seen', summary: 'It is live.', hint: 'Do nothing.',
  result: { schema: 'sluice.probe.v1', more: 1 }, outputs: { extra: 'x' }, page: '**It is live**' }`;

/** An action whose `run` has this body, as a process that the runner starts. */
function start(body: string, env: Record<string, string> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-run-'));
  dirs.push(dir);
  for (const name of ['output', 'summary']) writeFileSync(join(dir, name), '');
  const url = (file: string) => JSON.stringify(pathToFileURL(join(bundle, file)).href);
  const program = `
    import { runAction } from ${url('run.mjs')};
    import { commonInputs, duration } from ${url('contract.mjs')};
    import { SluiceError } from ${url('errors.mjs')};
    await runAction({
      name: 'probe', schema: 'sluice.probe.v1', goodVerdicts: ['live', 'superseded'], unknownVerdict: 'unknown',
      emptyOutputs: { extra: '' }, errorCaution: 'It is not live.',
      spec: { ...commonInputs(['live', 'superseded', 'failed', 'unknown']), timeout: duration({ default: '1m' }) },
      run: async (inputs, world) => { ${body} },
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: {
      PATH: process.env.PATH ?? '',
      GITHUB_OUTPUT: join(dir, 'output'),
      GITHUB_STEP_SUMMARY: join(dir, 'summary'),
      ...env,
    },
  });
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  const ended = new Promise<{
    exitCode: number | null;
    stdout: string;
    outputs: Record<string, string>;
    page: string;
  }>((resolve) => {
    child.on('close', (exitCode) =>
      resolve({
        exitCode,
        stdout,
        outputs: outputsOf(readFileSync(join(dir, 'output'), 'utf8')),
        page: readFileSync(join(dir, 'summary'), 'utf8'),
      }),
    );
  });
  const said = async (words: string) => {
    while (!stdout.includes(words)) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  return { child, ended, said };
}

/** Reads `name<<delimiter`, as the runner does. */
function outputsOf(file: string): Record<string, string> {
  return Object.fromEntries(
    [...file.matchAll(/^([^\n<]+)<<(\S+)\n([\s\S]*?)\n\2\n/gm)].map(([, name = '', , value = '']) => [
      name,
      value,
    ]),
  );
}

const annotations = (stdout: string) => stdout.split('\n').filter((line) => line.startsWith('::error::'));

test('a good verdict exits 0, with outputs and summary, and without an annotation', async () => {
  const { exitCode, outputs, page, stdout } = await start(`return ${live};`).ended;
  expect(exitCode).toBe(0);
  expect(outputs).toMatchObject({
    verdict: 'live',
    ok: 'true',
    reason: 'seen',
    summary: 'It is live.',
    extra: 'x',
  });
  expect(JSON.parse(outputs.result ?? '')).toEqual({
    schema: 'sluice.probe.v1',
    verdict: 'live',
    ok: 'true',
    reason: 'seen',
    summary: 'It is live.',
    more: 1,
  });
  expect(page).toBe('**It is live**\n');
  expect(annotations(stdout)).toEqual([]);
});

test('fail-on-verdict makes a good verdict exit 1, with one annotation', async () => {
  const env = { 'INPUT_FAIL-ON-VERDICT': 'live' };
  const { exitCode, outputs, stdout } = await start(`return ${live};`, env).ended;
  expect(exitCode).toBe(1);
  expect(outputs.verdict).toBe('live');
  expect(annotations(stdout)).toEqual(['::error::It is live.%0ADo nothing.']);
});

describe('whatever goes wrong, the outputs are written and the exit code is 1', () => {
  test.each([
    ['a wrong input', `return ${live};`, { INPUT_TIMEOUT: '10' }, 'invalid-input', 'timeout: "10"'],
    [
      'an error that a user can mend',
      `throw new SluiceError('permission', 'permission-denied', 'May not.', { hint: 'Allow it.' });`,
      {},
      'permission-denied',
      'May not.',
    ],
    ['a defect', `null.x;`, {}, 'internal-error', 'Something went wrong'],
    [
      'an error that nobody waits for',
      `setTimeout(() => { throw new Error('late'); }, 10); await new Promise(() => setTimeout(() => {}, 9e4));`,
      {},
      'internal-error',
      'late',
    ],
    [
      'an environment of the wrong form',
      `return ${live};`,
      { GITHUB_API_URL: 'nowhere' },
      'invalid-environment',
      'GITHUB_API_URL',
    ],
  ])('%s', async (_name, body, env, reason, words) => {
    const { exitCode, outputs, page, stdout } = await start(body, env).ended;
    expect(exitCode).toBe(1);
    expect(outputs).toMatchObject({ verdict: 'unknown', ok: 'unknown', reason, extra: '' });
    expect(outputs.summary).toContain(words);
    expect(JSON.parse(outputs.result ?? '')).toMatchObject({
      schema: 'sluice.probe.v1',
      verdict: 'unknown',
      reason,
      error: { code: reason, message: expect.any(String), hint: expect.any(String) },
    });
    expect(page).toMatch(/^\*\*/);
    expect(page).toContain('> [!CAUTION]\n> It is not live.\n');
    expect(annotations(stdout)).toHaveLength(1);
  });

  test('the stack of a defect is for the debug log only', async () => {
    const { stdout } = await start(`throw new Error('boom');`).ended;
    expect(stdout.split('\n').filter((line) => line.includes('    at '))).toEqual([
      expect.stringMatching(/^::debug::Error: boom%0A/),
    ]);
  });
});

describe('what a run has done before an error ends it', () => {
  const done = `world.learn({ outputs: { extra: 'first', other: 'y' }, sentence: 'It was begun.' });
    world.learn({ outputs: { extra: 'x' }, sentence: 'The commit *abc* is on main.' });
    world.learn({ outputs: { id: '7' } });`;

  test('stands in the outputs, the sentence and the page', async () => {
    const body = `${done} throw new SluiceError('platform', 'unreachable', 'Git is away.', { hint: 'Again.' });`;
    const { exitCode, outputs, page, stdout } = await start(body).ended;
    expect(exitCode).toBe(1);
    expect(outputs).toMatchObject({
      verdict: 'unknown',
      reason: 'unreachable',
      extra: 'x',
      other: 'y',
      id: '7',
    });
    expect(outputs.summary).toBe('Git is away. The commit *abc* is on main.');
    expect(page).toBe(
      '**probe: Git is away.**\n\n> [!CAUTION]\n> It is not live.\n\nThe commit \\*abc\\* is on main.\n\nAgain.\n\n',
    );
    expect(annotations(stdout)).toEqual(['::error::Git is away. The commit *abc* is on main.%0AAgain.']);
  });

  test('stands there too when the runner cancels a run that does not stop', async () => {
    const { child, ended, said } = start(
      `${done} world.log.info('deaf'); await new Promise((resolve) => setTimeout(resolve, 60_000));`,
    );
    await said('deaf');
    child.kill('SIGTERM');
    const { outputs } = await ended;
    expect(outputs).toMatchObject({ reason: 'cancelled', extra: 'x', id: '7' });
    expect(outputs.summary).toMatch(/ The commit \*abc\* is on main\.$/);
  });

  test('is not put over the outcome of a run that ends by itself', async () => {
    const { outputs } = await start(`world.learn({ outputs: { extra: 'early' } }); return ${live};`).ended;
    expect(outputs.extra).toBe('x');
  });
});

describe('cancelled by the runner', () => {
  test.each([
    'SIGINT',
    'SIGTERM',
  ] as const)('%s: a run that stops may still tell what it saw', async (signal) => {
    const { child, ended, said } = start(`
      world.log.info('waiting');
      await world.clock.sleep(60_000, world.signal).catch(() => {});
      return ${live};`);
    await said('waiting');
    child.kill(signal);
    const { exitCode, outputs } = await ended;
    expect(exitCode).toBe(0);
    expect(outputs.verdict).toBe('live');
  });

  test('a run that gives up: unknown, cancelled', async () => {
    const { child, ended, said } = start(
      `world.log.info('waiting'); await world.clock.sleep(60_000, world.signal);`,
    );
    await said('waiting');
    child.kill('SIGINT');
    const { exitCode, outputs } = await ended;
    expect(exitCode).toBe(1);
    expect(outputs).toMatchObject({ verdict: 'unknown', ok: 'unknown', reason: 'cancelled' });
  });

  test('a run whose connection breaks because of it says cancelled, not unreachable', async () => {
    const { child, ended, said } = start(`
      world.log.info('waiting');
      await world.clock.sleep(60_000, world.signal).catch(() => {
        throw new SluiceError('platform', 'unreachable', 'The server could not be reached.');
      });`);
    await said('waiting');
    child.kill('SIGINT');
    expect((await ended).outputs.reason).toBe('cancelled');
  });

  test('a run that knows more of it than that says it itself', async () => {
    const { child, ended, said } = start(`
      world.log.info('waiting');
      await world.clock.sleep(60_000, world.signal).catch(() => {
        throw new SluiceError('platform', 'cancelled', 'Cancelled: nothing was changed.');
      });`);
    await said('waiting');
    child.kill('SIGINT');
    expect((await ended).outputs).toMatchObject({
      reason: 'cancelled',
      summary: 'Cancelled: nothing was changed.',
    });
  });

  test('a run that does not stop is ended within three seconds, outputs written', async () => {
    const { child, ended, said } = start(
      `world.log.info('deaf'); await new Promise((resolve) => setTimeout(resolve, 60_000));`,
    );
    await said('deaf');
    const sent = Date.now();
    child.kill('SIGINT');
    const { exitCode, outputs } = await ended;
    expect(exitCode).toBe(1);
    expect(outputs.reason).toBe('cancelled');
    expect(Date.now() - sent).toBeLessThan(3000);
  });
});

describe('a secret', () => {
  const hidden = 'ghs_very_secret_value';

  test('is masked before anything else is said, and stands in no output, page or line', async () => {
    const body = `
      world.log.info('using ' + inputs.token);
      world.log.mask?.('minted_secret');
      return { ...${live}, summary: 'with ' + inputs.token, page: inputs.token + ' minted_secret',
        result: { schema: 'sluice.probe.v1', deep: [inputs.token] }, outputs: { extra: 'minted_secret' } };`;
    const { stdout, outputs, page } = await start(body, { INPUT_TOKEN: hidden }).ended;
    expect(stdout.split('\n')[0]).toBe(`::add-mask::${hidden}`);
    expect(stdout.replaceAll(`::add-mask::${hidden}`, '')).not.toContain(hidden);
    expect(JSON.stringify(outputs) + page).not.toMatch(/ghs_very|minted_secret/);
    expect(outputs.summary).toBe('with ***');
  });

  test('is masked also when an input is wrong', async () => {
    const { stdout } = await start('', { INPUT_TOKEN: hidden, INPUT_TIMEOUT: '1' }).ended;
    expect(stdout.split('\n')[0]).toBe(`::add-mask::${hidden}`);
  });
});

test('nothing that a file says becomes a workflow command or another output', async () => {
  const hostile = 'x\\n::set-output name=verdict::live\\nghadelimiter_1\\nok<<E\\ntrue\\nE';
  const body = `
    world.log.info('${hostile}');
    throw new SluiceError('input', 'bad', '${hostile}', { hint: '${hostile}' });`;
  const { stdout, outputs } = await start(body).ended;
  expect(stdout.split('\n').filter((line) => line.startsWith('::'))).toHaveLength(1);
  expect(stdout).toContain('\n: :set-output');
  expect(outputs).toMatchObject({ verdict: 'unknown', ok: 'unknown' });
});

test('outputs that cannot be written fail the step', async () => {
  const { exitCode, stdout } = await start(`return ${live};`, { GITHUB_OUTPUT: '/nonexistent/file' }).ended;
  expect(exitCode).toBe(1);
  expect(annotations(stdout)).toEqual([expect.stringContaining('The outputs could not be written')]);
});

test('a page above 1 MiB is shortened, and a result too large for a job keeps its head', async () => {
  const body = `return { ...${live}, page: 'x\\n'.repeat(1e6), result: { schema: 'sluice.probe.v1', all: 'y'.repeat(5e5) } };`;
  const { page, outputs } = await start(body).ended;
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(1024 * 1024);
  expect(JSON.parse(outputs.result ?? '')).toMatchObject({ verdict: 'live', shortened: true });
});

test('a connection that stays open does not hold the process', async () => {
  const { exitCode } = await start(`setInterval(() => {}, 1000); return ${live};`).ended;
  expect(exitCode).toBe(0);
});
