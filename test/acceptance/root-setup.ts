import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { StandInOptions } from '@sluice/testbed/argocd/stand-in';
import type { GitHubOptions } from '@sluice/testbed/github/start';
import { jobEnvironment, type RunOptions, type RunResult, runBundle } from '@sluice/testbed/runner';
import { expect } from 'vitest';
import * as wait from './argo-sync-wait-setup.ts';

export const action = fileURLToPath(new URL('../..', import.meta.url));
/** Another build than the committed one: the folder of its bundles. */
const built = process.env.SLUICE_BUNDLES;

export const { gitops, folder, manifest, image, deployment } = wait;

/** The one line that most workflows write, and whose deployment it is. */
export const payments = {
  images: image('1.4.2'),
  path: folder,
  project: 'payments',
  environment: 'production',
};

export interface Fixture extends Omit<wait.Fixture, 'change' | 'run'> {
  /** Of the GitOps repository; the job's own token reaches the workflow's repository alone. */
  readonly token: string;
  /** Of Argo CD: may read and sync. */
  readonly argocdToken: string;
  run(inputs?: Record<string, string>, more?: Partial<RunOptions>): Promise<RunResult>;
  /** The file of the deployment as it stands on the branch. */
  text(path?: string): Promise<string | undefined>;
  /** The commits that a run of ours made, newest first. */
  ours(): Promise<readonly { readonly sha: string; readonly message: string }[]>;
  /** Does something when our commit has landed, before the branch is read back. */
  beforeReadBack(act: () => Promise<unknown> | unknown): void;
  /** Lets auto-sync go on, at the branch's head and at no older commit. */
  release(app?: string): Promise<void>;
  /** Resolves when there are so many of our commits. */
  committed(count?: number): Promise<void>;
}

export interface FixtureOptions extends StandInOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly github?: GitHubOptions;
}

/** The payments API at 1.3.9 in a GitOps repository and in an Argo CD that reads it, and the repository of its workflow. */
export async function startFixture(options: FixtureOptions = {}): Promise<Fixture> {
  const stage = await wait.startFixture(options);
  const { github, argocd } = stage;
  const sha = await github.createRepository('acme/app', { 'README.md': '# app\n' });
  const token = github.createToken({
    repositories: [gitops],
    permissions: { contents: 'write', pull_requests: 'write' },
  });
  const jobToken = github.githubToken('acme/app');
  const argocdToken = argocd.token({ actions: ['get', 'sync'] });
  const ours = async () =>
    (await github.log(gitops)).filter(({ message }) => message.includes('Sluice-Change:'));
  return {
    ...stage,
    token,
    argocdToken,
    ours,
    run: (inputs = {}, more = {}) =>
      runBundle({
        action,
        ...(built === undefined ? {} : { bundle: `${built}/root.js` }),
        token: jobToken,
        timeout: 90_000,
        ...more,
        inputs: {
          ...{ repository: gitops, branch: 'main', token },
          'argocd-server': argocd.url,
          'argocd-token': argocdToken,
          settle: '1s',
          'degraded-grace': '2s',
          timeout: '45s',
          ...payments,
          ...inputs,
        },
        env: jobEnvironment(github, 'acme/app', { GITHUB_RUN_ID: '42', GITHUB_SHA: sha, ...more.env }),
      }),
    text: async (path = manifest) => (await github.readFile(gitops, 'main', path))?.toString('utf8'),
    beforeReadBack(act) {
      const look = {
        path: /gitops\.git\/info\/refs/,
        async run() {
          if ((await ours()).length === 0) github.faults.push(look);
          else await act();
        },
      };
      github.faults.push(look);
    },
    async release(app = 'payments') {
      // A comparison that is under way may have begun at an older commit.
      await argocd.idle(app);
      await argocd.poll(app);
      argocd.faults.neverSync(app, false);
      await argocd.poll(app);
    },
    async committed(count = 1) {
      while ((await ours()).length < count) await delay(50);
    },
  };
}

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

/** What `seen` shows of a change that is live. */
export const live = { exitCode: 0, verdict: 'live', reason: 'proven', ok: 'true' };

/** Inputs of a run that ends with its commit. */
export const unverified = { verify: 'committed', 'argocd-server': '', 'argocd-token': '' };
