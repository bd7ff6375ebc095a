import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Binaries } from './build.ts';
import { callJson } from './http.ts';
import { textAt } from './json.ts';
import type { Kubernetes } from './kubernetes.ts';
import { freePorts } from './ports.ts';
import type { Processes } from './processes.ts';

/** Argo CD's server, application controller and repo server. */
export interface ArgoCd {
  readonly url: string;
  /** May read and sync applications, and nothing else: no more than the actions need. */
  readonly token: string;
  /** May read applications only. */
  readonly readToken: string;
  /** As administrator. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
}

const loopback = '127.0.0.1';
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Installs Argo CD into the cluster and starts its programs; `path` goes before the rig's own programs on PATH. */
export async function startArgoCd(
  processes: Processes,
  binaries: Binaries,
  kubernetes: Kubernetes,
  folder: string,
  path: string,
): Promise<ArgoCd> {
  await install(kubernetes, binaries.crds);
  // argocd-server ends itself when its kinds are not served yet.
  for (const kind of ['applications', 'applicationsets', 'appprojects']) {
    const list = `/apis/argoproj.io/v1alpha1/${kind}`;
    await processes.until('kube-apiserver', 30, () => kubernetes.get(list));
  }
  const [redis, repo, repoMetrics, controllerMetrics, server, serverMetrics] = await freePorts(6);
  const env = environment(folder, kubernetes, [path, binaries.bin]);
  const program = (name: string): string => join(binaries.bin, name);
  const repoServer = ['--repo-server', `${loopback}:${repo}`];
  const redisServer = ['--redis', `${loopback}:${redis}`];

  processes.start('redis', 'redis-server', [
    ...['--port', `${redis}`, '--bind', loopback, '--dir', join(folder, 'tmp')],
    ...['--save', '', '--appendonly', 'no'],
  ]);
  processes.start(
    'argocd-repo-server',
    program('argocd-repo-server'),
    [
      ...['--address', loopback, '--port', `${repo}`, '--disable-tls', ...redisServer],
      ...['--metrics-address', loopback, '--metrics-port', `${repoMetrics}`],
      // How long a branch is believed to stand where it stood; 3 minutes by default.
      ...['--revision-cache-expiration', '2s'],
    ],
    env,
  );
  processes.start(
    'argocd-application-controller',
    program('argocd-application-controller'),
    [
      ...['--metrics-port', `${controllerMetrics}`, ...repoServer, '--repo-server-plaintext', ...redisServer],
      // A poll in the middle of a scenario would hide that a refresh was lost, but some wait for one.
      ...['--app-resync', '15', '--app-resync-jitter', '0', '--self-heal-timeout-seconds', '1'],
      ...['--repo-error-grace-period-seconds', '0'],
    ],
    { ...env, HOSTNAME: 'argocd-application-controller-0' },
  );
  processes.start(
    'argocd-server',
    program('argocd-server'),
    [
      ...['--insecure', '--address', loopback, '--port', `${server}`, '--metrics-port', `${serverMetrics}`],
      ...[...repoServer, '--repo-server-plaintext', ...redisServer, '--dex-server', 'http://127.0.0.1:1'],
    ],
    env,
  );
  const url = `http://${loopback}:${server}`;
  const ready = (name: string, address: string): Promise<void> =>
    processes.until(name, 60, () => callJson({ method: 'GET', url: address }));
  await ready('argocd-server', `${url}/api/version`);
  await ready('argocd-repo-server', `http://${loopback}:${repoMetrics}/healthz`);
  await ready('argocd-application-controller', `http://${loopback}:${controllerMetrics}/healthz`);

  const admin = await login(url, kubernetes);
  const tokenOf = async (account: string): Promise<string> => {
    const path = `/api/v1/account/${account}/token`;
    return textAt(await call(url, admin, 'POST', path, { name: account, id: 'e2e' }), 'token');
  };
  return {
    url,
    token: await tokenOf('ci'),
    readToken: await tokenOf('reader'),
    call: (method, path, body) => call(url, admin, method, path, body),
  };
}

async function install(kubernetes: Kubernetes, crds: string): Promise<void> {
  await kubernetes.apply('/api/v1/namespaces/argocd', manifest('Namespace', 'argocd', {}));
  for (const name of readdirSync(crds)) {
    await kubernetes.apply(`${definitions}/${name}`, readFileSync(join(crds, name), 'utf8'));
  }
  const settings: Record<string, Record<string, string>> = {
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
        'p, reader, applications, get, */*, allow',
      ].join('\n'),
    },
    'argocd-cmd-params-cm': {},
    'argocd-gpg-keys-cm': {},
    'argocd-tls-certs-cm': {},
    'argocd-ssh-known-hosts-cm': {},
  };
  for (const [name, data] of Object.entries(settings)) {
    const body = manifest('ConfigMap', name, { data });
    await kubernetes.apply(`/api/v1/namespaces/argocd/configmaps/${name}`, body);
  }
  const secret = manifest('Secret', 'argocd-secret', { type: 'Opaque' });
  await kubernetes.apply('/api/v1/namespaces/argocd/secrets/argocd-secret', secret);
}

function manifest(kind: string, name: string, rest: object): string {
  // Argo CD sees only settings that carry the label.
  const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'argocd' };
  const namespace = kind === 'Namespace' ? {} : { namespace: 'argocd' };
  return JSON.stringify({ apiVersion: 'v1', kind, metadata: { name, ...namespace, labels }, ...rest });
}

function environment(folder: string, kubernetes: Kubernetes, path: readonly string[]): NodeJS.ProcessEnv {
  const inside = (name: string): string => {
    const made = join(folder, name);
    mkdirSync(made, { recursive: true });
    return made;
  };
  const gitconfig = join(folder, 'gitconfig');
  // Git would leave a process behind that tidies up.
  writeFileSync(gitconfig, '[maintenance]\n\tautoDetach = false\n[gc]\n\tautoDetach = false\n');
  return {
    ...process.env,
    KUBECONFIG: kubernetes.kubeconfig,
    ARGOCD_FAKE_IN_CLUSTER: 'true',
    ARGOCD_GPG_ENABLED: 'false',
    ARGOCD_TLS_DATA_PATH: inside('tls'),
    ARGOCD_SSH_DATA_PATH: inside('ssh'),
    ARGOCD_GNUPGHOME: inside('gnupg'),
    ARGOCD_GPG_DATA_PATH: inside('gpg'),
    ARGOCD_PLUGINSOCKFILEPATH: inside('plugins'),
    ARGOCD_CLUSTER_CACHE_EVENTS_PROCESSING_INTERVAL: '1ms',
    GIT_CONFIG_GLOBAL: gitconfig,
    GIT_CONFIG_NOSYSTEM: '1',
    TMPDIR: inside('tmp'),
    PATH: [...path, process.env.PATH].join(delimiter),
  };
}

/** The token of a session of the administrator that Argo CD makes at its first start. */
async function login(url: string, kubernetes: Kubernetes): Promise<string> {
  const secret = await kubernetes.get('/api/v1/namespaces/argocd/secrets/argocd-initial-admin-secret');
  const password = Buffer.from(textAt(secret, 'data', 'password'), 'base64').toString();
  const session = await call(url, undefined, 'POST', '/api/v1/session', { username: 'admin', password });
  return textAt(session, 'token');
}

function call(
  url: string,
  token: string | undefined,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  return callJson({
    method,
    url: `${url}${path}`,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      // Argo CD wants it of every request but GET, also of one without a body.
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
