import type { Clock } from '@sluice/core/clock';
import type { PullRequest } from '@sluice/testbed/github/types';
import { deploy } from '../deploy.ts';
import type { DeployOutcome } from '../outcome.ts';
import { type Stage, startStage } from '../test-stage.ts';

export const gitops = 'acme/gitops';
export const file = 'apps/shop.yaml';
export const manifest = (tag: string) =>
  `apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec: { containers: [{ name: app, image: "registry.example/shop:${tag}" }] }
`;

/** The stage with a GitOps repository that has version 1. */
export async function startGitOps(): Promise<Stage> {
  const stage = await startStage();
  await stage.github.createRepository(gitops, { [file]: manifest('1') });
  return stage;
}

/** The newest pull request. */
export function pullOf({ github }: Stage): PullRequest {
  const found = [...github.repository(gitops).pulls.values()].at(-1);
  if (found === undefined) throw new Error('there is no pull request');
  return found;
}

/** Whoever sleeps wakes up at once, and it is so much later. */
function fastClock(): Clock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    async sleep(ms, signal) {
      ahead += ms;
      await new Promise((resolve) => setTimeout(resolve, 5));
      signal?.throwIfAborted();
    },
  };
}

/** A run that waits for its pull request; `act` happens when it has looked at it first. */
export async function run(
  stage: Stage,
  act: () => unknown,
  more: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<DeployOutcome> {
  stage.github.faults.push({ path: /\/pulls\/\d+$/, run: async () => void (await act()) });
  const inputs = stage.inputs({
    ...{ repository: gitops, path: 'apps', token: stage.github.createToken(), commit: 'pull-request' },
    ...{ verify: 'merged', 'merge-timeout': '8s', ...more },
  });
  return deploy(inputs, { ...stage.world(signal), clock: fastClock() });
}
