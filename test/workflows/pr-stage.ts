import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Check } from '@sluice/delivery/gate/checks/types';
import type { Repository } from '@sluice/testbed/workflows/repository';
import type { Result } from '@sluice/testbed/workflows/result';
import { runWorkflow } from '@sluice/testbed/workflows/run';
import { isTriggered } from '@sluice/testbed/workflows/triggers';
import { readWorkflow } from '@sluice/testbed/workflows/workflow-file';
import type { JobEnd, WorkflowRun, World } from '@sluice/testbed/workflows/world';
import { load } from 'js-yaml';
import { root } from './deploy-stage.ts';
import { gate } from './pr-gate.ts';

export const page = readFileSync(path.join(root, 'docs/pull-request-checks.md'), 'utf8');
/** The whole workflows of docs/pull-request-checks.md: those that a team copies. */
export const examples = [...page.matchAll(/```yaml\n(name: [\s\S]*?)```/g)].map(([, text = '']) => text);
const [caller = '', closing = '', required = ''] = examples;
export const callers = { caller, closing, required };

export const requiredName = 'pr / ready';

/** An event as far as the workflows look at it. */
export interface Event {
  readonly name: string;
  readonly action?: string;
  /** Nothing for a merge queue. */
  readonly pull?: { readonly number: number; readonly fork: boolean };
  readonly sha?: string;
}

const pull = { number: 12, fork: false };
const fork = { number: 12, fork: true };
const of = (action: string, from = pull): Event => ({ name: 'pull_request', action, pull: from });
export const events = {
  opened: of('opened'),
  synchronize: of('synchronize'),
  reopened: of('reopened'),
  labeled: of('labeled'),
  unlabeled: of('unlabeled'),
  closed: of('closed'),
  'merge group': { name: 'merge_group', action: 'checks_requested' },
  'opened from a fork': of('opened', fork),
  'labeled from a fork': of('labeled', fork),
  'pull_request_target of a fork': { ...of('opened', fork), name: 'pull_request_target' },
  'pull_request_target, opened': { ...of('opened'), name: 'pull_request_target' },
  'pull_request_target, labeled': { ...of('labeled'), name: 'pull_request_target' },
} as const satisfies Readonly<Record<string, Event>>;

export interface Options {
  /** What skip-ephemeral says. */
  readonly skip?: boolean;
  /** Whether the caller asks for environments; it does in the documentation. */
  readonly previews?: boolean;
  /** How each job ends, by its path, if it runs; default `success`. Not asked for `ready`, which judges by itself. */
  readonly ends?: (path: string) => Result;
  /** What GitHub says of the commit: then `built` judges by itself, too. */
  readonly said?: readonly Check[];
  readonly workflow?: string;
  /** In place of the file. */
  readonly called?: string;
  readonly signal?: AbortSignal;
  /** In place of what is said above of jobs and actions, and beside it. */
  readonly world?: Partial<World>;
}

/** A run of a documented caller on an event; nothing where the event does not start it. */
export async function runPull(event: Event, options: Options = {}): Promise<WorkflowRun | undefined> {
  const text = withoutPreviews(options.workflow ?? caller, options.previews ?? true);
  const file = await readWorkflow(text);
  // Who writes `pull_request_target` where `pull_request` stands gets the same jobs.
  const trigger = event.name === 'pull_request_target' ? 'pull_request' : event.name;
  if (!isTriggered(file, trigger, event.action)) return undefined;
  const repository: Repository = {
    name: 'finpay/payments-api',
    ref: 'main',
    folder: root,
    files: { '.github/workflows/caller.yml': text },
  };
  const { called, said } = options;
  const judges = said === undefined ? ['pr/ready'] : ['pr/ready', 'pr/built'];
  const sluice = {
    name: 'sluice-delivery/sluice',
    folder: root,
    ...(called === undefined ? {} : { files: { '.github/workflows/pr.yml': called } }),
  };
  return runWorkflow(
    {
      github: githubOf(event),
      readOnlyToken: event.pull?.fork === true,
      secrets: event.pull?.fork === true ? {} : { GITOPS_APP_KEY: 'key', ARGOCD_TOKEN: 'token' },
      vars: { GITOPS_APP_ID: '7' },
      repositories: (name, ref) => (name === 'sluice-delivery/sluice' ? { ...sluice, ref } : undefined),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      job: ({ path: job }) => (judges.includes(job) ? undefined : ended(job, event, options)),
      action: ({ uses, inputs }) => (uses === '$/actions/pr-ready' ? gate(inputs, said ?? []) : undefined),
      ...options.world,
    },
    { repository, path: '.github/workflows/caller.yml' },
  );
}

function ended(job: string, event: Event, { ends, skip = false }: Options): JobEnd {
  const result = ends?.(job) ?? 'success';
  if (result !== 'success') return { result, outputs: {} };
  // In a merge queue there is no environment, whatever the labels say.
  const outputs = job === 'pr/labels' ? { skip: String(skip || event.name === 'merge_group') } : {};
  return { result, outputs };
}

function githubOf(event: Event): Readonly<Record<string, unknown>> {
  const sha = event.sha ?? '0123456789abcdef0123456789abcdef01234567';
  const repo = { full_name: event.pull?.fork === true ? 'mallory/payments-api' : 'finpay/payments-api' };
  const pull_request = event.pull && { number: event.pull.number, head: { sha, repo } };
  return {
    event_name: event.name,
    event: { action: event.action, ...(pull_request && { pull_request }) },
    repository: 'finpay/payments-api',
    run_id: '77',
    sha,
  };
}

function withoutPreviews(text: string, previews: boolean): string {
  return previews ? text : text.replace(/^ +preview-template: .*\n/m, '');
}

/** What stands at a place of a documented workflow. */
export function at(text: string, ...place: readonly string[]): unknown {
  return place.reduce<unknown>((value, key) => Object(value)[key], load(text));
}
