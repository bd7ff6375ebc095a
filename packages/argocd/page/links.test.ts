import { describe, expect, test } from 'vitest';
import { applicationUrl, commitUrl, link, linked } from './links.ts';
import { sha, verdictOf } from './test-report.ts';

describe('the page of an application', () => {
  test.each([
    ['live', {}, ''],
    ['Degraded', { reason: 'degraded' }, '?resource=health%3ADegraded'],
    ['an aborted rollout', { reason: 'rollout-aborted' }, '?resource=health%3ADegraded'],
    ['a failed sync', { reason: 'operation-failed' }, '?operation=true'],
    ['not Synced', { reason: 'timed-out', missing: ['synced'] }, '?resource=sync%3AOutOfSync'],
  ] as const)('%s', (_, verdict, query) => {
    expect(applicationUrl(verdictOf('payments', verdict))).toBe(
      `https://argocd.example/applications/argocd/payments${query}`,
    );
  });

  test('under a base path, and with a name that means something in an address', () => {
    expect(applicationUrl(verdictOf('a/../b?c', {}, { server: 'https://ops.example/argo/' }))).toBe(
      'https://ops.example/argo/applications/argocd/a%2F..%2Fb%3Fc',
    );
  });
});

describe('the page of a commit', () => {
  const page = `https://github.com/acme/gitops/commit/${sha}`;
  test.each([
    ['https://github.com/acme/gitops.git', page],
    ['https://x:secret@github.com/acme/gitops/', page],
    ['git@github.com:acme/gitops.git', page],
    ['https://ghes.example/acme/gitops', `https://ghes.example/acme/gitops/commit/${sha}`],
    ['https://gitlab.example/acme/gitops', undefined],
    ['', undefined],
    ['/srv/git/gitops', undefined],
  ])('%s', (repository, url) => {
    expect(commitUrl(repository, sha, 'https://ghes.example')).toBe(url);
  });

  test('a branch has none', () => {
    expect(commitUrl('https://github.com/acme/gitops', 'main')).toBeUndefined();
  });
});

describe('links hold what others wrote', () => {
  test.each([
    ['https://a.example/x)y|z', '[t](https://a.example/x%29y%7cz)'],
    ['https://a.example/<b> c', '[t](https://a.example/%3Cb%3E%20c)'],
    ['javascript:alert(1)', 't'],
    ['no address', 't'],
    [undefined, 't'],
  ])('%s', (url, markdown) => {
    expect(link('t', url)).toBe(markdown);
  });

  test('a commit in a sentence leads to its page, the rest is text', () => {
    const text = 'Overwritten: 97a2c41 by <b>alice</b>, not x97a2c41 nor 97a2c41f';
    expect(linked(text, new Map([[sha, 'https://g.example/c']]))).toBe(
      'Overwritten: [`97a2c41`](https://g.example/c) by &lt;b&gt;alice&lt;/b&gt;, not x97a2c41 nor 97a2c41f',
    );
  });
});
