import { expect, describe as group, it } from 'vitest';
import { givenToken } from './authorization.ts';
import type { Client, Reply } from './client.ts';
import { classifySync, syncBody } from './sync-call.ts';

const application = { name: 'web', namespace: 'argocd', project: 'shop' };
const marker = { name: 'sluice-run', value: 'acme/app/1/1' };

/** A client that knows only what the token may do. */
const clientWith = (canI: 'yes' | 'no'): Client => ({
  server: 'https://argocd.example',
  login: givenToken,
  get: async (): Promise<Reply> => ({ ok: true, body: { value: canI }, date: undefined }),
  post: () => Promise.reject(new Error('not asked')),
  open: () => Promise.reject(new Error('not asked')),
  within: () => clientWith(canI),
});

group('what a refusal of a sync means', () => {
  it.each([
    [400, 9, 'another operation is already in progress', 'no', 'busy'],
    [403, 7, 'cannot sync: blocked by sync window', 'yes', 'window'],
    [
      403,
      7,
      'permission denied: applications, sync, shop/web, sub: reader, iat: 2026-11-21T02:26:10Z',
      'yes',
      'forbidden',
    ],
    [403, 7, 'permission denied', 'no', 'forbidden'],
    [403, 7, 'permission denied', 'yes', 'transient'],
    [
      400,
      9,
      'error resolving repo revision: rpc error: code = Unavailable desc = connection error',
      'no',
      'transient',
    ],
    [400, 9, 'Cannot sync to 892b5b8: auto-sync currently set to main', 'no', 'unpinned'],
    [
      403,
      7,
      'permission denied: applications, override, shop/web, sub: ci, iat: 2026-11-21',
      'yes',
      'unpinned',
    ],
    [
      400,
      9,
      "error resolving repo revision: rpc error: code = Unknown desc = unable to resolve 'nope' to a commit SHA",
      'no',
      'refused',
    ],
    [409, 10, 'the object has been modified', 'no', 'transient'],
    [503, 14, 'unavailable', 'no', 'transient'],
    [404, 5, 'applications.argoproj.io "web" not found', 'no', 'refused'],
  ] as const)('%i, code %i, "%s" where can-i says %s: %s', async (status, code, message, canI, result) => {
    const answer = await classifySync(clientWith(canI), application, { ok: false, status, code, message });
    expect(answer.result).toBe(result);
  });

  it('names the permission that is missing', async () => {
    const message = 'permission denied: applications, sync, shop/web, sub: reader';
    const answer = await classifySync(clientWith('no'), application, {
      ok: false,
      status: 403,
      code: 7,
      message,
    });
    expect(answer).toMatchObject({ message: expect.stringContaining('`applications, sync, shop/web`') });
  });
});

group('the body of a sync', () => {
  it('has the revision, for several sources with its position as a number from 1', () => {
    const more = { name: 'web', project: 'shop', appNamespace: 'argocd', prune: false, infos: [marker] };
    expect(syncBody(application, { marker, prune: false })).toEqual(more);
    expect(syncBody(application, { marker, prune: false, revision: 'abc' })).toEqual({
      ...more,
      revision: 'abc',
    });
    expect(syncBody(application, { marker, prune: false, revision: 'abc', sourceIndex: 1 })).toEqual({
      ...more,
      revisions: ['abc'],
      sourcePositions: [2],
    });
  });
});
