import { commonInputs, parseInputs } from '@sluice/core/contract';
import { describe, expect, it } from 'vitest';
import { bumpVerdicts } from './bump/bump-outcome.ts';
import { bumpInputs, bumpProblems, credentialOf, loginProblems } from './inputs.ts';

const spec = { ...bumpInputs, ...commonInputs(bumpVerdicts) };
const env = (given: Record<string, string>) =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
const parse = (given: Record<string, string>) => parseInputs(spec, env(given));

describe('bumpInputs', () => {
  it('takes paths as Git writes them', () => {
    expect(parse({ path: './apps//shop/\n.\n' }).path).toEqual(['apps/shop', '.']);
    expect(parse({ set: './a.yaml x=1' }).set).toMatchObject([{ file: 'a.yaml' }]);
  });

  it('takes an image that is listed twice for one, whatever its spelling, but not for another `name=`', () => {
    const images = 'nginx:1\nredis:2\nnginx:1\ndocker.io/library/nginx:1\nweb=nginx:1';
    expect(parse({ images }).images.map(({ text }) => text)).toEqual(['nginx:1', 'redis:2', 'web=nginx:1']);
  });

  it('names both of two versions of one repository', () => {
    expect(() => parse({ images: 'nginx:1\nnginx:2' })).toThrow(
      /"nginx:1" and "nginx:2" want different versions of docker\.io\/library\/nginx/,
    );
  });

  it.each([
    ['path', '../a'],
    ['path', 'a/../../b'],
    ['path', '/etc/passwd'],
    ['path', 'C:\\temp'],
    ['path', 'a\\..\\..\\b'],
    ['path', '.git/config'],
    ['set', '"../a b.yaml" x=1'],
    ['set', 'a.yaml'],
    ['helm-values', '../values.yaml: image.tag'],
    ['images', 'nginx'],
    ['images', 'nginx:1\nnginx:2'],
    ['repository', 'gitops'],
    ['repository', 'acme/..'],
    ['branch', 'refs/heads/main'],
    ['branch', '-x'],
    ['branch', 'a..b'],
    ['branch', 'a b'],
    ['commit', 'sometimes'],
    ['on-no-match', 'ignore'],
    ['allow-downgrade', 'yes'],
    ['project', 'a\u0007b'],
    ['project', 'a\u2028Sluice-Tenant: b'],
    ['fail-on-verdict', 'live'],
  ])('refuses %s: %s', (name, value) => {
    expect(() => parse({ [name]: value })).toThrow(name);
  });
});

describe('bumpProblems', () => {
  const check = (given: Record<string, string>) => () =>
    parseInputs(spec, env({ token: 't', ...given }), bumpProblems);

  it.each([
    [{}, [/give `images` or `set`, for example/]],
    [{ images: 'a:1', tenant: 'eu' }, [/`tenant` is given without/]],
    [{ images: 'a:1', tenant: 'eu', project: 'shop' }, [/`tenant` is given without/]],
    [{ images: 'a:1', 'applications-from': 'git' }, [/`applications-from` needs `project` and/]],
    [{ images: 'a:1', 'applications-from': 'argocd', project: 'shop' }, [/needs `project` and/]],
    [{ images: 'a:1', token: '' }, [/there is no token: give/]],
    [{ images: 'a:1', 'app-id': '7' }, [/only one of `app-id`/]],
    [
      { commit: 'push', tenant: 'eu', 'app-id': '7' },
      [/^4 problems/, /commit: "push": allowed/, /`images` or `set`/, /`tenant`/, /only one of/],
    ],
  ])('%j', (given, messages) => {
    for (const message of messages) expect(check(given)).toThrow(message);
  });

  it('says nothing of images that are there, but wrong', () => {
    expect(check({ images: 'a' })).toThrow(/^An input is wrong: images: "a"/);
  });

  it.each([
    { set: 'a.yaml x=1' },
    { images: 'a:1', tenant: 'eu', project: 'shop', environment: 'qa' },
    { images: 'a:1', commit: 'none', token: '' },
  ])('finds nothing wrong with %j', (given) => expect(check(given)).not.toThrow());
});

describe('credentialOf', () => {
  const none = { token: '', 'app-id': '', 'app-private-key': '' };
  it('prefers the App, for the repository that is to be changed', () => {
    expect(credentialOf({ token: 't', 'app-id': '7', 'app-private-key': 'pem' }, 'acme/gitops')).toEqual({
      type: 'app',
      appId: '7',
      privateKey: 'pem',
      owner: 'acme',
      repository: 'gitops',
    });
    expect(credentialOf({ ...none, token: 't' }, 'acme/gitops')).toEqual({ type: 'token', token: 't' });
  });

  it.each([
    [none, 'there is no token'],
    [{ ...none, 'app-id': '7' }, 'only one of'],
    [{ ...none, token: 't', 'app-private-key': 'pem' }, 'only one of'],
  ])('has loginProblems before it: %j', (login, message) =>
    expect(loginProblems(login)).toEqual([expect.stringContaining(message)]));
});
