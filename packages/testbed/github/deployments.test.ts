import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GitHubStandIn, startGitHub } from './start.ts';
import { type TestClient, testClient } from './test-client.ts';

let github: GitHubStandIn;
let client: TestClient;
const deployments = '/repos/acme/app/deployments';

beforeAll(async () => {
  github = await startGitHub();
  await github.createRepository('acme/app', { 'README.md': '# App\n' });
  client = testClient(github, github.githubToken('acme/app', { deployments: 'write' }));
});
afterAll(async () => {
  github.expectNoViolations();
  await github.close();
});

const create = async (environment: string, task: string, more: object = {}): Promise<string> => {
  const body = { ref: 'main', environment, task, auto_merge: false, required_contexts: [], ...more };
  const made = await client.rest('POST', deployments, body);
  expect(made.status).toBe(201);
  return `${deployments}/${Object(made.body).id}`;
};
const report = (deployment: string, state: string, more: object = {}) =>
  client.rest('POST', `${deployment}/statuses`, { state, ...more });
const states = async (deployment: string): Promise<string[]> => {
  const { body } = await client.rest('GET', `${deployment}/statuses`);
  return Array.isArray(body) ? body.map((one) => one.state) : [];
};

test('a success retires the earlier successes of the same environment, whatever their task', async () => {
  const payments = await create('staging', 'deploy:payments');
  const running = await create('staging', 'deploy:accounts');
  const elsewhere = await create('development', 'deploy:payments');
  for (const one of [payments, elsewhere]) await report(one, 'success', { auto_inactive: false });
  await report(running, 'in_progress');
  const orders = await create('staging', 'deploy:orders');
  await report(orders, 'success');
  expect(await states(payments)).toEqual(['inactive', 'success']);
  expect(await states(running)).toEqual(['in_progress']);
  expect(await states(elsewhere)).toEqual(['success']);
});

test('with auto_inactive: false, and in production, nothing is retired', async () => {
  for (const [environment, more] of [
    ['qa', { auto_inactive: false }],
    ['production', {}],
  ] as const) {
    const first = await create(environment, 'deploy:payments');
    await report(first, 'success', more);
    await report(await create(environment, 'deploy:payments'), 'success', more);
    expect(await states(first)).toEqual(['success']);
  }
});

test('deployments are found by environment, task and ref, newest first', async () => {
  const old = await create('prod eu', 'deploy:a');
  const young = await create('prod eu', 'deploy:a', { payload: { project: 'a' }, description: 'A' });
  await create('prod eu', 'deploy:b');
  const { body } = await client.rest('GET', `${deployments}?environment=prod%20eu&task=deploy%3Aa&ref=main`);
  const found = Array.isArray(body) ? body.map((one) => `${deployments}/${one.id}`) : [];
  expect(found).toEqual([young, old]);
  expect((await client.rest('GET', young)).body).toMatchObject({
    payload: { project: 'a' },
    description: 'A',
    creator: { login: 'github-actions[bot]', type: 'Bot' },
    production_environment: false,
  });
});
