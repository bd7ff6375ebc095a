import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kubernetes } from './kubernetes.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Argo CD sees only settings that carry the label. */
const settings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'argocd-cm': {
    'accounts.ci': 'apiKey',
    'accounts.reader': 'apiKey',
    // As the shipped defaults: a status that changes every second is no reason to compare again.
    'resource.customizations.ignoreResourceUpdates.all': 'jsonPointers:\n  - /status\n',
  },
  'argocd-rbac-cm': {
    'policy.csv': [
      'p, ci, applications, get, */*, allow',
      'p, ci, applications, sync, */*, allow',
      'p, ci, applicationsets, get, */*, allow',
      'p, reader, applications, get, */*, allow',
    ].join('\n'),
  },
  'argocd-cmd-params-cm': {},
  'argocd-gpg-keys-cm': {},
  'argocd-tls-certs-cm': {},
  'argocd-ssh-known-hosts-cm': {},
  'argocd-notifications-cm': {},
};

/** Puts Argo CD's kinds and settings into the cluster. */
export async function installArgoCd(kubernetes: Kubernetes, crds: string): Promise<void> {
  await kubernetes.apply('/api/v1/namespaces/argocd', manifest('Namespace', 'argocd', {}));
  for (const name of readdirSync(crds)) {
    await kubernetes.apply(`${definitions}/${name}`, readFileSync(join(crds, name), 'utf8'));
  }
  for (const [name, data] of Object.entries(settings)) await writeSettings(kubernetes, name, data);
  await writeSecret(kubernetes, 'argocd-secret', {});
  await writeSecret(kubernetes, 'argocd-notifications-secret', {});
}

/** Sets entries of one of Argo CD's ConfigMaps; Argo CD takes them up at once. */
export async function writeSettings(
  kubernetes: Kubernetes,
  name: string,
  data: Readonly<Record<string, string>>,
): Promise<void> {
  await kubernetes.apply(
    `/api/v1/namespaces/argocd/configmaps/${name}`,
    manifest('ConfigMap', name, { data }),
  );
}

/** As `writeSettings`, of a Secret. */
export async function writeSecret(
  kubernetes: Kubernetes,
  name: string,
  stringData: Readonly<Record<string, string>>,
): Promise<void> {
  const body = manifest('Secret', name, { type: 'Opaque', stringData });
  await kubernetes.apply(`/api/v1/namespaces/argocd/secrets/${name}`, body);
}

function manifest(kind: string, name: string, rest: object): string {
  const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'argocd' };
  const namespace = kind === 'Namespace' ? {} : { namespace: 'argocd' };
  return JSON.stringify({ apiVersion: 'v1', kind, metadata: { name, ...namespace, labels }, ...rest });
}
