import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { GitHubStandIn } from '@sluice/testbed/github/start';
import { jobEnvironment, type RunOptions, type RunResult, runBundle } from '@sluice/testbed/runner';
import { type ApplicationOptions, createApplication, settled, syncByHand } from './applications.ts';
import type { Files } from './manifests.ts';
import type { Rig } from './rig/rig.ts';

const root = join(import.meta.dirname, '..', '..');

/** The image that the manifests of the scenarios name, without a tag. */
export const image = 'registry.example.com/web';

export type Inputs = Readonly<Record<string, string>>;

/** The GitOps repository of a scenario, as the team has it. */
export interface GitOps {
  /** Somebody's commit on `main`; its SHA. */
  commit(files: Files, author?: string): Promise<string>;
  read(path: string): Promise<string>;
  /** Where `main` stands. */
  head(): Promise<string>;
}

/** How a step runs where it is not as usual. */
type How = Pick<RunOptions, 'kill' | 'event'> & {
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds after which the process is killed; 100,000 by default. */
  readonly limit?: number;
};

/** What one scenario has to itself: a GitOps repository, a namespace and an Application, all of the same name. */
export interface Stage {
  readonly rig: Rig;
  readonly github: GitHubStandIn;
  readonly name: string;
  /** Puts the repository on GitHub, public, so that Argo CD reads it without a token. */
  repository(files: Files): Promise<GitOps>;
  /** An Application that follows the folder `path`, synced and of the given health at what Git says now. */
  application(options: { path: string; health?: string } & Partial<ApplicationOptions>): Promise<void>;
  bump(inputs: Inputs, runId?: number): Promise<RunResult>;
  wait(inputs: Inputs, how?: How): Promise<RunResult>;
  /** The root action: both in one step. */
  deploy(inputs: Inputs, how?: How): Promise<RunResult>;
}

export function createStage(rig: Rig, github: GitHubStandIn, name: string): Stage {
  const fullName = `acme/${name}`;
  const token = (): string =>
    github.createToken({ permissions: { contents: 'write' }, repositories: [fullName] });
  const argocd: Inputs = {
    'argocd-server': rig.argocd.url,
    'argocd-token': rig.argocd.token,
    timeout: '60s',
    settle: '1s',
    'degraded-grace': '3s',
  };
  const step = (action: string, inputs: Inputs, how: How = {}): Promise<RunResult> =>
    runBundle({
      action: join(root, action),
      inputs,
      token: token(),
      // The application's own repository, which is not the one that is written to.
      env: jobEnvironment(github, 'acme/shop', {
        GITHUB_RUN_ID: '1000',
        // As on GitHub's own runners: a dry run finds kustomize and Helm.
        PATH: `${process.env.PATH ?? ''}:${rig.bin}`,
        ...how.env,
      }),
      timeout: how.limit ?? 100_000,
      ...(how.kill === undefined ? {} : { kill: how.kill }),
      ...(how.event === undefined ? {} : { event: how.event }),
    });
  return {
    rig,
    github,
    name,
    async repository(files) {
      await github.createRepository(fullName, files, { private: false });
      return {
        commit: (changed, author = 'ann') => github.commitFiles(fullName, 'main', changed, { author }),
        read: async (path) => (await github.readFile(fullName, 'main', path))?.toString() ?? '',
        head: () => github.head(fullName),
      };
    },
    async application({ health = 'Healthy', ...options }) {
      const repository = `${github.url}/${fullName}.git`;
      const application = { name, namespace: name, repository, ...options };
      await createApplication(rig, application);
      if (options.auto === false) await syncByHand(rig, application.name);
      await settled(rig, application.name, health);
    },
    bump: (inputs, runId = 1000) =>
      step(
        'actions/image-tag-bump',
        { repository: fullName, ...inputs },
        { env: { GITHUB_RUN_ID: `${runId}` } },
      ),
    wait: (inputs, how) => step('actions/argo-sync-wait', { ...argocd, ...inputs }, how),
    deploy: (inputs, how) => step('.', { repository: fullName, ...argocd, ...inputs }, how),
  };
}

/** Runs image-tag-bump, which must commit; the output `change`. */
export async function bumped(stage: Stage, inputs: Inputs, runId?: number): Promise<string> {
  const run = await stage.bump(inputs, runId);
  expectOutcome(run, 'updated', 0);
  return run.outputs.change ?? '';
}

/** Checks verdict, reason and exit code of a verification; what the step printed stands in the failure. */
export function expectVerdict(run: RunResult, verdict: string, reason: string, exitCode: number): void {
  expectOutcome(run, verdict, exitCode);
  assert.equal(run.outputs.reason, reason, run.log);
  const claimsNothing = verdict === 'superseded' || verdict === 'unknown';
  const ok = verdict === 'live' ? 'true' : claimsNothing ? 'unknown' : 'false';
  assert.equal(run.outputs.ok, ok, run.log);
}

function expectOutcome(run: RunResult, verdict: string, exitCode: number): void {
  const found = `${run.outputs.verdict}, exit ${run.exitCode}`;
  assert.equal(found, `${verdict}, exit ${exitCode}`, `${found}, but wanted ${verdict}:\n${run.log}`);
  assert.notEqual(run.outputs.summary ?? '', '', 'a verdict without a sentence');
  assert.notEqual(run.summary, '', 'no job summary');
}

/** The output `result`. */
export function resultOf(run: RunResult): unknown {
  return JSON.parse(run.outputs.result ?? '{}');
}
