import type { JsonObject } from './json.ts';

/** A cluster that Argo CD deploys to. */
export interface ClusterOptions {
  readonly name: string;
  readonly server: string;
  /** Of the Secret that tells Argo CD of the cluster. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Argo CD's own cluster is known without a Secret. */
export const inCluster: ClusterOptions = { name: 'in-cluster', server: 'https://kubernetes.default.svc' };

/** The cluster as the API shows it: without its credentials. */
export function showCluster({ name, server, annotations }: ClusterOptions): JsonObject {
  // Of a cluster that no Application is deployed to; nothing looks at it.
  const connectionState = { status: '', message: '', attemptedAt: null };
  return {
    server,
    name,
    config: { tlsClientConfig: { insecure: false } },
    connectionState,
    info: { connectionState, cacheInfo: {}, applicationsCount: 0 },
    ...(annotations === undefined ? {} : { annotations }),
  };
}
