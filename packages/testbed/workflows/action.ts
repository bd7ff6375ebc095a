import { join } from 'node:path';
import { type ActionFile, type CompositeAction, type NodeAction, readActionFile } from './action-file.ts';
import { type Contexts, interpolateAll } from './expression.ts';
import { type Place, resolveUses } from './repository.ts';
import type { Texts } from './shape.ts';
import type { Uses } from './step-file.ts';
import { runStepList, type StepScope } from './step-list.ts';
import { runStepProcess } from './step-process.ts';
import type { StepEnd } from './world.ts';

/** Runs the action that a step uses, or takes what the world gives for it. */
export async function runAction(
  stepId: string,
  { uses, with: given }: Uses,
  scope: StepScope,
  contexts: Contexts,
  overlay: Texts,
): Promise<StepEnd> {
  const inputs = interpolateAll(given, contexts);
  const place = placeOf(uses, scope);
  const { jobPath, token, workspace } = scope;
  const start = {
    uses,
    jobPath,
    stepId,
    inputs,
    env: { ...scope.env, ...overlay },
    token,
    workspace,
    contexts,
  };
  const end = await scope.world.action?.(place === undefined ? start : { ...start, place });
  if (end !== undefined) return end;
  if (place === undefined) throw new Error(`Unable to resolve ${uses}`);
  const action = readActionFile(place);
  const all = { ...interpolateAll(action.inputs, contexts), ...lowerCased(inputs, action) };
  if (action.runs.type === 'node') return runNode(action.runs, place, all, scope, overlay);
  return runComposite(action.runs, place, all, scope, contexts, overlay);
}

/** `./x` is the workspace, which a checkout has filled. */
function placeOf(uses: string, scope: StepScope): Place | undefined {
  if (uses.startsWith('./')) {
    return resolveUses(uses, { name: 'the workspace', ref: '', folder: scope.workspace }, () => undefined);
  }
  try {
    return resolveUses(uses, scope.repository, scope.world.repositories ?? (() => undefined));
  } catch {
    return undefined;
  }
}

/** The names of inputs know no case. */
function lowerCased(inputs: Texts, action: ActionFile): Texts {
  const names = new Map(Object.keys(action.inputs).map((name) => [name.toLowerCase(), name]));
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [names.get(name.toLowerCase()) ?? name, value]),
  );
}

async function runNode(
  action: NodeAction,
  { repository, path }: Place,
  inputs: Texts,
  scope: StepScope,
  overlay: Texts,
): Promise<StepEnd> {
  const folder = join(repository.folder, path);
  const given = Object.entries(inputs).map(([name, value]) => [
    `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
    value,
  ]);
  const env = { ...overlay, ...Object.fromEntries(given), GITHUB_ACTION_PATH: folder };
  const command = { command: process.execPath, args: [join(folder, action.main)], env };
  const end = await runStepProcess({ ...command, directory: scope.workspace }, scope);
  if (action.post !== undefined) {
    const state = Object.entries(end.state).map(([name, value]) => [`STATE_${name}`, value]);
    const post = { ...env, ...Object.fromEntries(state) };
    scope.posts.push({ script: join(folder, action.post), condition: action.postIf, env: post });
  }
  return end;
}

/** Its steps see no secret and none of what the job needs; their ids are their own (facts of composite actions in GitHub's documentation). */
async function runComposite(
  action: CompositeAction,
  { repository, path }: Place,
  inputs: Texts,
  scope: StepScope,
  { secrets: _secrets, needs: _needs, steps: _steps, ...outer }: Contexts,
  overlay: Texts,
): Promise<StepEnd> {
  const actionFolder = join(repository.folder, path);
  const github = { ...scope.github, action_path: actionFolder };
  const inner: StepScope = {
    ...scope,
    repository,
    github,
    actionFolder,
    shell: '',
    directory: '',
    overlay,
    steps: {},
    failed: false,
    contexts: () => ({ ...outer, github, inputs, env: { ...scope.env, ...overlay } }),
    status: () => ({
      success: !inner.failed && !scope.isCancelled(),
      failure: inner.failed && !scope.isCancelled(),
      cancelled: scope.isCancelled(),
    }),
  };
  await runStepList(action.steps, inner);
  const outputs = interpolateAll(action.outputs, { ...inner.contexts(), steps: inner.steps });
  return { passed: !inner.failed && !scope.isCancelled(), outputs };
}
