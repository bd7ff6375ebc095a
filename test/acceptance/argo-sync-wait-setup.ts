import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Change, Edit } from '@sluice/gitops/change';
import {
  type ApplicationOptions,
  type ArgoCdStandIn,
  type StandInOptions,
  startArgoCd,
} from '@sluice/testbed/argocd/stand-in';
import { type GitHubOptions, type GitHubStandIn, startGitHub } from '@sluice/testbed/github/start';
import { jobEnvironment, type RunOptions, type RunResult, runBundle } from '@sluice/testbed/runner';

const action = fileURLToPath(new URL('../../actions/argo-sync-wait', import.meta.url));

export const gitops = 'acme/gitops';
export const folder = 'apps/payments/production';
export const manifest = `${folder}/deployment.yaml`;
export const image = (tag: string): string => `registry.example/payments-api:${tag}`;

export const deployment = (tag: string, name = 'payments-api'): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: app
          image: ${image(tag)}
`;

export const configMap = (color: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { color: ${color} }\n`;

/** The edit of the Deployment above. */
export const imageEdit = (from: string, to: string): Edit => ({
  place: {
    type: 'container',
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'payments-api',
    list: 'containers',
    container: 'app',
  },
  from: image(from),
  to: image(to),
  image: image(to),
});

export interface Fixture extends AsyncDisposable {
  readonly github: GitHubStandIn;
  readonly argocd: ArgoCdStandIn;
  /** Creates an application of the payments folder, already running the first version. */
  deployed(options?: Partial<ApplicationOptions>): Promise<void>;
  commit(
    files: Readonly<Record<string, string>>,
    more?: { message?: string; author?: string },
  ): Promise<string>;
  /** Commits version `to` and hands on the change. */
  change(to?: string, more?: Partial<Change>): Promise<Change>;
  run(inputs: Record<string, string>, more?: Partial<RunOptions>): Promise<RunResult>;
  /** Resolves when Argo CD has been asked for a path with this text. */
  requested(part: string): Promise<void>;
}

/** A GitOps repository with version 1.3.9 of the payments API, an Argo CD that reads it, and times that make tests short. */
export async function startFixture(
  options: StandInOptions & {
    readonly files?: Readonly<Record<string, string>>;
    readonly github?: GitHubOptions;
  } = {},
): Promise<Fixture> {
  const github = await startGitHub(options.github);
  const first = await github.createRepository(gitops, {
    'README.md': '# gitops\n',
    [manifest]: deployment('1.3.9'),
    [`${folder}/settings.yaml`]: configMap('blue'),
    ...options.files,
  });
  const argocd = await startArgoCd({ gitBase: github.root, ...options });
  const token = github.createToken({ permissions: { contents: 'read' } });
  const commit: Fixture['commit'] = (files, more) => github.commitFiles(gitops, 'main', files, more);
  return {
    github,
    argocd,
    commit,
    async deployed(more = {}) {
      await argocd.createApplication({
        name: 'payments',
        repoURL: `${github.url}/${gitops}.git`,
        path: folder,
        targetRevision: 'main',
        automated: true,
        deployed: true,
        ...more,
      });
    },
    async change(to = '1.4.2', more = {}) {
      const base = await github.head(gitops);
      const sha = await commit({ [manifest]: deployment(to) }, { message: `Deploy ${to}`, author: 'sluice' });
      return {
        schema: 'sluice.change.v1',
        repository: `${github.url}/${gitops}`,
        branch: 'main',
        commit: sha,
        base: base || first,
        project: 'payments',
        environment: 'production',
        run: 'acme/app/42/1',
        files: [{ path: manifest, edits: [imageEdit('1.3.9', to)] }],
        ...more,
      };
    },
    run: (inputs, more = {}) =>
      runBundle({
        action,
        token,
        timeout: 45_000,
        ...more,
        inputs: {
          'argocd-server': argocd.url,
          'argocd-token': argocd.token({ actions: ['get'] }),
          settle: '1s',
          'degraded-grace': '2s',
          timeout: '20s',
          ...inputs,
        },
        env: jobEnvironment(github, 'acme/app', { GITHUB_RUN_ID: '42', ...more.env }),
      }),
    async requested(part) {
      while (!argocd.requests.some(({ path }) => path.includes(part))) await delay(50);
    },
    async [Symbol.asyncDispose]() {
      await argocd.close();
      await github.close();
      github.expectNoViolations();
      if (argocd.violations.length > 0) throw new Error(`Argo CD's rules were broken: ${argocd.violations}`);
    },
  };
}

/** `result` of a run. */
export function resultOf(run: RunResult): Record<string, unknown> {
  const value: unknown = JSON.parse(run.outputs.result ?? '');
  if (typeof value !== 'object' || value === null) throw new Error('result is no object');
  return { ...value };
}

/** What of a run most tests look at. */
export const seen = (run: RunResult) => ({
  exitCode: run.exitCode,
  verdict: run.outputs.verdict,
  reason: run.outputs.reason,
  ok: run.outputs.ok,
});

/** A run that comes to no server. */
export const runAlone = (inputs: Record<string, string>): Promise<RunResult> =>
  runBundle({ action, token: 'ghs_any', inputs });

/** A certificate of its own authority for 127.0.0.1, as PEM texts. */
export async function certificate(): Promise<{ readonly key: string; readonly cert: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'certificate-'));
  const files = ['-keyout', join(dir, 'key.pem'), '-out', join(dir, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    ...files,
    ...subject,
  ]);
  const [key, cert] = await Promise.all(
    ['key.pem', 'cert.pem'].map((name) => readFile(join(dir, name), 'utf8')),
  );
  await rm(dir, { recursive: true });
  return { key: key ?? '', cert: cert ?? '' };
}
