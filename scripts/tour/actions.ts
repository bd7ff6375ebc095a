import { fileURLToPath } from 'node:url';
import { jobEnvironment, type RunResult, runBundle } from '@sluice/testbed/runner';
import { gitops, type Stage } from './stage.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a workflow of FinPay writes under `with:`, beside what is the same in all of them. */
export type With = Readonly<Record<string, string>>;

let lastRun = 7_000_000_000;
/** GitHub gives a newer run a greater id: that is how an action knows which of two deployments is the newer one. */
export const nextRun = (): string => String(++lastRun);

const waiting = { settle: '1s', 'degraded-grace': '1s', timeout: '30s' };

function login(stage: Stage): With {
  return {
    'argocd-server': stage.argocd.url,
    'argocd-token': stage.argocdToken,
    'app-id': stage.app.id,
    'app-private-key': stage.app.privateKey,
  };
}

function run(stage: Stage, action: string, inputs: With, runId: string): Promise<RunResult> {
  const env = jobEnvironment(stage.github, 'finpay/services', { GITHUB_RUN_ID: runId, GITHUB_ACTOR: 'dave' });
  return runBundle({ action: `${root}/${action}`, inputs, env, timeout: 60_000 });
}

/** `uses: sluice-delivery/sluice@v1`: bump, commit, and wait until it is verified. */
export function deploy(stage: Stage, inputs: With, runId = nextRun()): Promise<RunResult> {
  return run(stage, '.', { ...login(stage), ...waiting, repository: gitops, ...inputs }, runId);
}

/** `uses: sluice-delivery/sluice/actions/argo-sync-wait@v1` with `mode: once`: is a change still live? */
export function checkDrift(stage: Stage, change: string, inputs: With = {}): Promise<RunResult> {
  const all = { ...login(stage), ...waiting, change, mode: 'once', ...inputs };
  return run(stage, 'actions/argo-sync-wait', all, nextRun());
}
