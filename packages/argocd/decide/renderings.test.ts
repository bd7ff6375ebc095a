import { expect, test } from 'vitest';
import { withoutOldRenderings } from './renderings.ts';

const source = { repoURL: 'https://git.example/gitops', path: 'apps/web' };
const rendered = { revision: 'a'.repeat(40), differing: [] };
const uncached = { revision: 'a'.repeat(40), items: [] };
const evidence = { content: new Map(), rendered, uncached, renderedBy: { source } };

test.each([
  ['the same source, and another project', { source, project: 'shop' }],
  ['the same source, written anew', { source: { ...source } }],
])('what was rendered by %s stands', (_, wanted) => {
  expect(withoutOldRenderings(evidence, { wanted })).toEqual(evidence);
});

test.each([
  ['an image that the Application sets', { source: { ...source, kustomize: { images: ['api:1'] } } }],
  ['several sources', { sources: [source] }],
  ['a hydrator', { sourceHydrator: { drySource: source } }],
])('what was rendered without %s says nothing', (_, wanted) => {
  expect(withoutOldRenderings(evidence, { wanted })).toEqual({ content: evidence.content });
});
