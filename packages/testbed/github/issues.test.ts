import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GitHubStandIn, startGitHub } from './start.ts';
import { type TestClient, testClient } from './test-client.ts';

const repo = '/repos/acme/app';
let github: GitHubStandIn;
let client: TestClient;

beforeAll(async () => {
  github = await startGitHub();
  await github.createRepository('acme/app', { 'a.txt': 'a\n' });
  await github.commitFiles('acme/app', 'topic', { 'a.txt': 'b\n' });
  client = testClient(github, github.createToken({ actor: 'sluice[bot]' }));
});
afterAll(() => github.close());

test('an issue is found by its labels, whatever their case, and pull requests are among the issues', async () => {
  await client.rest('POST', `${repo}/pulls`, { title: 'T', head: 'topic', base: 'main' });
  await client.rest('POST', `${repo}/issues/1/labels`, { labels: ['Security'] });
  await client.rest('POST', `${repo}/issues`, { title: 'One', labels: ['security', 'other'] });
  await client.rest('POST', `${repo}/issues`, { title: 'Two', labels: ['other'] });
  const { body } = await client.rest('GET', `${repo}/issues?labels=security&direction=asc`);
  expect(body).toMatchObject([
    { number: 1, pull_request: { merged_at: null } },
    { number: 2, title: 'One', user: { login: 'sluice[bot]' } },
  ]);
  expect(await client.rest('GET', `${repo}/issues?labels=security,other`)).toMatchObject({
    body: [{ number: 2 }],
  });
  github.expectNoViolations();
});

test('an issue is closed with its reason, leaves the list, and is opened again', async () => {
  const closed = await client.rest('PATCH', `${repo}/issues/2`, {
    state: 'closed',
    state_reason: 'not_planned',
  });
  expect(closed.body).toMatchObject({ state: 'closed', state_reason: 'not_planned' });
  expect((await client.rest('GET', `${repo}/issues?labels=security`)).body).toMatchObject([{ number: 1 }]);
  const opened = await client.rest('PATCH', `${repo}/issues/2`, { state: 'open' });
  expect(opened.body).toMatchObject({ state: 'open', state_reason: 'reopened', closed_at: null });
});

test('who may only read issues writes none', async () => {
  const reader = testClient(github, github.githubToken('acme/app', { issues: 'read' }));
  expect((await reader.rest('GET', `${repo}/issues`)).status).toBe(200);
  expect((await reader.rest('POST', `${repo}/issues`, { title: 'T' })).status).toBe(403);
});

test('the labels of somebody without push access are lost without a word', async () => {
  github.repository('acme/app').dropsLabels = true;
  const { body } = await client.rest('POST', `${repo}/issues`, { title: 'T', labels: ['security'] });
  expect(body).toMatchObject({ labels: [] });
});

test('a file of a release is handed out elsewhere, and a token sent there is recorded', async () => {
  const assets = [{ id: 5, name: 'sbom.json', content: Buffer.from('{"a":1}') }];
  github.repository('acme/app').releases.push({ id: 4, tag: 'v1', assets });
  const { body } = await client.rest('GET', `${repo}/releases/tags/v1`);
  expect(body).toMatchObject({ assets: [{ id: 5, name: 'sbom.json', size: 7 }] });
  const headers = {
    authorization: `Bearer ${github.createToken()}`,
    accept: 'application/octet-stream',
  };
  const url = `${github.apiUrl}${repo}/releases/assets/5`;
  const answer = await fetch(url, { headers, redirect: 'manual' });
  expect(answer.status).toBe(302);
  const location = answer.headers.get('location') ?? '';
  expect(await (await fetch(location)).json()).toEqual({ a: 1 });
  github.expectNoViolations();
  await fetch(location, { headers });
  expect(github.violations.join()).toContain('a token was sent');
});
