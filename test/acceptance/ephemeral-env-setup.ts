import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ArgoCdStandIn, type StandInOptions, startArgoCd } from '@sluice/testbed/argocd/stand-in';
import type { Files } from '@sluice/testbed/github/objects';
import { type GitHubStandIn, startGitHub } from '@sluice/testbed/github/start';
import type { Comment, Deployment, PullRequest } from '@sluice/testbed/github/types';
import { jobEnvironment, type RunOptions, type RunResult, runBundle } from '@sluice/testbed/runner';
import { expect } from 'vitest';

const action = fileURLToPath(new URL('../../actions/ephemeral-env', import.meta.url));

export const gitops = 'acme/gitops';
export const app = 'acme/app';
export const target = 'ephemeral/payments';
export const image = (tag: string): string => `registry.example/payments:${tag}`;

/** What every pull request gets. */
export const template: Readonly<Record<string, string>> = {
  'deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: { slug: <<slug>>, number: "<<number>>" }
spec:
  replicas: <<replicas>>
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: app
          image: <<image>>
`,
  'settings.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { commit: "<<commit>>", template: "{{ .Values.x }} \${{ github.sha }} $(HOME)" }
`,
};

export interface Fixture extends AsyncDisposable {
  readonly github: GitHubStandIn;
  readonly argocd: ArgoCdStandIn;
  /** Opens a pull request from a branch of this name. */
  pull(number: number, branch?: string): Promise<PullRequest>;
  run(
    inputs: Record<string, string>,
    more?: Partial<RunOptions> & { readonly id?: number },
  ): Promise<RunResult>;
  /** `deploy` of a pull request with an image of this tag. */
  deploy(
    number: number,
    tag?: string,
    inputs?: Record<string, string>,
    more?: Partial<RunOptions> & { readonly id?: number },
  ): Promise<RunResult>;
  /** The files on the branch below a folder. */
  files(folder?: string): Promise<readonly string[]>;
  /** Commits a symbolic link. */
  link(path: string, to: string): Promise<void>;
  comments(): readonly Comment[];
  deployments(): readonly Deployment[];
  /** Whether the ApplicationSet looks at Git. */
  generating(on: boolean): void;
}

export interface FixtureOptions extends StandInOptions {
  readonly files?: Files;
}

/** A GitOps repository with a template, an ApplicationSet over its environments, and the repository of the pull requests. */
export async function startFixture({ files: more = {}, ...options }: FixtureOptions = {}): Promise<Fixture> {
  const github = await startGitHub();
  const source = Object.entries(template).map(([path, text]) => [`previews/payments/${path}`, text] as const);
  await github.createRepository(gitops, {
    'README.md': '# gitops\n',
    ...Object.fromEntries(source),
    ...more,
  });
  await github.createRepository(app, { 'README.md': '# app\n' });
  const argocd = await startArgoCd({ gitBase: github.root, ...options });
  const token = github.createToken({ repositories: [gitops], permissions: { contents: 'write' } });
  const jobToken = github.githubToken(app);
  const argocdToken = argocd.token({ actions: ['get'] });
  const generator = generate(github, argocd);
  let runs = 100;
  const run: Fixture['run'] = (inputs, { id = ++runs, env, ...given } = {}) =>
    runBundle({
      ...{ action, token: jobToken, timeout: 200_000 },
      ...given,
      inputs: {
        ...{
          project: 'payments',
          repository: gitops,
          token,
          template: 'previews/payments',
          values: 'replicas=2',
        },
        ...{ url: 'https://<<slug>>.example.test/' },
        ...{ 'argocd-server': argocd.url, 'argocd-token': argocdToken },
        ...{ settle: '1s', 'degraded-grace': '2s', timeout: '120s' },
        ...inputs,
      },
      env: jobEnvironment(github, app, { GITHUB_RUN_ID: String(id), ...env }),
    });
  return {
    github,
    argocd,
    run,
    deploy: (number, tag = '1.0.0', inputs = {}, given = {}) =>
      run({ 'pull-request': String(number), image: image(tag), ...inputs }, given),
    async pull(number, branch = `feature/${number}`) {
      const repository = github.repository(app);
      const headSha = await github.commitFiles(app, branch, { 'a.txt': `${number}\n` });
      const pull: PullRequest = {
        ...{
          number,
          author: 'alice',
          head: branch,
          base: 'main',
          createdAt: 0,
          updatedAt: 0,
          title: 'x',
          body: null,
        },
        ...{ state: 'open', draft: false, labels: [], reviewers: [], teamReviewers: [] },
        ...{ headSha, baseSha: await github.head(app) },
      };
      repository.pulls.set(number, pull);
      return pull;
    },
    async files(folder = target) {
      const all = await listFiles(github);
      return all.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1));
    },
    async link(path, to) {
      await github.commitFiles(gitops, 'main', { [path]: { content: to, mode: '120000' } });
    },
    comments: () => [...github.repository(app).comments.values()],
    deployments: () => [...github.repository(app).deployments.values()],
    generating: generator.on,
    async [Symbol.asyncDispose]() {
      await generator.stop();
      await argocd.close();
      await github.close();
    },
  };
}

