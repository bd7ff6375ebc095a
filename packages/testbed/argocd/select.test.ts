import { expect, test } from 'vitest';
import { createApp } from './app.ts';
import { selects } from './select.ts';

const source = { repoURL: 'https://github.com/acme/gitops.git', path: 'web', targetRevision: 'main' };
const spec = { source, destination: { namespace: 'web' }, project: 'shop' };
const labels = { team: 'blue', tier: 'front' };
const app = createApp({ name: 'web', namespace: 'argocd', spec, labels }, 0);

test.each([
  ['', true],
  ['name=web', true],
  ['name=other', false],
  ['project=shop', true],
  ['projects=a&projects=shop', true],
  ['projects=a', false],
  ['repo=https://github.com/acme/gitops.git', true],
  ['repo=https://github.com/acme/gitops', false],
  ['repo=https://github.com/acme/other', false],
  ['appNamespace=argocd', true],
  ['appNamespace=team-a', false],
  ['selector=team=blue,tier==front', true],
  ['selector=team!=blue', false],
  ['selector=team in (red, blue),tier', true],
  ['selector=team notin (red,blue)', false],
  ['selector=!team', false],
])('%s', (query, wanted) => {
  const parameters = new URLSearchParams(
    query.split('&').map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
  expect(selects(query === '' ? new URLSearchParams() : parameters, app)).toBe(wanted);
});
