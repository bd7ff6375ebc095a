import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installArgoCd } from './argocd-settings.ts';
import type { Binaries } from './build.ts';
import { callJson } from './http.ts';
import { textAt } from './json.ts';
import type { Kubernetes } from './kubernetes.ts';
import { freePorts } from './ports.ts';
import type { Processes } from './processes.ts';

/** Argo CD's server, its controllers (of applications, ApplicationSets and notifications) and its repo server. */
export interface ArgoCd {
  readonly url: string;
  /** May read and sync applications, and nothing else: no more than the actions need. */
  readonly token: string;
  /** May read applications only. */
  readonly readToken: string;
  /** As administrator. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Another argocd-server over the same Applications, which a scenario can stop without taking it from the others. */
  startServer(name: string): Promise<ExtraServer>;
}

/** A server of its own: same Applications, same tokens. */
export interface ExtraServer {
  readonly url: string;
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again at the same address; resolves when it answers. */
  again(): Promise<void>;
}

const loopback = '127.0.0.1';

/** Installs Argo CD into the cluster and starts its programs; `path` goes before the rig's own programs on PATH. */
export async function startArgoCd(
  processes: Processes,
  binaries: Binaries,
  kubernetes: Kubernetes,
  folder: string,
  path: string,
): Promise<ArgoCd> {
  await installArgoCd(kubernetes, binaries.crds);
  // argocd-server ends itself when its kinds are not served yet.
  for (const kind of ['applications', 'applicationsets', 'appprojects']) {
    const list = `/apis/argoproj.io/v1alpha1/${kind}`;
    await processes.until('kube-apiserver', 30, () => kubernetes.get(list));
  }
  const [redis, repo, repoMetrics, controllerMetrics] = await freePorts(4);
  const env = environment(folder, kubernetes, [path, binaries.bin]);
  const parts: Parts = {
    start: (name, args, { program = name, ...more } = {}) =>
      processes.start(name, join(binaries.bin, program), args, { ...env, ...more }),
    ready: (name, url) => processes.until(name, 60, () => callJson({ method: 'GET', url })),
  };
  const redisServer = ['--redis', `${loopback}:${redis}`];
  const repoServer = ['--repo-server', `${loopback}:${repo}`, '--repo-server-plaintext'];
  processes.start('redis', 'redis-server', [
    ...['--port', `${redis}`, '--bind', loopback, '--dir', join(folder, 'tmp')],
    ...['--save', '', '--appendonly', 'no'],
  ]);
  parts.start('argocd-repo-server', [
    ...['--address', loopback, '--port', `${repo}`, '--disable-tls', ...redisServer],
    ...['--metrics-address', loopback, '--metrics-port', `${repoMetrics}`],
    // How long a branch is believed to stand where it stood; 3 minutes by default.
    ...['--revision-cache-expiration', '2s'],
  ]);
  parts.start(
    'argocd-application-controller',
    [
      ...['--metrics-port', `${controllerMetrics}`, ...repoServer, ...redisServer],
      // A poll in the middle of a scenario would hide that a refresh was lost, but some wait for one.
      ...['--app-resync', '15', '--app-resync-jitter', '0', '--self-heal-timeout-seconds', '1'],
      ...['--repo-error-grace-period-seconds', '0'],
    ],
    { HOSTNAME: 'argocd-application-controller-0' },
  );
  const startServer = async (name: string): Promise<ExtraServer> => {
    const [port, metrics] = await freePorts(2);
    const url = `http://${loopback}:${port}`;
    const answers = (): Promise<void> => parts.ready(name, `${url}/api/version`);
    const args = [
      ...['--insecure', '--address', loopback, '--port', `${port}`, '--metrics-port', `${metrics}`],
      ...[...repoServer, ...redisServer, '--dex-server', 'http://127.0.0.1:1'],
    ];
    parts.start(name, args, { program: 'argocd-server' });
    await answers();
    return {
      url,
      stop: (signal) => processes.stop(name, signal),
      async again() {
        processes.again(name);
        await answers();
      },
    };
  };
  const { url } = await startServer('argocd-server');
  // After the server, which makes the key that the webhook of the ApplicationSets wants.
  await startControllers(parts, `${loopback}:${repo}`);
  await parts.ready('argocd-repo-server', `http://${loopback}:${repoMetrics}/healthz`);
  await parts.ready('argocd-application-controller', `http://${loopback}:${controllerMetrics}/healthz`);

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
    startServer,
  };
}

/** Argo CD's programs, with the environment that they share. */
interface Parts {
  /** `program` where it is not the name; the rest goes over the environment. */
  start(name: string, args: readonly string[], more?: Readonly<Record<string, string>>): void;
  /** Resolves when the address answers; fails when the program of this name has died. */
  ready(name: string, url: string): Promise<void>;
}

/** The controllers beside that of applications: of ApplicationSets, and of notifications. */
async function startControllers(parts: Parts, repo: string): Promise<void> {
  const [webhook, probe, metrics, notificationMetrics] = await freePorts(4);
  parts.start('argocd-applicationset-controller', [
    ...['--webhook-addr', `${loopback}:${webhook}`, '--probe-addr', `${loopback}:${probe}`],
    ...['--metrics-addr', `${loopback}:${metrics}`, '--namespace', 'argocd'],
    ...['--argocd-repo-server', repo, '--repo-server-plaintext'],
  ]);
  parts.start('argocd-notifications', [
    ...['--metrics-port', `${notificationMetrics}`],
    ...['--argocd-repo-server', repo, '--argocd-repo-server-plaintext'],
  ]);
  await parts.ready('argocd-applicationset-controller', `http://${loopback}:${metrics}/metrics`);
  await parts.ready('argocd-notifications', `http://${loopback}:${notificationMetrics}/metrics`);
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
