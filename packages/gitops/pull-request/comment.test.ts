import { client, serve } from '@sluice/core/fixtures/github-server';
import { describe, expect, it } from 'vitest';
import { type CommentOptions, keepComment } from './comment.ts';

const place = { repository: 'acme/app', number: 7, key: 'preview' };
const mark = '<!-- sluice:preview -->';

/** Keeps the text `new` among these comments; what was asked, without the reading. */
async function keep(viewer: string, comments: readonly object[]): Promise<readonly string[]> {
  const server = await serve(({ method, path }) => {
    if (path.endsWith('/graphql')) return { body: { data: { viewer: { login: viewer } } } };
    return method === 'GET' ? { body: comments } : { status: 201, body: {} };
  });
  await keepComment(client(server.url), place, 'new');
  return server.requests
    .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/graphql'))
    .map(({ method, path, body }) => `${method} ${path.split('/').slice(-2).join('/')} ${body}`);
}

const comment = (id: number, login: string, body: string, type = 'User') => ({
  id,
  body,
  user: { login, type },
});
const made = `POST 7/comments {"body":"${mark}\\nnew"}`;
const changed = (id: number) => `PATCH comments/${id} {"body":"${mark}\\nnew"}`;

it.each([
  ['is made where there is none', 'bot', [], [made]],
  ['is made beside one without our mark', 'bot', [comment(1, 'bot', 'hello')], [made]],
  ['is made beside one that only quotes our mark', 'bot', [comment(1, 'bot', `> ${mark}\nold`)], [made]],
  ['is written anew', 'bot', [comment(1, 'ann', 'hi'), comment(2, 'bot', `${mark}\nold`)], [changed(2)]],
  [
    'stays where it says the same, whatever its line ends',
    'bot',
    [comment(1, 'bot', `${mark}\r\nnew\r\n`)],
    [],
  ],
  ['is never taken from somebody else', 'bot', [comment(1, 'mallory', `${mark}\nold`)], [made]],
  ['is known by the name of a bot', 'app', [comment(1, 'app[bot]', `${mark}\nold`, 'Bot')], [changed(1)]],
  [
    'is not taken from a person who goes by that name',
    'app',
    [comment(1, 'app[bot]', `${mark}\nold`)],
    [made],
  ],
  [
    'is not taken from an account that was deleted',
    'bot',
    [{ id: 1, body: `${mark}\nold`, user: null }],
    [made],
  ],
])('our comment %s', async (_, viewer, comments, expected) => {
  expect(await keep(viewer, comments)).toEqual(expected);
});

describe('with options', () => {
  async function kept(comments: readonly object[], options: CommentOptions, status = 204) {
    let posted = false;
    const server = await serve(({ method, path }) => {
      if (path.endsWith('/graphql')) return { body: { data: { viewer: { login: 'bot' } } } };
      if (method === 'DELETE') return { status, body: status === 204 ? undefined : { message: 'Not Found' } };
      if (method === 'POST') posted = true;
      const own = posted ? [comment(9, 'bot', `${mark}\nnew`)] : [];
      return method === 'GET' ? { body: [...comments, ...own] } : { status: 201, body: {} };
    });
    await keepComment(client(server.url), place, 'new', options);
    return server.requests
      .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/graphql'))
      .map(({ method, path }) => `${method} ${path.split('/').slice(-2).join('/')}`);
  }
  const ours = (id: number, text = 'old') => comment(id, 'bot', `${mark}\n${text}`);
  const theirs = comment(5, 'mallory', `${mark}\nold`);

  it('none is made where none shall be', async () => {
    expect(await kept([theirs], { creates: false })).toEqual([]);
    expect(await kept([ours(1)], { creates: false })).toEqual(['PATCH comments/1']);
  });

  it('what may not be written over stays', async () => {
    const asked: string[] = [];
    const replaces = (body: string) => {
      asked.push(body);
      return false;
    };
    expect(await kept([ours(1)], { replaces })).toEqual([]);
    expect(asked).toEqual([`${mark}\nold`]);
  });

  it('of several of ours the first stays, and nobody else loses one', async () => {
    const all = [ours(1), theirs, ours(3), ours(4)];
    expect(await kept(all, { isOnly: true })).toEqual([
      'PATCH comments/1',
      'DELETE comments/3',
      'DELETE comments/4',
    ]);
    expect(await kept(all, {})).toEqual(['PATCH comments/1']);
  });

  it('that somebody else has deleted it meanwhile is no error', async () => {
    expect(await kept([ours(1, 'new'), ours(3)], { isOnly: true }, 404)).toEqual(['DELETE comments/3']);
  });
});
