import { expect, test } from 'vitest';
import { imagesOfManifest } from './images-of-manifest.ts';

const containers = [{ name: 'app', image: 'api:1' }];

test.each([
  ['Pod', { spec: { containers } }],
  ['Deployment', { spec: { template: { spec: { containers } } } }],
  ['CronJob', { spec: { jobTemplate: { spec: { template: { spec: { containers } } } } } }],
  ['PodTemplate', { template: { spec: { containers } } }],
  ['a custom resource', { spec: { pools: [{ template: { spec: { containers } } }] } }],
])('%s', (_, manifest) => {
  expect(imagesOfManifest(manifest)).toEqual([{ list: 'containers', container: 'app', image: 'api:1' }]);
});

test('init and ephemeral containers are told from containers', () => {
  const spec = { initContainers: containers, ephemeralContainers: containers };
  expect(imagesOfManifest({ spec }).map(({ list }) => list)).toEqual([
    'initContainers',
    'ephemeralContainers',
  ]);
});

test('an image field of a custom resource counts, by its path', () => {
  expect(imagesOfManifest({ kind: 'Prometheus', spec: { image: 'prom:1' } })).toEqual([
    { list: 'field', container: 'spec.image', image: 'prom:1' },
  ]);
});

test('what was seen is not what is wanted: status and metadata are left out', () => {
  const manifest = {
    metadata: { image: 'a:1' },
    status: { containerStatuses: [{ name: 'app', image: 'b:1' }] },
  };
  expect(imagesOfManifest(manifest)).toEqual([]);
});

test.each([
  [null],
  ['text'],
  [[]],
  [{ spec: null }],
  [{ spec: { containers: [null, {}, { name: 'x' }] } }],
])('%j has none', (manifest) => {
  expect(imagesOfManifest(manifest)).toEqual([]);
});