/** Every file on the main branch of the GitOps repository. */
async function listFiles(github: GitHubStandIn): Promise<readonly string[]> {
  const args = ['-C', github.repository(gitops).dir, 'ls-tree', '-r', '-z', '--name-only', 'main'];
  return (await promisify(execFile)('git', args)).stdout.split('\0').filter((path) => path !== '');
}

/** What an ApplicationSet with a generator of Git directories does, every 300 ms: the stand-in knows lists alone. */
function generate(github: GitHubStandIn, argocd: ArgoCdStandIn) {
  let [stopped, held] = [false, false];
  const running = (async () => {
    for (let last = ''; !stopped; await delay(300)) {
      if (held) continue;
      const all = await listFiles(github);
      const names = new Set(all.flatMap((path) => /^ephemeral\/payments\/([^/]+)\//.exec(path)?.[1] ?? []));
      const elements = [...names].map((name) => ({ name }));
      if (JSON.stringify(elements) === last) continue;
      last = JSON.stringify(elements);
      argocd.apply(applicationSet(`${github.url}/${gitops}.git`, elements));
    }
  })();
  return {
    on(on: boolean) {
      held = !on;
    },
    async stop() {
      stopped = true;
      await running;
    },
  };
}

const applicationSet = (repoURL: string, elements: readonly { readonly name: string }[]) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'ApplicationSet',
  metadata: { name: 'previews', namespace: 'argocd' },
  spec: {
    generators: [{ list: { elements } }],
    template: {
      metadata: { name: 'payments-{{name}}' },
      spec: {
        project: 'default',
        source: { repoURL, targetRevision: 'main', path: `${target}/{{name}}` },
        destination: { server: 'https://kubernetes.default.svc', namespace: 'payments-{{name}}' },
        syncPolicy: { automated: { prune: true, selfHeal: true } },
      },
    },
  },
});

/** Runs one test with a fixture of its own; then asks whether the rules of both servers were kept. */
export async function withFixture(
  test: (fixture: Fixture) => Promise<void>,
  options: FixtureOptions = {},
): Promise<void> {
  await using fixture = await startFixture(options);
  await test(fixture);
  fixture.github.expectNoViolations();
  expect(fixture.argocd.violations).toEqual([]);
}

export const seen = ({ exitCode, outputs: { verdict, reason, ok } }: RunResult) => ({
  exitCode,
  verdict,
  reason,
  ok,
});

/** Nothing was written anywhere. */
export async function expectUntouched(
  { github, comments, deployments }: Fixture,
  head: string,
): Promise<void> {
  expect(await github.head(gitops)).toBe(head);
  expect(comments()).toEqual([]);
  expect(deployments()).toEqual([]);
}
