import { expect, test } from 'vitest';
import { placesBySource } from './places.ts';
import type { Scope, ScopedFile } from './types.ts';

const scope = (name: string, index: number): Scope => ({
  application: { name, namespace: 'argocd' },
  ...{ index, source: '', imageReplacePaths: [], templatesOnly: false, defaultRegistry: 'docker.io' },
  content: { type: 'values', valueFiles: [] },
});
const file = (path: string, ...sources: string[]): ScopedFile => ({
  ...{
    path,
    mode: '100644',
    sources,
    imageReplacePaths: [],
    templatesOnly: false,
    defaultRegistry: 'docker.io',
  },
});
const edit = { place: { type: 'value', document: 0, path: 'tag' }, from: '1', to: '2' } as const;

test('each source has the places of the files that it is made from, also of those that it shares', () => {
  const target = {
    repository: 'acme/gitops',
    branch: '',
    scopes: [scope('web', 0), scope('web', 1), scope('web', 1), scope('api', 0)],
  };
  const files = [file('a.yaml', 'argocd/web 0'), file('b.yaml', 'argocd/web 0', 'argocd/web 1')];
  const planned = [
    { path: 'a.yaml', edits: [edit] },
    { path: 'b.yaml', edits: [edit, edit] },
    { path: 'outside.yaml', edits: [edit] },
  ];
  expect(placesBySource(target, { files, missing: [], warnings: [], hints: [] }, planned)).toEqual([
    { application: 'argocd/web', index: 0, places: 3 },
    { application: 'argocd/web', index: 1, places: 2 },
    { application: 'argocd/api', index: 0, places: 0 },
  ]);
});
