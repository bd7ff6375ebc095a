import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Call, callJson, followJson } from './http.ts';
import { freePorts } from './ports.ts';
import type { Processes } from './processes.ts';

/** A Kubernetes API server over etcd: no node, no scheduler, no controllers. */
export interface Kubernetes {
  readonly url: string;
  readonly etcdUrl: string;
  /** The path of a kubeconfig with all rights. */
  readonly kubeconfig: string;
  get(path: string): Promise<unknown>;
  /** JSON merge patch. */
  patch(path: string, body: unknown): Promise<unknown>;
  remove(path: string): Promise<unknown>;
  /** The events of a list that is watched, until `signal` aborts it. */
  follow(path: string, signal: AbortSignal, tell: (event: unknown) => void): Promise<void>;
  /** Server-side apply of one object; `body` is YAML or JSON. */
  apply(path: string, body: string): Promise<unknown>;
}

/** Starts etcd and kube-apiserver with their state in `folder`; resolves when the API answers. */
export async function startKubernetes(
  processes: Processes,
  bin: string,
  folder: string,
): Promise<Kubernetes> {
  const [etcd, peer, secure] = await freePorts(3);
  const etcdUrl = `http://127.0.0.1:${etcd}`;
  const peerUrl = `http://127.0.0.1:${peer}`;
  processes.start('etcd', 'etcd', [
    ...['--data-dir', join(folder, 'etcd'), '--unsafe-no-fsync'],
    ...['--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl],
    ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
    ...['--initial-cluster', `default=${peerUrl}`],
  ]);
  await processes.until('etcd', 30, () => callJson({ method: 'GET', url: `${etcdUrl}/health` }));

  const token = randomBytes(16).toString('hex');
  const certificates = join(folder, 'kubernetes-certificates');
  const keys = writeServiceAccountKeys(folder);
  writeFileSync(join(folder, 'tokens.csv'), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  processes.start('kube-apiserver', join(bin, 'kube-apiserver'), [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${secure}`,
    `--cert-dir=${certificates}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--endpoint-reconciler-type=none',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${keys.publicKey}`,
    `--service-account-signing-key-file=${keys.privateKey}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    // No controller makes the default service account that this plugin would put into each Pod.
    '--disable-admission-plugins=ServiceAccount',
    '--profiling=false',
  ]);
  const url = `https://127.0.0.1:${secure}`;
  const certificate = join(certificates, 'apiserver.crt');
  const asked = (method: string, path: string, contentType?: string, body?: string): Call => ({
    method,
    url: `${url}${path}`,
    ca: readFileSync(certificate, 'utf8'),
    headers: {
      authorization: `Bearer ${token}`,
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
    },
    ...(body === undefined ? {} : { body }),
  });
  const call = async (...request: Parameters<typeof asked>): Promise<unknown> => callJson(asked(...request));
  await processes.until('kube-apiserver', 60, () => call('GET', '/readyz'));
  return {
    url,
    etcdUrl,
    kubeconfig: writeKubeconfig(folder, url, certificate, token),
    get: (path) => call('GET', path),
    patch: (path, body) => call('PATCH', path, 'application/merge-patch+json', JSON.stringify(body)),
    follow: (path, signal, tell) => followJson(asked('GET', `${path}?watch=1`), signal, tell),
    remove: (path) => call('DELETE', path),
    apply: (path, body) =>
      call('PATCH', `${path}?fieldManager=e2e&force=true`, 'application/apply-patch+yaml', body),
  };
}

function writeServiceAccountKeys(folder: string): { publicKey: string; privateKey: string } {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const files = {
    publicKey: join(folder, 'service-account.pub'),
    privateKey: join(folder, 'service-account.key'),
  };
  writeFileSync(files.publicKey, pair.publicKey);
  writeFileSync(files.privateKey, pair.privateKey, { mode: 0o600 });
  return files;
}

function writeKubeconfig(folder: string, server: string, certificate: string, token: string): string {
  const file = join(folder, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'e2e',
    clusters: [{ name: 'e2e', cluster: { server, 'certificate-authority': certificate } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: 'admin', namespace: 'argocd' } }],
  };
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}
