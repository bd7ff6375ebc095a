import { type JsonObject, objectAt, put } from './json.ts';
import { kindOf, mapContainers } from './manifest.ts';
import type { Manifest } from './types.ts';

const containerDefaults: JsonObject = {
  imagePullPolicy: 'IfNotPresent',
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
};

const podDefaults: JsonObject = {
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  securityContext: {},
  terminationGracePeriodSeconds: 30,
};

const specDefaults: Readonly<Record<string, JsonObject>> = {
  Deployment: {
    progressDeadlineSeconds: 600,
    replicas: 1,
    revisionHistoryLimit: 10,
    strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' }, type: 'RollingUpdate' },
  },
  StatefulSet: { podManagementPolicy: 'OrderedReady', replicas: 1, revisionHistoryLimit: 10 },
  DaemonSet: { revisionHistoryLimit: 10 },
};

/** What the API server adds to an object when it is stored: the live state is never just what Git says. */
export function kubernetesDefaults(manifest: Manifest): Manifest {
  const defaults = specDefaults[kindOf(manifest)];
  if (defaults === undefined) return manifest;
  const spec = { ...defaults, ...objectAt(manifest, 'spec') };
  const pod = { ...podDefaults, ...objectAt(spec, 'template', 'spec') };
  const filled = put({ ...manifest, spec }, ['spec', 'template', 'spec'], pod);
  return mapContainers(filled, (container) => ({ ...containerDefaults, ...container }));
}

/** The status that a workload shows; undefined where the kind has none. */
export function workloadStatus(
  manifest: Manifest,
  generation: number,
  healthy: boolean,
): JsonObject | undefined {
  if (specDefaults[kindOf(manifest)] === undefined) return undefined;
  const replicas = objectAt(manifest, 'spec').replicas ?? 1;
  return {
    availableReplicas: healthy ? replicas : 0,
    observedGeneration: generation,
    readyReplicas: healthy ? replicas : 0,
    replicas,
    updatedReplicas: replicas,
    conditions: [
      {
        type: 'Progressing',
        status: 'True',
        reason: healthy ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
        message: healthy ? 'ReplicaSet has successfully progressed.' : `ReplicaSet is progressing.`,
      },
    ],
  };
}
