import { at, listAt, textAt } from './json.ts';
import type { Kubernetes } from './kubernetes.ts';

/** A Deployment that carries this annotation is left to the scenario. */
export const byHand = 'e2e/by-hand';

export type Health = 'progressing' | 'healthy' | 'degraded';

/** Long enough for Argo CD to see the rollout before its end. */
const rolloutMs = 300;

/**
 * Stands for the kube-controller-manager: it rolls each Deployment out as one would see it from outside, and
 * ends each Job but those of a held namespace. An image with the tag `bad` never becomes available, and fails as a Job.
 * Ends when the signal is aborted.
 */
export async function operate(
  kubernetes: Kubernetes,
  held: (namespace: string) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const since = new Map<string, number>();
  while (!signal.aborted) {
    try {
      await roll(kubernetes, since);
      await endJobs(kubernetes, held);
    } catch {
      // An object was changed or removed between the look and the write: the next round sees it as it is.
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function roll(kubernetes: Kubernetes, since: Map<string, number>): Promise<void> {
  const deployments = await kubernetes.get('/apis/apps/v1/deployments');
  for (const deployment of listAt(deployments, 'items')) {
    if (await collected(kubernetes, '/apis/apps/v1', 'deployments', deployment)) continue;
    if (at(deployment, 'metadata', 'annotations', byHand) !== undefined) continue;
    const key = `${textAt(deployment, 'metadata', 'uid')} ${String(at(deployment, 'metadata', 'generation'))}`;
    const seen = since.get(key);
    const ended = seen !== undefined && Date.now() - seen >= rolloutMs;
    const wanted = ended ? endOf(deployment) : 'progressing';
    if (seen !== undefined && (!ended || shows(deployment, wanted))) continue;
    if (seen === undefined) since.set(key, Date.now());
    await writeHealth(kubernetes, deployment, wanted);
  }
}

const endOf = (deployment: unknown): Health => (hasBadImage(deployment) ? 'degraded' : 'healthy');

function hasBadImage(workload: unknown): boolean {
  const containers = listAt(workload, 'spec', 'template', 'spec', 'containers');
  return containers.some((container) => textAt(container, 'image').endsWith(':bad'));
}

function shows(deployment: unknown, health: Health): boolean {
  return textAt(deployment, 'status', 'conditions', 0, 'reason') === reasons[health];
}

const reasons: Readonly<Record<Health, string>> = {
  progressing: 'ReplicaSetUpdated',
  healthy: 'NewReplicaSetAvailable',
  degraded: 'ProgressDeadlineExceeded',
};

/** Writes the status that a Deployment of this health has. */
export async function setHealth(
  kubernetes: Kubernetes,
  namespace: string,
  name: string,
  health: Health,
): Promise<void> {
  const deployment = await kubernetes.get(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
  await writeHealth(kubernetes, deployment, health);
}

async function writeHealth(kubernetes: Kubernetes, deployment: unknown, health: Health): Promise<void> {
  const namespace = textAt(deployment, 'metadata', 'namespace');
  const name = textAt(deployment, 'metadata', 'name');
  const replicas = at(deployment, 'spec', 'replicas') ?? 1;
  const up = health === 'healthy' ? replicas : null;
  const status = {
    observedGeneration: at(deployment, 'metadata', 'generation'),
    replicas,
    updatedReplicas: replicas,
    readyReplicas: up,
    availableReplicas: up,
    unavailableReplicas: health === 'healthy' ? null : replicas,
    conditions: [
      {
        type: 'Progressing',
        status: health === 'degraded' ? 'False' : 'True',
        reason: reasons[health],
        message: health === 'degraded' ? `ReplicaSet "${name}" has timed out progressing.` : '',
      },
    ],
  };
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}/status`;
  await kubernetes.patch(path, { status });
}

/** Ends each Job that has not ended, as its controller would when the Pod is done; with the tag `bad`, it fails. */
async function endJobs(kubernetes: Kubernetes, held: (namespace: string) => boolean): Promise<void> {
  for (const job of listAt(await kubernetes.get('/apis/batch/v1/jobs'), 'items')) {
    const namespace = textAt(job, 'metadata', 'namespace');
    if (await collected(kubernetes, '/apis/batch/v1', 'jobs', job)) continue;
    if (held(namespace) || listAt(job, 'status', 'conditions').length > 0) continue;
    const path = `/apis/batch/v1/namespaces/${namespace}/jobs/${textAt(job, 'metadata', 'name')}/status`;
    await kubernetes.patch(path, { status: hasBadImage(job) ? failedJob() : completeJob() });
  }
}

function completeJob(): object {
  const time = now();
  const conditions = [condition('SuccessCriteriaMet', time), condition('Complete', time)];
  return { startTime: time, completionTime: time, succeeded: 1, conditions };
}

function failedJob(): object {
  const time = now();
  const conditions = [condition('FailureTarget', time), condition('Failed', time)];
  return { startTime: time, failed: 1, conditions };
}

const condition = (type: string, time: string): object => ({
  type,
  status: 'True',
  reason: type === 'Failed' ? 'BackoffLimitExceeded' : '',
  message: type === 'Failed' ? 'Job has reached the specified backoff limit' : '',
  lastProbeTime: time,
  lastTransitionTime: time,
});

const now = (): string => `${new Date().toISOString().slice(0, 19)}Z`;

/**
 * What the garbage collector does for an object without children: Argo CD deletes in the foreground, and such an
 * object stays until the collector lets it go. True when the object is on its way out.
 */
async function collected(
  kubernetes: Kubernetes,
  api: string,
  kind: string,
  object: unknown,
): Promise<boolean> {
  if (at(object, 'metadata', 'deletionTimestamp') === undefined) return false;
  const finalizers = listAt(object, 'metadata', 'finalizers');
  if (finalizers.includes('foregroundDeletion')) {
    const path = `${api}/namespaces/${textAt(object, 'metadata', 'namespace')}/${kind}/${textAt(object, 'metadata', 'name')}`;
    await kubernetes.patch(path, {
      metadata: { finalizers: finalizers.filter((one) => one !== 'foregroundDeletion') },
    });
  }
  return true;
}
