import { expect, test } from 'vitest';
import type { Place } from './change.ts';
import { describePlace } from './describe.ts';

const container: Place = {
  type: 'container',
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'payments',
  name: 'payments-api',
  list: 'containers',
  container: 'app',
};

test.each<[Place, string]>([
  [container, 'Deployment/payments/payments-api container app'],
  [
    { type: 'container', apiVersion: 'v1', kind: 'Pod', name: 'p', list: 'initContainers', container: 'i' },
    'Pod/p init container i',
  ],
  [{ type: 'kustomize-image', name: 'nginx', field: 'newTag' }, 'images[name=nginx].newTag'],
  [{ type: 'helm-value', path: 'image.tag', holds: 'tag' }, 'image.tag'],
  [{ type: 'value', document: 0, path: 'spec.replicas' }, 'spec.replicas'],
  [{ type: 'value', document: 2, path: 'spec.replicas' }, '#2 spec.replicas'],
])('%j reads %s', (place, text) => {
  expect(describePlace(place)).toBe(text);
});
