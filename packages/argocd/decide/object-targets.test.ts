import type { Place } from '@sluice/gitops/change';
import { describe, expect, test } from 'vitest';
import type { Json } from '../json.ts';
import { decide } from './decide.ts';
import { IMAGE, imageEdit, OLD_IMAGE, operated, type Situation, situation } from './testing.ts';

const shop = { group: 'example.io', kind: 'Shop', namespace: 'payments', name: 'web' };
const place = {
  type: 'object-value',
  apiVersion: 'example.io/v1',
  kind: 'Shop',
  name: 'web',
  path: 'spec.image',
  holds: 'reference',
} as const satisfies Place;

/** A Shop that is rendered and live with these specs. */
function shops(target: Json, live: Json, given: Situation = {}): ReturnType<typeof decide> {
  const object = (spec: Json): Json => ({
    apiVersion: 'example.io/v2',
    kind: 'Shop',
    metadata: { name: 'web' },
    spec,
  });
  return decide(
    situation({
      edits: [imageEdit(place)],
      resources: [{ ...shop, target: object(target), ...(live !== undefined && { live: object(live) }) }],
      shown: {
        resources: [{ ...shop, status: 'Synced', health: { status: 'Healthy' } }],
        operationState: operated({ resources: [{ ...shop, status: 'Synced' }] }),
      },
      ...given,
    }),
  );
}

describe('a value of a custom resource', () => {
  test('is live when what is rendered and the object in the cluster hold it, and the object is Healthy', () => {
    expect(shops({ image: IMAGE }, { image: IMAGE })).toMatchObject({ verdict: 'live', messages: [] });
  });

  test('is not effective when what is rendered holds another one', () => {
    expect(shops({ image: OLD_IMAGE }, { image: OLD_IMAGE })).toMatchObject({
      verdict: 'not-effective',
      reason: 'overridden',
      sentence: expect.stringContaining(`Shop payments/web spec.image renders ${OLD_IMAGE}, not ${IMAGE}`),
    });
  });

  test('is waited for as long as the object in the cluster holds another one', () => {
    expect(shops({ image: IMAGE }, { image: OLD_IMAGE })).toMatchObject({ type: 'wait', clause: 'running' });
    expect(shops({ image: IMAGE }, {})).toMatchObject({ type: 'wait', clause: 'running' });
  });

  test('is not proven by another object that holds the image', () => {
    const other = {
      ...shop,
      name: 'other',
      target: { spec: { image: IMAGE } },
      live: { spec: { image: IMAGE } },
    };
    expect(shops({ image: IMAGE }, { image: IMAGE }, { resources: [other] })).toMatchObject({
      verdict: 'not-effective',
      reason: 'not-rendered',
      sentence: expect.stringContaining('Shop/web spec.image is not among what the application renders'),
    });
  });

  test('is not proven by the containers of that repository, nor held against them', () => {
    const deployment = { group: 'apps', kind: 'Deployment', namespace: 'payments', name: 'api' };
    const spec = { template: { spec: { containers: [{ name: 'c', image: OLD_IMAGE }] } } };
    const target = { kind: 'Shop', spec: { image: IMAGE } };
    const resources = [
      { ...shop, target, live: target },
      { ...deployment, target: { spec }, live: { spec } },
    ];
    expect(shops(undefined, undefined, { resources })).toMatchObject({ verdict: 'live' });
  });

  test.each([
    [
      'a tag',
      { ...place, path: 'spec.image.tag', holds: 'tag' },
      '1.4.2',
      (tag: Json) => ({ image: { tag } }),
    ],
    [
      'an element by its name',
      { ...place, path: 'spec.jobs[name=a].image' },
      IMAGE,
      (image: Json) => ({ jobs: [{ name: 'b' }, { name: 'a', image }] }),
    ],
    [
      'an element by its index',
      { ...place, path: 'spec.jobs[1]' },
      IMAGE,
      (image: Json) => ({ jobs: ['x', image] }),
    ],
    [
      'a reference of a list',
      { ...place, path: 'spec.images[=registry.example/api]' },
      IMAGE,
      (image: Json) => ({ images: ['redis:7', image] }),
    ],
    [
      'a value in a text of YAML',
      { ...place, path: 'spec.values', within: 'image.tag', holds: 'tag' },
      '1.4.2',
      (tag: Json) => ({ values: `image:\n  tag: ${tag}\n` }),
    ],
    [
      'a container of a pod that crd-paths names',
      {
        type: 'container',
        apiVersion: 'example.io/v1',
        kind: 'Shop',
        name: 'web',
        list: 'containers',
        container: 'app',
        pod: 'spec.front.spec',
      },
      IMAGE,
      (image: Json) => ({
        front: { spec: { containers: [{ name: 'app', image }] } },
        back: { spec: { containers: [{ name: 'app', image: 'redis:7' }] } },
      }),
    ],
  ] as const)('%s is looked up by its path', (_, at: Place, to, spec) => {
    const edits = [{ ...imageEdit(at), to }];
    expect(shops(spec(to), spec(to), { edits })).toMatchObject({ verdict: 'live' });
    expect(shops(spec(to), spec('1.3.9'), { edits })).toMatchObject({ type: 'wait', clause: 'running' });
    expect(shops(spec('1.3.9'), spec('1.3.9'), { edits })).toMatchObject({ verdict: 'not-effective' });
  });

  test('a digest that was taken away may be left out', () => {
    const edits = [{ ...imageEdit({ ...place, path: 'spec.digest', holds: 'digest' }), to: '' }];
    expect(shops({}, { digest: '' }, { edits })).toMatchObject({ verdict: 'live' });
    expect(shops({ digest: 'sha256:1' }, {}, { edits })).toMatchObject({ verdict: 'not-effective' });
  });

  test('of a kind without a health check it is said that nobody looked at what its controller runs', () => {
    const resources = [{ ...shop, status: 'Synced' }];
    const shown = { resources, operationState: operated({ resources: [{ ...shop, status: 'Synced' }] }) };
    expect(shops({ image: IMAGE }, { image: IMAGE }, { shown })).toMatchObject({
      verdict: 'live',
      messages: [expect.stringMatching(/^Shop payments\/web holds the image; .* was not looked at\.$/)],
    });
  });
});

test.each([
  ['argoproj.io', 'Application'],
  ['argoproj.io', 'ApplicationSet'],
  ['helm.toolkit.fluxcd.io', 'HelmRelease'],
  ['kustomize.toolkit.fluxcd.io', 'Kustomization'],
])('%s/%s that holds the image is never proof: what it deploys was not looked at', (group, kind) => {
  const key = { group, kind, namespace: 'argocd', name: 'child' };
  const path = 'spec.source.helm.valuesObject.image';
  const edit = imageEdit({
    ...place,
    apiVersion: `${group}/v1`,
    kind,
    namespace: 'argocd',
    name: 'child',
    path,
  });
  const object = (image: string) => ({ kind, spec: { source: { helm: { valuesObject: { image } } } } });
  const of = (image: string) =>
    decide(
      situation({
        edits: [edit],
        resources: [{ ...key, target: object(image), live: object(image) }],
        shown: { resources: [{ ...key, status: 'Synced' }] },
      }),
    );
  expect(of(IMAGE)).toMatchObject({
    verdict: 'unknown',
    reason: 'generated',
    sentence: expect.stringContaining(`${kind} argocd/child`),
  });
  expect(of(OLD_IMAGE)).toMatchObject({ verdict: 'not-effective' });
});
