import { client, serve } from '@sluice/core/fixtures/github-server';
import { describe, expect, it } from 'vitest';
import { findPull } from './pull-request-api.ts';

const ends = { repository: 'acme/gitops', base: 'main', branch: 'sluice/shop/production' };

/** As GitHub lists it; `from`: the repository of its branch, null where that was deleted. */
const pull = (number: number, from: number | null) => ({
  ...{ number, html_url: `https://github.example/acme/gitops/pull/${number}` },
  head: { sha: String(number).repeat(40), repo: from === null ? null : { id: from } },
  base: { ref: 'main', repo: { id: 1 } },
});

describe('findPull', () => {
  it.each([
    ['the newest of the repository', [pull(3, 1), pull(2, 1)], 3],
    ['none of a fork of the same owner', [pull(4, 2), pull(3, 1)], 3],
    ['none of a fork that was deleted', [pull(4, null)], undefined],
  ])('takes %s', async (_, listed, number) => {
    const server = await serve(() => ({ body: listed }));
    expect((await findPull(client(server.url), ends, 'open'))?.number).toBe(number);
    expect(server.requests.map(({ path }) => decodeURIComponent(path))).toEqual([
      expect.stringContaining('base=main&head=acme:sluice/shop/production'),
    ]);
  });
});
