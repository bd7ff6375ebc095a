import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type OsvRecord, type OsvStandIn, startOsv } from './start.ts';

const modified = '2026-01-02T03:04:05Z';
const affecting = (id: string, name: string, entry: object): OsvRecord => ({
  id,
  modified,
  affected: [{ package: { ecosystem: 'Go', name }, ...entry }],
});
const semver = (...events: Readonly<Record<string, string>>[]) => ({ ranges: [{ type: 'SEMVER', events }] });

const records: readonly OsvRecord[] = [
  affecting('GO-1', 'a', semver({ introduced: '0' }, { fixed: '1.4.0' })),
  affecting('GO-2', 'a', semver({ introduced: '1.2.0' }, { last_affected: '1.3.0' })),
  affecting('GO-3', 'a', { versions: ['2.0.0-odd'] }),
  { ...affecting('GO-4', 'a', semver({ introduced: '0' })), withdrawn: modified },
];

let osv: OsvStandIn;
beforeEach(async () => {
  osv = await startOsv({ records, pages: { query: 1 } });
});
afterEach(() => osv.close());

async function ask(body: unknown, headers = { 'content-type': 'application/json' }) {
  const answer = await fetch(`${osv.url}/v1/querybatch`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

const query = (version: string, more: object = {}) => ({
  package: { ecosystem: 'Go', name: 'a' },
  version,
  ...more,
});

test('answers in the order of the queries, an empty object for no hit, and on pages', async () => {
  const { body } = await ask({ queries: [query('1.4.0'), query('v1.3.0'), query('2.0.0-odd')] });
  expect(body).toEqual({
    results: [
      {},
      { vulns: [{ id: 'GO-1', modified }], next_page_token: expect.any(String) },
      { vulns: [{ id: 'GO-3', modified }] },
    ],
  });
  const [, token] = /"next_page_token":"([^"]+)"/.exec(JSON.stringify(body)) ?? [];
  const next = await ask({ queries: [query('v1.3.0', { page_token: token })] });
  expect(next.body).toEqual({ results: [{ vulns: [{ id: 'GO-2', modified }] }] });
  osv.expectNoViolations();
});

describe('refuses, and records', () => {
  const npm = { ecosystem: 'npm', name: 'qs' };
  test.each<[string, unknown, RegExp]>([
    ['no list of queries', { queries: {} }, /queries/],
    ['no object', [], /no object/],
    ['a field that no batch has', { queries: [], page_token: 'x' }, /Cannot find field/],
    ['a field that no query has', { queries: [query('1', { ecosystem: 'Go' })] }, /Cannot find field/],
    [
      'a field that no package has',
      { queries: [{ package: { ...npm, version: '1' } }] },
      /Cannot find field/,
    ],
    ['a version that is a number', { queries: [{ package: npm, version: 1 }] }, /invalid value/],
    ['a version and a commit', { queries: [query('1', { commit: 'ab' })] }, /oneof/],
    ['an ecosystem that OSV does not have', { queries: [{ package: { ...npm, ecosystem: 'NPM' } }] }, /eco/],
    ['no name', { queries: [{ package: { ecosystem: 'npm' }, version: '1' }] }, /Invalid query/],
    [
      'a purl beside a name',
      { queries: [{ package: { purl: 'pkg:npm/qs@1', name: 'qs' } }] },
      /name specified/,
    ],
    ['a version twice', { queries: [{ package: { purl: 'pkg:npm/qs@1' }, version: '1' }] }, /in params and/],
    ['a purl that is none', { queries: [{ package: { purl: 'npm/qs' } }] }, /Invalid Package URL/],
    ["another query's page", { queries: [query('1.0.0', { page_token: 'WzFd' })] }, /page token at index: 0/],
    ['more than 1,000 queries', { queries: Array(1001).fill(query('1.4.0')) }, /Too many queries/],
  ])('%s', async (_, body, message) => {
    expect(await ask(body)).toEqual({
      status: 400,
      body: { code: 3, message: expect.stringMatching(message), details: [] },
    });
    expect(() => osv.expectNoViolations()).toThrow(message);
  });

  test('a body of another type, another address, an id that is not there', async () => {
    expect((await ask({ queries: [] }, { 'content-type': 'text/plain' })).status).toBe(400);
    expect((await fetch(`${osv.url}/v1/queries`)).status).toBe(404);
    expect((await fetch(`${osv.url}/v1/vulns/GO-9`)).status).toBe(404);
    expect(osv.violations).toHaveLength(3);
  });
});

test('takes purls, and knows nothing of those of other kinds', async () => {
  const purls = ['pkg:golang/a@1.0.0', 'pkg:generic/a@1.0.0'].map((purl) => ({ package: { purl } }));
  const { body } = await ask({ queries: purls });
  expect(body).toEqual({
    results: [expect.objectContaining({ vulns: [{ id: 'GO-1', modified }] }), {}],
  });
});

test('gives a record whole', async () => {
  const answer = await fetch(`${osv.url}/v1/vulns/GO-3`);
  expect(await answer.json()).toEqual(records[2]);
});
