import type { GitHub } from '@sluice/core/github';
import { expect, test } from 'vitest';
import { standingOf } from './standing.ts';
import { traceDeployments } from './traced-deployments.ts';

const payload = (more: object = {}, run: object = {}) => ({
  ...{ schema: 'sluice.deployment.v1', project: 'shop', environment: 'qa', tenant: null, partial: false },
  change: { repository: 'acme/gitops', branch: 'main', files: [] },
  run: { id: 1, repository: 'acme/app', ...run },
  ...more,
});
const status = (id: string, state: string, createdAt = '2026-11-20T10:00:00Z') => ({
  ...{ id, state, createdAt, description: '' },
});

function node(given: object, of: object = payload()): object {
  return { databaseId: 5, payload: JSON.stringify(of), createdAt: '2026-11-20T10:00:00Z', ...given };
}

/** A GitHub that gives these pages, one after the other. */
function answering(...pages: readonly (readonly object[])[]) {
  let asked = 0;
  const refuse = () => Promise.reject(new Error('only Deployments are asked for'));
  const github: GitHub = {
    request: refuse,
    token: refuse,
    async graphql(_query, _variables, parse) {
      const nodes = pages[asked] ?? [];
      asked += 1;
      const pageInfo = { hasNextPage: asked < pages.length, endCursor: String(asked) };
      return parse({ repository: { deployments: { pageInfo, nodes } } });
    },
  };
  const repository = { github, owner: 'acme', repo: 'app' };
  const read = (since = 0) => traceDeployments(repository, since);
  return { read, repository, asked: () => asked };
}

const [queued, begun] = [status('a', 'QUEUED'), status('b', 'IN_PROGRESS')];
const taken = { ...status('c', 'INACTIVE'), description: 'Superseded by run 9: x.' };
test.each([
  [
    'the newest stands first',
    { latestStatus: { id: 'c' }, statuses: { nodes: [taken, begun, queued] } },
    'begun',
  ],
  [
    'the newest stands last',
    { latestStatus: { id: 'b' }, statuses: { nodes: [queued, taken, begun] } },
    'superseded',
  ],
  [
    'times tell the order',
    { statuses: { nodes: [status('b', 'SUCCESS', '2026-11-20T10:00:01Z'), queued] } },
    'succeeded',
  ],
  ['nothing tells the order', { statuses: { nodes: [queued, taken] } }, 'begun'],
  [
    'there are more than are read',
    { latestStatus: { id: 'a' }, statuses: { totalCount: 2, nodes: [queued] } },
    'begun',
  ],
  ['there is none', { latestStatus: null, statuses: { totalCount: 0, nodes: [] } }, 'queued'],
])('the statuses of a Deployment where %s', async (_, given, standing) => {
  const { deployments } = await answering([node(given)]).read();
  expect(deployments.map(({ statuses }) => standingOf(statuses))).toEqual([standing]);
});

test.each([
  ['of another repository', payload({}, { repository: 'acme/other' })],
  ['that names no run', payload({ run: {} })],
  ['of another action', { schema: 'other', project: 'shop', environment: 'qa' }],
])('a Deployment %s is none of ours', async (_, of) => {
  expect(await answering([node({ statuses: { nodes: [] } }, of)]).read()).toEqual({
    deployments: [],
    since: Number.NEGATIVE_INFINITY,
  });
});

test('an answer without a list is not taken for an empty one', async () => {
  const refuse = () => Promise.reject(new Error('only Deployments are asked for'));
  const graphql: GitHub['graphql'] = async (_query, _variables, parse) => parse({ repository: null });
  const github: GitHub = { request: refuse, token: refuse, graphql };
  await expect(traceDeployments({ github, owner: 'acme', repo: 'app' }, 0)).rejects.toThrow('without a list');
});

test('the names of repositories count whatever their case; a change in several is told', async () => {
  const change = [
    { repository: 'acme/a', branch: 'main' },
    { repository: 'acme/b', branch: 'main' },
  ];
  const { deployments } = await answering([node({}, payload({ change }, { repository: 'Acme/App' }))]).read();
  expect(deployments).toMatchObject([
    { run: 1, several: true, target: { repository: 'acme/a', branch: 'main' } },
  ]);
});

test('pages are read back to the oldest run that is not completed, and a day more', async () => {
  const page = (day: string) => [node({ createdAt: `2026-11-${day}T10:00:00Z` })];
  const pages = ['20', '18', '16', '14'].map(page);
  const all = answering(...pages);
  await all.read();
  expect(all.asked()).toBe(4);
  const some = answering(...pages);
  expect(await some.read(Date.parse('2026-11-18T12:00:00Z'))).toMatchObject({
    since: Date.parse('2026-11-16T10:00:00Z'),
  });
  expect(some.asked()).toBe(3);
});

const many = (createdAt: string) => Array.from({ length: 101 }, () => [node({ createdAt })]);

test('of more than a hundred pages the rest is not read, and it is told back to when all are known', async () => {
  const all = answering(...many('2026-11-20T10:00:00Z'));
  expect(await all.read()).toMatchObject({ since: Date.parse('2026-11-20T10:00:00Z') });
  expect(all.asked()).toBe(100);
  expect(await answering(...many('never')).read()).toMatchObject({ since: Number.POSITIVE_INFINITY });
});
