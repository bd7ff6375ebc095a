import path from 'node:path';
import type { Deployment } from '@sluice/testbed/github/types';
import { jobEnvironment, runBundle } from '@sluice/testbed/runner';
import type { Permissions } from '@sluice/testbed/workflows/permissions';
import { callWorkflow } from '@sluice/testbed/workflows/run';
import type { Texts } from '@sluice/testbed/workflows/shape';
import type { CallContract, WorkflowFile } from '@sluice/testbed/workflows/workflow-file';
import type { WorkflowRun, World } from '@sluice/testbed/workflows/world';
import { supersedeBundle } from '../acceptance/cancel-superseded-setup.ts';
import { action, type Fixture, gitops, payments } from '../acceptance/root-setup.ts';
import { securityBundle } from '../acceptance/security-scan-setup.ts';

export const root = path.resolve(import.meta.dirname, '../..');
/** Another build than the committed one: the folder of its bundles. */
const built = process.env.SLUICE_BUNDLES;
const ours = { name: 'sluice-delivery/sluice', ref: 'main', folder: root };

/** A workflow of this repository, for the runner. */
export const workflowOf = (name: string) => ({ repository: ours, path: `.github/workflows/${name}` });

interface Options {
  readonly inputs?: Readonly<Record<string, string | boolean | number>>;
  readonly secrets?: Texts;
  readonly gate?: NonNullable<World['gate']>;
  /** An output that GitHub keeps to itself, because it takes it for a secret. */
  readonly dropped?: string;
  /** GITHUB_RUN_ID. */
  readonly run?: number;
  /** When the runner is lost that applies. */
  readonly lost?: Promise<unknown>;
}

/** Calls deploy.yml from the repository `acme/app`; each job's token may do what the job asks for, and no more. */
export async function ship(stage: Fixture, options: Options = {}): Promise<WorkflowRun> {
  const { github, argocd, argocdToken } = stage;
  const app = 'acme/app';
  const permissions = { contents: 'write', pull_requests: 'write' } as const;
  const sha = await github.head(app);
  const world: World = {
    github: {},
    token: (asked) => github.githubToken(app, asStandIn(asked)),
    ...(options.gate === undefined ? {} : { gate: options.gate }),
    async action({ uses, inputs, token }) {
      const { run: id = 42 } = options;
      const env = jobEnvironment(github, app, { GITHUB_RUN_ID: String(id), GITHUB_SHA: sha });
      if (uses.startsWith('actions/checkout@')) return { passed: true };
      if (uses === '$/actions/security-scan') {
        const { exitCode, outputs } = await runBundle({ ...securityBundle, inputs, token, env });
        return { passed: exitCode === 0, outputs };
      }
      if (uses === '$/actions/cancel-superseded') {
        const { exitCode, outputs } = await runBundle({ ...supersedeBundle, inputs, token, env });
        return { passed: exitCode === 0, outputs };
      }
      if (uses !== '$/') throw new Error(`${uses} is not ours`);
      const applies = inputs['expect-plan'] !== undefined && options.lost !== undefined;
      const kill = applies ? { kill: { signal: 'SIGKILL', after: options.lost } as const } : {};
      const bundle = built === undefined ? {} : { bundle: path.join(built, 'root.js') };
      const run = await runBundle({ action, ...bundle, inputs, token, env, ...kill });
      const outputs = Object.entries(run.outputs).filter(([name]) => name !== options.dropped);
      return { passed: run.exitCode === 0, outputs: Object.fromEntries(outputs) };
    },
  };
  return callWorkflow(world, workflowOf('deploy.yml'), {
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

/** As a token of the stand-in names them. */
export function asStandIn(permissions: Permissions): Readonly<Record<string, 'read' | 'write'>> {
  if (typeof permissions === 'string') throw new Error(`${permissions} names no permission`);
  const named: Record<string, 'read' | 'write'> = {};
  for (const [name, access] of Object.entries(permissions)) {
    if (access !== 'none') named[name.replaceAll('-', '_')] = access;
  }
  return named;
}

/** What tests of the text of a called workflow look at. */
export interface Called extends CallContract {
  readonly jobs: readonly {
    readonly id: string;
    readonly permissions: Permissions | undefined;
    readonly outputs: Texts;
    readonly steps: readonly { readonly id: string; readonly uses: string; readonly with: Texts }[];
  }[];
}

/** A workflow that can be called, all of whose steps use actions. Throws for another one. */
export function called({ call, jobs }: WorkflowFile): Called {
  if (call === undefined) throw new Error('Nobody can call it');
  return {
    ...call,
    jobs: jobs.map(({ id, permissions, does }) => {
      if (does.type !== 'steps') throw new Error(`${id} has no steps`);
      const steps = does.steps.map((step) => {
        if (step.does.type !== 'uses') throw new Error(`${id} runs a script`);
        return { id: step.id, uses: step.does.uses, with: step.does.with };
      });
      return { id, permissions, outputs: does.outputs, steps };
    }),
  };
}

export const usesIn = ({ jobs }: Called) => jobs.flatMap(({ steps }) => steps);
