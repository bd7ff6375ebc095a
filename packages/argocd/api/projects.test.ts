import { SluiceError } from '@sluice/core/errors';
import { describe, expect, it } from 'vitest';
import { givenToken } from './authorization.ts';
import type { Client, Reply } from './client.ts';
import { projects } from './projects.ts';

const refused = (status: number): Reply => ({ ok: false, status, code: undefined, message: 'no' });
const told = (body: unknown): Reply => ({
  ok: true,
  body: JSON.parse(JSON.stringify(body)),
  date: undefined,
});

/** A client whose server answers these paths, and nothing else. */
function clientOf(answers: Readonly<Record<string, Reply | SluiceError>>): Client {
  const client: Client = {
    server: 'https://argocd.example',
    login: givenToken,
    get: async (path) => {
      const answer = answers[path.replace('/api/v1/', '')] ?? refused(404);
      if (answer instanceof SluiceError) throw answer;
      return answer;
    },
    post: async () => refused(404),
    open: async () => ({ ok: false, status: 404, code: undefined, message: 'no' }),
    within: () => client,
  };
  return client;
}

const listed = told({ items: [{ metadata: { name: 'shop' } }, { metadata: { name: 'team' } }] });
const asUser = (username: string) => told({ loggedIn: true, username });

describe('the projects that a token sees', () => {
  it.each<[string, Readonly<Record<string, Reply | SluiceError>>, object]>([
    [
      'all of them, where it may read every project',
      {
        projects: listed,
        'session/userinfo': asUser('ci'),
        'account/can-i/projects/get/*': told({ value: 'yes' }),
      },
      { names: ['shop', 'team'], isComplete: true },
    ],
    [
      'perhaps not all, where it may read only some',
      {
        projects: listed,
        'session/userinfo': asUser('ci'),
        'account/can-i/projects/get/*': told({ value: 'no' }),
      },
      { names: ['shop', 'team'], isComplete: false },
    ],
    [
      "its own, for the token of a project's role",
      { projects: told({ items: null }), 'session/userinfo': asUser('proj:shop:deployer') },
      { names: ['shop'], isComplete: true },
    ],
    ['none, where the server refuses', { projects: refused(403) }, { names: [], isComplete: false }],
    ['none, where the server does not know them', {}, { names: [], isComplete: false }],
  ])('%s', async (_, answers, wanted) => expect(await projects(clientOf(answers))).toEqual(wanted));

  it.each([
    500, 503, 429,
  ])('an outage (%d) is no answer: fewer would be found than there are', async (status) => {
    const asked = projects(clientOf({ projects: refused(status) }));
    await expect(asked).rejects.toMatchObject({ kind: 'platform', code: 'argocd-unavailable' });
  });
});
