import { client, serve } from '@sluice/core/fixtures/github-server';
import { expect, it } from 'vitest';
import { keepComment } from './comment.ts';

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
