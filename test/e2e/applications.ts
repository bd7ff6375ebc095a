import { textAt } from './rig/json.ts';
import type { Rig } from './rig/rig.ts';

export interface ApplicationOptions {
  readonly name: string;
  /** Made when it is not there. */
  readonly namespace: string;
  /** The Git URL of the repository that it follows, on `main`. */
  readonly repository: string;
  readonly path: string;
  /** Of Argo CD; `default` when absent. */
  readonly project?: string;
  /** Auto-sync; default true. */
  readonly auto?: boolean;
  /** Further fields of `spec.source`. */
  readonly source?: Readonly<Record<string, unknown>>;
  /** Fields of `spec` that win over the usual ones. */
  readonly spec?: Readonly<Record<string, unknown>>;
  /** A second source beside it: the same repository, as `$values` for Helm's values files. */
  readonly twoSources?: boolean;
}

/** Creates an Application through Argo CD's API; with auto-sync off, nothing is synced yet. */
export async function createApplication(rig: Rig, options: ApplicationOptions): Promise<void> {
  const { name, namespace } = options;
  await createNamespace(rig, namespace);
  const from = { repoURL: options.repository, targetRevision: 'main' };
  const source = { ...from, path: options.path, ...options.source };
  const values = { ...from, ref: 'values' };
  const automated = options.auto === false ? {} : { automated: {} };
  await rig.argocd.call('POST', '/api/v1/applications', {
    metadata: { name },
    spec: {
      project: options.project ?? 'default',
      ...(options.twoSources ? { sources: [source, values] } : { source }),
      destination: { server: 'https://kubernetes.default.svc', namespace },
      // The shipped retries take minutes; one shows the same states.
      syncPolicy: { ...automated, retry: { limit: 1, backoff: { duration: '1s' } } },
      ...options.spec,
    },
  });
}

/** Makes it, if it is not there. */
export async function createNamespace(rig: Rig, name: string): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  await rig.kubernetes.apply(`/api/v1/namespaces/${name}`, JSON.stringify(namespace));
}

/** Starts a sync as a person would in Argo CD's own page. */
export async function syncByHand(rig: Rig, name: string): Promise<void> {
  await rig.argocd.call('POST', `/api/v1/applications/${name}/sync`, {});
}

/** Waits until Argo CD shows the application Synced and of this health, with no operation. */
export async function settled(rig: Rig, name: string, health = 'Healthy'): Promise<unknown> {
  return eventually(`application ${name} Synced and ${health}`, async () => {
    const application = await rig.argocd.call('GET', `/api/v1/applications/${name}`);
    const shown = `${textAt(application, 'status', 'sync', 'status')} ${textAt(application, 'status', 'health', 'status')}`;
    const phase = textAt(application, 'status', 'operationState', 'phase');
    if (shown !== `Synced ${health}` || phase === 'Running') throw new Error(`${shown}, operation ${phase}`);
    return application;
  });
}

/** The image that the cluster's own object names for the container `app`; empty where there is no such object. */
export async function liveImage(rig: Rig, namespace: string, name = 'web'): Promise<string> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
  const found = await rig.kubernetes.get(path).catch(() => undefined);
  return textAt(found, 'spec', 'template', 'spec', 'containers', 0, 'image');
}

/** Tries until it does not throw; after `seconds`, fails with the last reason. */
export async function eventually<T>(what: string, attempt: () => Promise<T>, seconds = 30): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`, { cause: error });
    }
    await pause(200);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
