import { describe, expect, test } from 'vitest';
import { followedBy } from './branch.ts';
import { globExpression } from './glob.ts';
import { repositoryOn, withoutLogin } from './repository-url.ts';

describe('the repository of an address', () => {
  test.each([
    ['https://github.com/acme/gitops', 'acme/gitops'],
    ['https://github.com/acme/gitops.git', 'acme/gitops'],
    ['https://github.com/acme/gitops/', 'acme/gitops'],
    ['https://GitHub.com/Acme/GitOps.git', 'Acme/GitOps'],
    ['https://user:pass@github.com/acme/gitops', 'acme/gitops'],
    ['git@github.com:acme/gitops.git', 'acme/gitops'],
    ['github.com:acme/gitops', 'acme/gitops'],
    ['git@github.com:/acme/gitops.git', 'acme/gitops'],
    ['ssh://git@github.com/acme/gitops.git', 'acme/gitops'],
    ['ssh://git@github.com:22/acme/gitops.git', 'acme/gitops'],
    ['ssh://git@ssh.github.com:443/acme/gitops.git', 'acme/gitops'],
    [' https://github.com/acme/gitops ', 'acme/gitops'],
    ['https://github.com/acme/my.repo_1', 'acme/my.repo_1'],
    ['https://gitlab.com/acme/gitops', undefined],
    ['https://github.com.evil.example/acme/gitops', undefined],
    ['https://github.com:8443/acme/gitops', undefined],
    ['https://github.com/acme', undefined],
    ['https://github.com/acme/group/gitops', undefined],
    ['https://github.com/acme/..', undefined],
    ['oci://github.com/acme/gitops', undefined],
    ['registry.example/charts', undefined],
    ['--upload-pack=touch /tmp/x', undefined],
    ['file:///srv/acme/gitops', undefined],
    ['', undefined],
  ])('%s is %s', (address, repository) => {
    expect(repositoryOn('https://github.com', address)).toBe(repository);
  });
  test('of a server with a port', () => {
    expect(repositoryOn('http://127.0.0.1:4000', 'http://127.0.0.1:4000/acme/gitops')).toBe('acme/gitops');
    expect(repositoryOn('http://127.0.0.1:4000', 'http://127.0.0.1:4001/acme/gitops')).toBeUndefined();
  });
  test('a login in it is not repeated', () => {
    expect(withoutLogin('https://user:pass@x.example/a/b')).toBe('https://x.example/a/b');
    expect(withoutLogin('https://user:p@ss@x.example/a/b')).toBe('https://x.example/a/b');
  });
});

describe('a targetRevision', () => {
  test.each([
    ['', ''],
    ['HEAD', ''],
    ['main', 'main'],
    ['refs/heads/main', 'main'],
    ['release/1.2', 'release/1.2'],
    ['v1.2.3', 'v1.2.3'],
    ['20240101', '20240101'],
  ])('%j follows the branch %j', (revision, branch) => {
    expect(followedBy(revision)).toEqual({ type: 'branch', branch });
  });
  test.each([
    ['refs/tags/v1', 'a tag'],
    ['a'.repeat(40), 'a commit'],
    ['refs/pull/1/head', 'no branch'],
    ['>=1.2.0', 'a range of versions'],
    ['1.*', 'a range of versions'],
    ['~1.2', 'a range of versions'],
    ['^1.2', 'a range of versions'],
    ['1.0 - 2.0', 'a range of versions'],
    ['--upload-pack=x', 'a range of versions'],
  ])('%j is %s, to which no commit can be added', (revision, what) => {
    expect(followedBy(revision)).toEqual({ type: 'pinned', what });
  });
});

describe('a glob of directory.include', () => {
  test.each([
    ['*.yaml', 'a/b.yaml', true],
    ['*.yaml', 'a.yml', false],
    ['{*.yml,*.yaml}', 'x/a.yml', true],
    ['prod-?.yaml', 'prod-1.yaml', true],
    ['prod-?.yaml', 'prod-12.yaml', false],
    ['[ab].yaml', 'b.yaml', true],
    ['[!ab].yaml', 'b.yaml', false],
    ['a.yaml', 'aXyaml', false],
    ['a\\*.yaml', 'a*.yaml', true],
    ['a,b.yaml', 'a,b.yaml', true],
    ['**/x.json', 'a/b/x.json', true],
    ['(a|b)+.yaml', 'a.yaml', false],
  ])('%s and %s: %s', (glob, path, matches) => {
    expect(globExpression(glob)?.test(path)).toBe(matches);
  });
  test('that is none matches nothing', () => {
    expect(globExpression('{a,b')).toBeUndefined();
    expect(globExpression('[z-a]')).toBeUndefined();
  });
});
