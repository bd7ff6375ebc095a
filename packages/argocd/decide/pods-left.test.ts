import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import { podsLeft } from './pods-left.ts';
import { containerPlace, IMAGE, imageEdit, manifest, situation } from './testing.ts';

describe('Pods that are left to somebody', () => {
  const workload = (kind: string, spec: object, status?: object) => ({
    kind,
    metadata: { generation: 2 },
    spec,
    ...(status && { status: { observedGeneration: 2, ...status } }),
  });
  const onDelete = { updateStrategy: { type: 'OnDelete' } };
  const partition = {
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
    replicas: 3,
  };

  test.each([
    ['OnDelete, none deleted yet', workload('StatefulSet', { ...onDelete, replicas: 3 }, {}), 3],
    ['OnDelete, all new', workload('StatefulSet', { ...onDelete, replicas: 3 }, { updatedReplicas: 3 }), 0],
    ['a partition', workload('StatefulSet', partition, { updatedReplicas: 1 }), 2],
    ['no partition', workload('StatefulSet', { updateStrategy: { type: 'RollingUpdate' } }, {}), 0],
    [
      'a DaemonSet',
      workload('DaemonSet', onDelete, { desiredNumberScheduled: 4, updatedNumberScheduled: 1 }),
      3,
    ],
    [
      'not seen by its controller',
      workload('StatefulSet', onDelete, { observedGeneration: 1, updatedReplicas: 1 }),
      1,
    ],
    ['scaled to zero', workload('StatefulSet', { ...onDelete, replicas: 0 }, {}), 0],
    ['a live state without status', workload('StatefulSet', onDelete), 0],
  ])('%s: %j', (_, live, left) => {
    expect(podsLeft(live)).toBe(left);
  });

  test('run what was before: not live, though Argo CD calls it Healthy', () => {
    const key = { group: 'apps', kind: 'StatefulSet', namespace: 'payments', name: 'api' };
    const state = (status: object) =>
      manifest(IMAGE, {
        kind: 'StatefulSet',
        spec: {
          ...onDelete,
          replicas: 2,
          template: { spec: { containers: [{ name: 'app', image: IMAGE }] } },
        },
        status,
      });
    const of = (status: object) =>
      decide(
        situation({
          edits: [imageEdit({ ...containerPlace, kind: 'StatefulSet' })],
          resources: [{ ...key, target: state({}), live: state(status) }],
          shown: { resources: [{ ...key, status: 'Synced', health: { status: 'Healthy' } }] },
        }),
      );
    expect(of({ updatedReplicas: 1 })).toMatchObject({ type: 'wait', clause: 'running' });
    expect(of({ updatedReplicas: 2 })).toMatchObject({ verdict: 'live' });
  });
});
