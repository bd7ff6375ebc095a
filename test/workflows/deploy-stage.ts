import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Deployment } from '@sluice/testbed/github/types';
import { jobEnvironment, runBundle } from '@sluice/testbed/runner';
import { action, type Fixture, gitops, payments } from '../acceptance/root-setup.ts';
import { securityBundle } from '../acceptance/security-scan-setup.ts';
import { type Call, callWorkflow, type WorkflowRun } from './run-workflow.ts';
import { readWorkflow } from './workflow-file.ts';

export const root = path.resolve(import.meta.dirname, '../..');
/** Another build than the committed one: the folder of its bundles. */
const built = process.env.SLUICE_BUNDLES;
export const deployFile = path.join(root, '.github/workflows/deploy.yml');

interface Options {
  readonly inputs?: Call['inputs'];
  readonly secrets?: Call['secrets'];
  readonly gate?: Call['gate'];
  /** An output that GitHub keeps to itself, because it takes it for a secret. */
  readonly dropped?: string;
  /** When the runner is lost that applies. */
  readonly lost?: Promise<unknown>;
}

/** Calls deploy.yml from the repository `acme/app`; each job's token may do what the job asks for, and no more. */
export async function ship(stage: Fixture, options: Options = {}): Promise<WorkflowRun> {
  const { github, argocd, argocdToken } = stage;
  const app = 'acme/app';
  const permissions = { contents: 'write', pull_requests: 'write' } as const;
  const sha = await github.head(app);
  return callWorkflow(await readWorkflow(readFileSync(deployFile, 'utf8')), {
    inputs: {
      ...payments,
      repository: gitops,
      'argocd-server': argocd.url,
      settle: '1s',
      timeout: '60s',
      ...options.inputs,
    },
    secrets: {
      'argocd-token': argocdToken,
      token: github.createToken({ permissions, repositories: [gitops] }),
      ...options.secrets,
    },
    token: (asked) => github.githubToken(app, Object.fromEntries(Object.entries(asked).map(permission))),
    gate: options.gate ?? (async () => 'approved'),
    async step(uses, inputs, token) {
      const env = jobEnvironment(github, app, { GITHUB_RUN_ID: '42', GITHUB_SHA: sha });
      if (uses === 'actions/checkout@v7') return { passed: true, outputs: {} };
      if (uses === 'sluice-delivery/sluice/actions/security-scan@v1') {
        const { exitCode, outputs } = await runBundle({ ...securityBundle, inputs, token, env });
        return { passed: exitCode === 0, outputs };
      }
      if (uses !== 'sluice-delivery/sluice@v1') throw new Error(`${uses} is not ours`);
      const applies = inputs['expect-plan'] !== undefined && options.lost !== undefined;
      const kill = applies ? { kill: { signal: 'SIGKILL', after: options.lost } as const } : {};
      const bundle = built === undefined ? {} : { bundle: path.join(built, 'root.js') };
      const run = await runBundle({ action, ...bundle, inputs, token, env, ...kill });
      const outputs = Object.entries(run.outputs).filter(([name]) => name !== options.dropped);
      return { passed: run.exitCode === 0, outputs: Object.fromEntries(outputs) };
    },
  });
}

/** The GitHub Deployments of the repository that calls, oldest first. */
export const deployments = (stage: Fixture): readonly Deployment[] => [
  ...stage.github.repository('acme/app').deployments.values(),
];

export const states = (deployment: Deployment | undefined): readonly string[] =>
  (deployment?.statuses ?? []).map(({ state }) => state);

/** How each job ended. */
export const results = (run: WorkflowRun): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(run.jobs).map(([id, { result }]) => [id, result]));

/** As a token of the stand-in names it. */
export function permission([name, access]: readonly [string, string]): readonly [string, 'read' | 'write'] {
  if (access !== 'read' && access !== 'write') throw new Error(`${name}: ${access}`);
  return [name.replaceAll('-', '_'), access];
}
