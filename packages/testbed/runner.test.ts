import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jobEnvironment, runBundle } from './runner.ts';

let action: string;

const contract = `
name: Example
inputs:
  token: { description: t, default: '\${{ github.token }}' }
  repository: { description: r, default: '\${{ github.repository }}' }
  some name: { description: s }
  dry-run: { description: d, default: false }
runs: { using: node24, main: dist/main.mjs }
`;

const source = `
import { appendFileSync } from 'node:fs';
const { env } = process;
appendFileSync(env.GITHUB_OUTPUT, 'verdict=live\\nresult<<EOF_1\\n{\\n"a": "b=c<<d"\\n}\\nEOF_1\\nempty=\\n');
appendFileSync(env.GITHUB_STEP_SUMMARY, '# Live\\n');
appendFileSync(env.GITHUB_ENV, 'EXPORTED=1\\n');
appendFileSync(env.GITHUB_STATE, 'phase=main\\n');
console.log('::add-mask::s3cret');
console.log('::warning title=Late%3A,file=a.yaml::it took%0A100%25');
console.log('::stop-commands::x');
console.log('::error::not a command');
console.log('::x::');
console.log(JSON.stringify({ env, cwd: process.cwd() }));
if (env.INPUT_SOME_NAME === 'wait') {
  process.on('SIGINT', () => { console.log('cancelled'); process.exit(1); });
  console.log('waiting');
  if (env.READY !== undefined) await fetch(env.READY);
  setInterval(() => {}, 1000);
} else if (env.INPUT_SOME_NAME === 'fail') process.exit(3);
`;

beforeAll(() => {
  action = mkdtempSync(join(tmpdir(), 'action-'));
  mkdirSync(join(action, 'dist'));
  writeFileSync(join(action, 'action.yml'), contract);
  writeFileSync(join(action, 'dist', 'main.mjs'), source);
});
afterAll(() => rmSync(action, { recursive: true, force: true }));

const seen = (stdout: string): { env: Record<string, string>; cwd: string } =>
  JSON.parse(stdout.split('\n').find((line) => line.startsWith('{"env"')) ?? '{}');

test('inputs come from the workflow, then from the defaults of action.yml, as the runner names them', async () => {
  process.env.SLUICE_LEAK = 'leaked';
  const { stdout } = await runBundle({ action, token: 'ghs_1', inputs: { 'some name': 'x' } });
  delete process.env.SLUICE_LEAK;
  const { env } = seen(stdout);
  expect(env).toMatchObject({
    INPUT_TOKEN: 'ghs_1',
    INPUT_REPOSITORY: 'acme/app',
    INPUT_SOME_NAME: 'x',
    'INPUT_DRY-RUN': 'false',
    GITHUB_ACTIONS: 'true',
  });
  expect(env).not.toHaveProperty('SLUICE_LEAK');
  expect(env.HOME).not.toBe(process.env.HOME);
});

test('outputs, summary, state, annotations and masks are read as the runner reads them', async () => {
  const run = await runBundle({ action });
  expect(run).toMatchObject({
    exitCode: 0,
    signal: null,
    outputs: { verdict: 'live', result: '{\n"a": "b=c<<d"\n}', empty: '' },
    summary: '# Live\n',
    exported: { EXPORTED: '1' },
    state: { phase: 'main' },
    masks: ['s3cret'],
    annotations: [
      { level: 'warning', message: 'it took\n100%', properties: { title: 'Late:', file: 'a.yaml' } },
    ],
  });
  expect(run.ms).toBeGreaterThan(0);
});

test('an input that action.yml does not have is an error of the test', async () => {
  await expect(runBundle({ action, inputs: { tokken: 'x' } })).rejects.toThrow('no input tokken');
});

test('a non-zero exit is a result', async () => {
  expect((await runBundle({ action, inputs: { 'some name': 'fail' } })).exitCode).toBe(3);
});

/** A server whose promise settles when it is asked: by then the process has installed its handlers. */
async function readiness(): Promise<{ url: string; ready: Promise<void>; close: () => void }> {
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const server = createServer((_, response) => {
    response.end();
    resolve();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}`, ready, close: () => server.close() };
}

test.each([
  ['SIGINT', { exitCode: 1, signal: null, stdout: expect.stringMatching(/cancelled/) }],
  ['SIGKILL', { exitCode: null, signal: 'SIGKILL' }],
] as const)('a run is cancelled by %s when an event comes', async (signal, end) => {
  const { url, ready, close } = await readiness();
  const options = { action, inputs: { 'some name': 'wait' }, env: { READY: url } };
  expect(await runBundle({ ...options, kill: { signal, after: ready } })).toMatchObject(end);
  close();
});

test('a run that does not end is an error with its log', async () => {
  const endless = runBundle({ action, inputs: { 'some name': 'wait' }, timeout: 3000 });
  await expect(endless).rejects.toThrow(/did not end within 3000 ms.*waiting/s);
});

test('the process starts in the workspace and sees where GitHub is', async () => {
  const github = {
    url: 'http://127.0.0.1:1',
    apiUrl: 'http://127.0.0.1:1/api/v3',
    graphqlUrl: 'http://127.0.0.1:1/api/graphql',
  };
  const env = jobEnvironment(github, 'acme/shop', { GITHUB_RUN_ID: '7' });
  const found = seen((await runBundle({ action, env, workspace: action })).stdout);
  expect(found.cwd).toBe(action);
  expect(found.env).toMatchObject({
    GITHUB_API_URL: github.apiUrl,
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_REPOSITORY_OWNER: 'acme',
    GITHUB_RUN_ID: '7',
    INPUT_REPOSITORY: 'acme/shop',
  });
});

test('an output `result` that is not as docs/schema says is an error', async () => {
  const other = mkdtempSync(join(tmpdir(), 'action-'));
  mkdirSync(join(other, 'dist'));
  writeFileSync(join(other, 'action.yml'), `${contract}\noutputs: { result: { description: r } }\n`);
  writeFileSync(join(other, 'dist', 'main.mjs'), source);
  await expect(runBundle({ action: other })).rejects.toThrow('docs/schema has no schema undefined');
  rmSync(other, { recursive: true, force: true });
});
