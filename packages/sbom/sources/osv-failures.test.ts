import type { Clock } from '@sluice/core/clock';
import { silentLog } from '@sluice/core/log';
import { plainFetch } from '@sluice/core/plain-fetch';
import type { HttpFault } from '@sluice/testbed/argocd/http-faults';
import type { Lies } from '@sluice/testbed/osv/start';
import { describe, expect, test } from 'vitest';
import { osvSource } from './osv.ts';

import { failure, found, goPackage, modified, osv, record, stage } from './test-osv.ts';

describe('could not scan', () => {
  const page = { vulns: [{ id: 'GO-1', modified }] };
  test.each<[string, unknown, RegExp]>([
    ['no object', [], /`results` is missing/],
    ['no results', {}, /`results` is missing/],
    ['results that are no list', { results: {} }, /`results` is an object/],
    ['fewer results than packages', { results: [page] }, /1 result for 2 packages/],
    ['more results than packages', { results: [{}, {}, {}] }, /3 results for 2 packages/],
    ['a result that is null', { results: [{}, null] }, /`results\[1\]` is null/],
    ['a result that is a list', { results: [{}, []] }, /`results\[1\]` is a list/],
    ['hits that are no list', { results: [{}, { vulns: { id: 'GO-1' } }] }, /vulns` is an object/],
    ['hits that are null', { results: [{}, { vulns: null }] }, /vulns` is null/],
    [
      'a hit without an id',
      { results: [{}, { vulns: [{ modified }] }] },
      /results\[1\]\.vulns\[0\]\.id` is no id/,
    ],
    ['an id that is a path', { results: [{}, { vulns: [{ id: '../../x' }] }] }, /is no id/],
    ['an id that is dots', { results: [{}, { vulns: [{ id: '..' }] }] }, /is no id/],
    ['a token that is a number', { results: [{}, { next_page_token: 5 }] }, /next_page_token` is a number/],
    ['an error in a good answer', { code: 13, message: 'internal' }, /`results` is missing/],
  ])('where the batch is %s', async (_, answer, message) => {
    const { scan } = await stage({ records: [record('GO-1', 'a')] }, { batch: () => answer });
    await expect(scan(goPackage('a', 'v1.0.0'), goPackage('b', 'v1.0.0'))).rejects.toMatchObject(
      failure('osv-answer', message),
    );
  });

  test('where there are more hits than are kept, before a record is asked for', async () => {
    const vulns = Array.from({ length: 1000 }, (_, at) => ({ id: `GO-${at}`, modified }));
    const packages = Array.from({ length: 201 }, (_, at) => goPackage(`a${at}`, 'v1.0.0'));
    const { scan } = await stage({}, { batch: () => ({ results: packages.map(() => ({ vulns })) }) });
    await expect(scan(...packages)).rejects.toMatchObject(failure('scan-too-large', /more than 200,000/));
  });

  test.each<[string, Lies['record'], RegExp]>([
    ['another one', (it) => ({ ...it, id: 'GO-2' }), /it is the record "GO-2"/],
    ['no object', () => [], /must be an object/],
    ['broken', (it) => ({ ...it, affected: 'a' }), /affected is a text and must be a list/],
  ])('where a record is %s', async (_, lie, message) => {
    const { scan } = await stage({ records: [record('GO-1', 'a')] }, lie ? { record: lie } : {});
    await expect(scan(goPackage('a', 'v1.0.0'))).rejects.toMatchObject(failure('osv-answer', message));
  });

  test('where an id that was named has no record', async () => {
    const { scan } = await stage({ records: [] }, { batch: () => ({ results: [page] }) });
    await expect(scan(goPackage('a', 'v1.0.0'))).rejects.toMatchObject(
      failure('osv-answer', /status is 404/),
    );
  });

  test.each<[string, (round: number) => string, RegExp]>([
    ['turn in a circle', () => 'same', /same page again/],
    ['do not end', String, /pages do not end/],
  ])('where pages %s', async (_, token, message) => {
    let round = 0;
    let first: Awaited<ReturnType<typeof plainFetch>> | undefined;
    await stage({});
    const fetch: typeof plainFetch = async (url, init) => {
      first ??= await plainFetch(url, { ...init, body: '{"queries":[]}' });
      round++;
      return { ...first, json: async () => ({ results: [{ next_page_token: token(round) }] }) };
    };
    const clock = { now: Date.now, sleep: async () => {} };
    const lying = osvSource({ url: osv.url, fetch, clock, log: silentLog });
    await expect(lying([goPackage('a', 'v1.0.0')])).rejects.toMatchObject(failure('osv-answer', message));
  });

  const reply = (status: number, headers: Readonly<Record<string, string>> = {}, body = ''): HttpFault => ({
    ...{ type: 'reply', status, body, headers },
  });
  test.each<[string, HttpFault, string, RegExp]>([
    ['5xx', reply(503), 'osv-unavailable', /answers 503/],
    ['429', reply(429), 'osv-unavailable', /answers 429/],
    ['a wait of an hour', reply(429, { 'Retry-After': '3600' }), 'osv-unavailable', /wait 3600 s/],
    ['cut answers', { type: 'cut', when: 'in-body' }, 'osv-unreachable', /could not be reached/],
    ['cut connections', { type: 'cut', when: 'before-headers' }, 'osv-unreachable', /could not be reached/],
    ['a page of HTML', reply(200, {}, '<html>'), 'osv-answer', /no JSON/],
    ['half of its JSON', reply(200, {}, '{"results":[{'), 'osv-answer', /no JSON/],
    ['a redirect', reply(302, { Location: '/elsewhere' }), 'osv-answer', /status is 302/],
    ['a login', reply(401), 'osv-refused', /status 401/],
  ])('where the API answers with %s, each time', async (_, fault, code, message) => {
    for (const path of ['/v1/querybatch', '/v1/vulns/GO-1']) {
      const { scan } = await stage({ records: [record('GO-1', 'a')] });
      osv.faults.add(path, fault, 99);
      await expect(scan(goPackage('a', 'v1.0.0'))).rejects.toMatchObject(failure(code, message));
      await osv.close();
    }
  });

  test('where the API refuses with words of its own, which are quoted', async () => {
    const { scan } = await stage({});
    osv.faults.add('/v1/querybatch', reply(400, {}, '{"message":"Bad \\u001b[31m::error::"}'));
    await expect(scan(goPackage('a', 'v1.0.0'))).rejects.toMatchObject(
      failure('osv-refused', /"Bad \\u001b\[31m::error::"/),
    );
  });

  test('where nobody listens, without the password of the address', async () => {
    const { pauses } = await stage({});
    await osv.close();
    const clock: Clock = { now: Date.now, sleep: async (ms) => void pauses.push(ms) };
    const url = `http://user:canary@${new URL(osv.url).host}`;
    const error: unknown = await osvSource({ url, fetch: plainFetch, clock, log: silentLog })([
      goPackage('a', 'v1.0.0'),
    ]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject(failure('osv-unreachable', /ECONNREFUSED/));
    expect(String(error)).not.toContain('canary');
    expect(pauses).toEqual([500, 2000, 8000]);
  });

  test('where one record fails, without waiting for the others', async () => {
    const { scan } = await stage(
      { records: [record('GO-1', 'a'), record('GO-2', 'a')] },
      { record: () => [] },
    );
    osv.faults.add('/v1/vulns/GO-1', { type: 'hang' });
    await expect(scan(goPackage('a', 'v1.0.0'))).rejects.toMatchObject(
      failure('osv-answer', /the record GO-2/),
    );
  });

  test('where the run was cancelled: no verdict of this source', async () => {
    await stage({});
    osv.faults.add('/v1/querybatch', { type: 'hang' });
    const cancel = new AbortController();
    const clock = { now: Date.now, sleep: async () => {} };
    const source = osvSource({
      url: osv.url,
      fetch: plainFetch,
      clock,
      log: silentLog,
      signal: cancel.signal,
    });
    const scanning = source([goPackage('a', 'v1.0.0')]);
    setTimeout(() => cancel.abort(new Error('cancelled')), 20);
    await expect(scanning).rejects.toThrow('cancelled');
  });
});

describe('is asked again', () => {
  test.each<[string, HttpFault, readonly number[]]>([
    ['after 503', { type: 'reply', status: 503, body: '' }, [500, 2000]],
    ['after a cut answer', { type: 'cut', when: 'in-body' }, [500, 2000]],
    [
      'when it says so',
      { type: 'reply', status: 429, body: '', headers: { 'Retry-After': '7' } },
      [7000, 7000],
    ],
  ])('%s', async (_, fault, waited) => {
    const { scan, pauses } = await stage({ records: [record('GO-1', 'a')] });
    osv.faults.add('/v1/querybatch', fault, 2);
    expect(found(await scan(goPackage('a', 'v1.0.0')))).toHaveLength(1);
    expect(pauses).toEqual(waited);
  });
});

test('a mirror may lie under a path', async () => {
  await stage({});
  const asked: string[] = [];
  const fetch: typeof plainFetch = (url, init) => {
    asked.push(url);
    return plainFetch(url.replace('/mirror', ''), init);
  };
  const clock = { now: Date.now, sleep: async () => {} };
  const lines: string[] = [];
  const log = { ...silentLog, info: (line: string) => void lines.push(line) };
  await osvSource({ url: `${osv.url}/mirror/`, fetch, clock, log })([goPackage('a', 'v1.0.0')]);
  expect(lines).toEqual([expect.stringMatching(/^Asking the OSV API at \S+ about 1 package$/)]);
  expect(asked).toEqual([`${osv.url}/mirror/v1/querybatch`]);
});
