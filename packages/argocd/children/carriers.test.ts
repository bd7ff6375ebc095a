import type { Place } from '@sluice/gitops/change';
import { expect, test } from 'vitest';
import { imageEdit } from '../decide/testing.ts';
import { carriersOf, handsOn } from './carriers.ts';

const value = { type: 'helm-value', path: 'image.tag', holds: 'tag' } as const;
const entry = { type: 'kustomize-image', name: 'api', field: 'newTag' } as const;
const edit = (place: Parameters<typeof imageEdit>[0]) => ({
  ...imageEdit(place),
  image: 'registry.example/api:1.4.2',
});
const item = (kind: string, text: string, group = 'argoproj.io') => ({
  ...{ group, kind, namespace: 'argocd', name: 'one' },
  target: { spec: { source: { helm: { parameters: [{ name: 'tag', value: text }] } } } },
});

test.each([
  ['an Application with the version', item('Application', '1.4.2'), 1],
  ['an ApplicationSet with the version', item('ApplicationSet', 'v: 1.4.2'), 1],
  ['an Application with another version', item('Application', '11.4.2'), 0],
  ['an Application with a longer version', item('Application', '1.4.2-rc'), 0],
  ['another kind', item('AppProject', '1.4.2'), 0],
  ['an object of Flux', item('HelmRelease', '1.4.2', 'helm.toolkit.fluxcd.io'), 0],
])('%s hands on an image or not', (_, managed, count) => {
  expect(carriersOf(edit(value), [managed])).toHaveLength(count);
});

test('a place that names its object needs no guess', () => {
  const named: Place = {
    type: 'object-value',
    apiVersion: 'v1',
    kind: 'X',
    name: 'x',
    path: 'a',
    holds: 'tag',
  };
  expect(carriersOf(edit(named), [item('Application', '1.4.2')])).toEqual([]);
});

test('beside containers of the image only a chart may hand it on as well', () => {
  expect([handsOn(edit(value), true), handsOn(edit(entry), true), handsOn(edit(entry), false)]).toEqual([
    true,
    false,
    true,
  ]);
});
