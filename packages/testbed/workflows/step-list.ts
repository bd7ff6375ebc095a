import { runAction } from './action.ts';
import {
  type Contexts,
  interpolate,
  interpolateAll,
  interpolateValue,
  isTrue,
  type Status,
} from './expression.ts';
import type { Repository } from './repository.ts';
import type { Mapping, Texts } from './shape.ts';
import { runShell } from './shell.ts';
import type { Step } from './step-file.ts';
import { type Post, runPost } from './step-process.ts';
import type { StepEnd, World } from './world.ts';

export type Outcome = 'success' | 'failure' | 'cancelled' | 'skipped';

/** What the steps of a job, or of a composite action in it, share. What they change is the job's, but `steps` and `failed`. */
export interface StepScope {
  readonly world: World;
  /** Of the file that holds the steps: what `$/` means. */
  readonly repository: Repository;
  readonly jobPath: string;
  readonly github: Mapping;
  /** The runner's own folder. */
  readonly temp: string;
  readonly workspace: string;
  readonly token: string;
  /** Of a composite action. */
  readonly actionFolder: string | undefined;
  readonly shell: string;
  readonly directory: string;
  readonly stop: AbortSignal;
  readonly isCancelled: () => boolean;
  readonly env: Record<string, string>;
  /** What the step that uses a composite action adds to it. */
  readonly overlay: Texts;
  readonly paths: string[];
  readonly masks: string[];
  readonly posts: Post[];
  readonly log: string[];
  readonly steps: Record<string, Mapping>;
  failed: boolean;
  readonly contexts: () => Contexts;
  readonly status: () => Status;
}

/** Runs steps one after the other; what fails is in `scope.failed`. */
export async function runStepList(steps: readonly Step[], scope: StepScope): Promise<void> {
  for (const step of steps) await runStep(step, scope);
}

/** What actions do at the end of a job, last in, first out. */
export async function runPosts(scope: StepScope): Promise<void> {
  for (const post of scope.posts.splice(0).reverse()) {
    if (!isTrue(post.condition, scope.contexts(), scope.status())) continue;
    if (!(await runPost(post, scope))) scope.failed = true;
  }
}

async function runStep(step: Step, scope: StepScope): Promise<void> {
  const before = { ...scope.contexts(), steps: scope.steps };
  const overlay = { ...scope.overlay, ...interpolateAll(step.env, before) };
  const contexts = { ...before, env: { ...scope.env, ...overlay } };
  const runs = isTrue(step.condition, contexts, scope.status());
  const end = runs ? await runOne(step, scope, contexts, overlay) : { passed: true };
  const outcome = runs ? outcomeOf(end, scope) : 'skipped';
  const continues = interpolateValue(step.continueOnError, contexts) === true;
  const conclusion = outcome === 'failure' && continues ? 'success' : outcome;
  if (conclusion === 'failure') scope.failed = true;
  if (step.id !== '') scope.steps[step.id] = { outputs: end.outputs ?? {}, outcome, conclusion };
}

function outcomeOf({ passed }: StepEnd, { isCancelled }: StepScope): Outcome {
  if (passed) return 'success';
  return isCancelled() ? 'cancelled' : 'failure';
}

function runOne(step: Step, scope: StepScope, contexts: Contexts, overlay: Texts): Promise<StepEnd> {
  const { does } = step;
  if (does.type === 'uses') return runAction(step.id, does, scope, contexts, overlay);
  const script = interpolate(does.script, contexts);
  const directory = interpolate(does.directory || scope.directory, contexts);
  return runShell({ script, directory, shell: does.shell || scope.shell }, scope, overlay);
}
