import { expect, describe as group, it } from 'vitest';
import type { ArgoCDLogin } from '../inputs.ts';
import { loginMethod, methodProblems } from './method.ts';

const one = [{ name: '', url: 'https://argocd.example' }];
const two = [
  { name: 'eu', url: 'https://eu.example' },
  { name: 'us', url: 'https://us.example' },
];
const none = {
  'argocd-token': [],
  'argocd-oidc': false,
  'argocd-oidc-connector': 'github-actions',
  'argocd-username': '',
  'argocd-password': '',
} as const;
const oidc = { 'argocd-oidc': true };
const password = { 'argocd-username': 'ci', 'argocd-password': 'pw' };
const token = (server: string, text = `${server}-token`) => ({ server, token: text });

group('the way to log in to a server is the first of what is given', () => {
  const all = { ...none, ...oidc, ...password, 'argocd-token': [token('', 'any'), token('eu')] };
  it.each([
    ['the token under its name', 'eu', all, { type: 'token', token: 'eu-token' }],
    ['the token without a name', 'us', all, { type: 'token', token: 'any' }],
    ['the identity of the run', 'us', { ...all, 'argocd-token': [token('eu')] }, { type: 'oidc' }],
    ['user and password', 'us', { ...none, ...password }, { type: 'password', username: 'ci' }],
  ])('%s', (_, name, ways, method) => {
    expect(loginMethod({ name, url: '' }, ways)).toMatchObject(method);
  });

  it.each([
    ['nothing', none],
    ['a user without a password', { ...none, 'argocd-username': 'ci' }],
    ['a token for another server', { ...none, 'argocd-token': [token('eu')] }],
  ])('%s is none', (_, ways) => expect(loginMethod({ name: 'us', url: '' }, ways)).toBeUndefined());
});

group('what is wrong is told for all servers at once', () => {
  const wrong: readonly [string, Partial<ArgoCDLogin>, readonly RegExp[]][] = [
    [
      'nothing at all',
      { ...none, 'argocd-server': one },
      [/no way to log in to https:\/\/argocd\.example: give `argocd-token`/],
    ],
    [
      'nothing for either of two',
      { ...none, 'argocd-server': two },
      [/eu\.example: give `eu=…` in `argocd-token`/, /us\.example: give `us=…`/],
    ],
    [
      'a token for one of two',
      { ...none, 'argocd-server': two, 'argocd-token': [token('eu')] },
      [/no way to log in to https:\/\/us\.example/],
    ],
    [
      'a token for a server that is not there',
      { ...none, 'argocd-server': two, 'argocd-token': [token('eu'), token('us'), token('asia')] },
      [/^`argocd-token`: entry 3 is for a server that `argocd-server` does not name; it names eu, us$/],
    ],
    [
      'a name without a token, as of a secret that is not set',
      { ...none, 'argocd-server': two, 'argocd-token': [token('eu'), token('us', '')] },
      [
        /^`argocd-token`: entry 2 names us and holds no token: the secret is empty, or not passed to this job$/,
      ],
    ],
    [
      'what looks like a name, and is of no server',
      { ...none, 'argocd-server': one, 'argocd-token': [token('sup3r', '')] },
      [/^`argocd-token`: entry 1 names a server and holds no token/, /no way to log in/],
    ],
    [
      'a name for the token of the only server',
      { ...none, 'argocd-server': one, 'argocd-token': [token('', 'any'), token('eu')] },
      [/entry 2 .*gives no names: give the token alone/],
    ],
    [
      'two tokens for one server',
      { ...none, 'argocd-server': one, 'argocd-token': [token('', 'a'), token('', 'b')] },
      [/entry 2 is for the same server as entry 1/],
    ],
    [
      'a token without a name that is for nobody',
      { ...none, 'argocd-server': two, 'argocd-token': [token('eu'), token('us'), token('', 'any')] },
      [/the token without a name is for no server/],
    ],
    [
      'a token beside the identity',
      { ...none, ...oidc, 'argocd-server': one, 'argocd-token': [token('', 'any')] },
      [/`argocd-oidc` is never used, as `argocd-token` comes first/],
    ],
    [
      'a token beside user and password',
      { ...none, ...password, 'argocd-server': one, 'argocd-token': [token('', 'any')] },
      [/`argocd-username` is never used, as `argocd-token` comes first/],
    ],
    [
      'the identity beside user and password',
      { ...none, ...oidc, ...password, 'argocd-server': one },
      [/`argocd-username` is never used, as `argocd-oidc` comes first/],
    ],
    [
      'a password without its user',
      { ...none, ...oidc, 'argocd-password': 'pw', 'argocd-server': one },
      [/only one of `argocd-username` and `argocd-password`/],
    ],
    [
      'a user without a password',
      { ...none, 'argocd-username': 'ci', 'argocd-server': one },
      [/only one of `argocd-username` and `argocd-password`/],
    ],
  ];
  it.each(wrong)('%s', (_, inputs, messages) => {
    expect(methodProblems(inputs)).toEqual(messages.map((message) => expect.stringMatching(message)));
  });

  it('no text of a token is repeated, nor what stands before its `=`', () => {
    const tokens = [{ server: 'sup3r', token: 'secret=' }, token('', 'hunter2'), token('', 'hunter3')];
    const told = methodProblems({ ...none, 'argocd-server': one, 'argocd-token': tokens }).join('\n');
    expect(told).not.toMatch(/sup3r|secret=|hunter/);
  });

  it.each([
    ['a token', { ...none, 'argocd-server': one, 'argocd-token': [token('', 'any')] }],
    ['a token for each', { ...none, 'argocd-server': two, 'argocd-token': [token('eu'), token('us')] }],
    [
      'one with its name, one for the others',
      { ...none, 'argocd-server': two, 'argocd-token': [token('eu'), token('', 'x')] },
    ],
    ['the identity', { ...none, ...oidc, 'argocd-server': two }],
    [
      'a token for one, the identity for the other',
      { ...none, ...oidc, 'argocd-server': two, 'argocd-token': [token('eu')] },
    ],
    ['user and password', { ...none, ...password, 'argocd-server': one }],
    ['inputs that were wrong by themselves', { 'argocd-server': one }],
    ['a server that was wrong by itself', none],
  ])('nothing is wrong with %s', (_, inputs) => expect(methodProblems(inputs)).toEqual([]));
});
