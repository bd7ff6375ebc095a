import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import {
  BEFORE,
  IMAGE,
  managed,
  manifest,
  OLD_IMAGE,
  OURS,
  operated,
  seconds,
  situation,
} from './testing.ts';

const notShown = [{ ...managed(), live: undefined }].map(({ live: _, ...item }) => item);

describe('clause 8, running', () => {
  test('the live object holds the image: proven', () => {
    expect(decide(situation())).toMatchObject({
      verdict: 'live',
      proof: [
        { image: IMAGE, container: 'app', seen: 'live-state', object: { kind: 'Deployment', name: 'api' } },
      ],
    });
  });

  test('a live object that holds another image is not live, although Synced, Healthy and applied', () => {
    const shown = { status: { summary: { images: [IMAGE] } } };
    const input = situation({ shown, resources: [managed(IMAGE, OLD_IMAGE)] });
    expect(decide(input)).toMatchObject({
      type: 'wait',
      clause: 'running',
      why: `Deployment payments/api container app runs ${OLD_IMAGE}, not ${IMAGE}`,
    });
  });

  test('a live object without that container runs nothing of it, whatever the sync has applied', () => {
    const live = manifest(IMAGE, {
      spec: { template: { spec: { containers: [{ name: 'other', image: IMAGE }] } } },
    });
    expect(decide(situation({ resources: [{ ...managed(), live }] }))).toMatchObject({
      type: 'wait',
      why: expect.stringContaining('runs nothing'),
    });
  });

  test.each([
    ['did not show it', OLD_IMAGE],
    ['showed it', IMAGE],
  ])('live state that %s is read again when it is five seconds old', (_, live) => {
    const input = situation({ resources: [managed(IMAGE, live)] });
    const later = { ...input.observed, takenAt: seconds(65) };
    expect(decide({ ...input, now: seconds(65), observed: later })).toMatchObject({
      type: 'ask',
      evidence: 'resources',
    });
  });

  test('an image under the name that admission gives it counts when that is said', () => {
    const resources = [managed(IMAGE, 'mirror.local/hub/api:1.4.2')];
    const of = (to: string) =>
      decide(situation({ resources, settings: { registryAliases: [{ from: 'registry.example/', to }] } }));
    expect(of('mirror.local/hub/')).toMatchObject({ verdict: 'live' });
    expect(of('mirror.local/')).toMatchObject({ type: 'wait' });
    expect(decide(situation({ resources }))).toMatchObject({ type: 'wait' });
  });

  test('the container must be the named one', () => {
    const containers = [
      { name: 'app', image: OLD_IMAGE },
      { name: 'sidecar', image: IMAGE },
    ];
    const live = { kind: 'Deployment', spec: { template: { spec: { containers } } } };
    expect(decide(situation({ resources: [{ ...managed(), live }] }))).toMatchObject({ clause: 'running' });
  });

  test('every container that the name can mean must run it', () => {
    const template = (image: string) => ({ spec: { containers: [{ name: 'app', image }] } });
    const live = { kind: 'Deployment', spec: { pools: [template(IMAGE), template(OLD_IMAGE)] } };
    expect(decide(situation({ resources: [{ ...managed(), live }] }))).toMatchObject({ clause: 'running' });
  });

  test('an alias ends where a part of the name ends', () => {
    const registryAliases = [{ from: 'registry.example/a', to: 'mirror.local/a' }];
    const input = situation({
      resources: [managed(IMAGE, 'mirror.local/api:1.4.2')],
      settings: { registryAliases },
    });
    expect(decide(input)).toMatchObject({ clause: 'running' });
  });

  test('an object that Argo CD says is not in the cluster runs nothing, whatever a sync has applied', () => {
    const resources = notShown.map((item) => ({ ...item, missing: true }));
    expect(decide(situation({ resources }))).toMatchObject({ type: 'wait', clause: 'running' });
  });

  test('without live state, the result of a sync proves it', () => {
    expect(decide(situation({ resources: notShown }))).toMatchObject({
      verdict: 'live',
      proof: [{ seen: 'sync-result' }],
    });
  });

  const applied = { group: 'apps', kind: 'Deployment', namespace: 'payments', name: 'api' };
  test.each([
    ['of a dry run', operated({ dryRun: true })],
    ['of an operation at a revision without the change', operated({ revision: BEFORE })],
    [
      'for an object that failed',
      operated({ resources: [{ ...applied, status: 'SyncFailed', images: [IMAGE] }] }),
    ],
    [
      'for another object',
      operated({ resources: [{ ...applied, name: 'b', status: 'Synced', images: [IMAGE] }] }),
    ],
    ['with another image', operated({ resources: [{ ...applied, status: 'Synced', images: [OLD_IMAGE] }] })],
    ['that does not exist', null],
  ])('a sync result %s proves nothing', (_, operationState) => {
    const input = situation({ resources: notShown, shown: { operationState, revision: OURS } });
    expect(decide(input)).toMatchObject({ type: 'wait', clause: 'running' });
  });
});
