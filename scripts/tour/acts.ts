import { readBranch } from '@sluice/testbed/argocd/refs';
import type { RunResult } from '@sluice/testbed/runner';
import { checkDrift, deploy, nextRun, type With } from './actions.ts';
import { gitops, type Stage } from './stage.ts';

/** What an act leaves for those after it: the result of its last step. */
export type Done = ReadonlyMap<string, RunResult>;

/** One scene. Acts that have nothing to do with each other play at the same time. */
export interface Act {
  readonly id: string;
  readonly title: string;
  /** What happens, for somebody who has never seen it. */
  readonly story: string;
  /** Acts that must be over: those that it builds on, and those without which two cores would carry too much at once. */
  readonly after: readonly string[];
  /** Milliseconds later. The first second of an act is work, the four after it are waiting: acts that begin apart share two cores well. */
  readonly later?: number;
  /** The verdict that the story promises. */
  readonly verdict: string;
  /** Text that the verdict's sentence or evidence must hold. */
  readonly tells?: string;
  readonly play: (stage: Stage, done: Done) => Promise<RunResult>;
}

const registry = 'registry.finpay.example';
const release = [`${registry}/payments-api:1.5.0`, `${registry}/ledger-web:3.11`].join('\n');

const releaseTo = (environment: string) => ({
  images: release,
  path: [`payments-api/${environment}`, `ledger-web/overlays/${environment}`].join('\n'),
  project: 'payments',
  environment,
});

const fraudCheck = (environment: string, tag: string, more: With = {}) => ({
  images: `${registry}/fraud-check:${tag}`,
  path: `fraud-check/values-${environment}.yaml`,
  applications: `fraud-check-${environment}`,
  project: 'fraud-check',
  environment,
  ...more,
});

async function editByHand(stage: Stage, path: string, from: string, to: string): Promise<void> {
  const text = String(await stage.github.readFile(gitops, 'main', path));
  const author = 'Alice <alice@finpay.example>';
  const files = { [path]: text.replace(from, to) };
  await stage.github.commitFiles(gitops, 'main', files, { author, message: `Back to ${to}` });
}

const changeOf = (done: Done, act: string): string => done.get(act)?.outputs.change ?? '';

export const acts: readonly Act[] = [
  {
    id: 'development',
    title: 'A release goes to development',
    story:
      'payments-api 1.5.0 (plain manifests) and ledger-web 3.11 (kustomize): one step bumps both, commits, and waits until both run.',
    after: [],
    verdict: 'live',
    play: (stage) => deploy(stage, releaseTo('development')),
  },
  {
    id: 'staging',
    title: 'The same release goes to staging',
    story:
      'The same step at the same time: a commit that finds the branch moved is planned again on the new head.',
    after: [],
    later: 400,
    verdict: 'live',
    play: (stage) => deploy(stage, releaseTo('staging')),
  },
  {
    id: 'production',
    title: 'The same release goes to production',
    story:
      'What was seen to run in staging, and nothing else. This deployment file has CRLF line ends; they stay.',
    after: ['development', 'staging'],
    verdict: 'live',
    play: (stage) => deploy(stage, releaseTo('production')),
  },
  {
    id: 'drift',
    title: 'Somebody sets the tag back by hand',
    story:
      'Alice commits 1.4.1 over our 1.5.0 in staging. Argo CD follows her and shows green. A drift check (`mode: once`) asks for our change.',
    after: ['staging'],
    later: 1000,
    verdict: 'drifted',
    tells: 'Alice',
    async play(stage, done) {
      await editByHand(
        stage,
        'payments-api/staging/deployment.yaml',
        'payments-api:1.5.0',
        'payments-api:1.4.1',
      );
      await stage.argocd.poll('payments-api-staging');
      return checkDrift(stage, changeOf(done, 'staging'));
    },
  },
  {
    id: 'overtaken',
    title: 'A newer deployment overtakes an older one',
    story:
      'fraud-check 2.3.1 is on its way to staging; a second run deploys 2.3.2 there. The older run must neither fail nor claim success.',
    after: ['development'],
    later: 1500,
    verdict: 'superseded',
    async play(stage) {
      const runs = { older: nextRun(), newer: nextRun() };
      // So long that the newer one commits before it is over, on a slow machine too.
      const older = deploy(stage, fraudCheck('staging', '2.3.1', { settle: '10s' }), runs.older);
      await committed(stage, 'fraud-check/values-staging.yaml', '2.3.1');
      const newer = deploy(stage, fraudCheck('staging', '2.3.2'), runs.newer);
      return (await Promise.all([older, newer]))[0];
    },
  },
  {
    id: 'override',
    title: 'An override hides the change',
    story:
      'During an incident somebody pinned `image.tag` of fraud-check in production in the Argo CD Application itself. The commit arrives, Argo CD says Synced, and nothing changes.',
    after: [],
    later: 2000,
    verdict: 'not-effective',
    async play(stage) {
      await stage.argocd.updateSpec('fraud-check-production', ({ source, ...spec }) => ({
        ...spec,
        ...(source && {
          source: {
            ...source,
            helm: { ...source.helm, parameters: [{ name: 'image.tag', value: '2.3.0' }] },
          },
        }),
      }));
      return deploy(stage, fraudCheck('production', '2.3.2', { sync: 'when-manual' }));
    },
  },
  {
    id: 'bad-image',
    title: 'A version that never becomes healthy',
    story:
      'fraud-check 2.4.0 crashes at its start. The commit is there, the sync succeeds, and the rollout never ends.',
    after: [],
    later: 1200,
    verdict: 'failed',
    tells: 'progress deadline',
    play: (stage) => deploy(stage, fraudCheck('development', '2.4.0')),
  },
  {
    id: 'way-back',
    title: 'The way back is a commit',
    story:
      'Auto-sync would undo a rollback in Argo CD, and Git would not know of it: the repaired 2.4.1 goes the same way as every version.',
    after: ['bad-image'],
    verdict: 'live',
    play: (stage) => deploy(stage, fraudCheck('development', '2.4.1')),
  },
];

/** Resolves when the branch holds the text; the action that commits it is running. */
async function committed(stage: Stage, path: string, text: string): Promise<void> {
  const { dir } = stage.github.repository(gitops);
  let seen: string | undefined;
  for (let i = 0; i < 200; i++) {
    const head = await readBranch(dir, 'main');
    if (head !== seen && String(await stage.github.readFile(gitops, 'main', path)).includes(text)) return;
    seen = head;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
