import type { RunnerContext } from '@sluice/core/context';
import { SluiceError } from '@sluice/core/errors';
import { createGit, type Git } from '@sluice/core/git';
import type { World } from '@sluice/core/run';
import { readHead } from '../git/git-head.ts';
import { openRemote, type RemoteSource } from '../git/remote-source.ts';
import { createOutdatedGuard, type OutdatedGuard } from '../images/outdated.ts';
import type { BumpInputs, LoginInputs } from '../inputs.ts';
import type { Target } from './bump-plan.ts';

/** What a bump works on, opened. */
export type Source =
  | RemoteSource
  | (AsyncDisposable & {
      readonly type: 'workspace';
      readonly target: Target;
      readonly guard: OutdatedGuard;
      readonly root: string;
      readonly git: Git;
    });

/** Opens what the inputs name: the working tree for `commit: none`, else the repository on GitHub. */
export async function openSource(inputs: BumpInputs & LoginInputs, world: World): Promise<Source> {
  const { context } = world;
  const repository = inputs.repository === '' ? context.repository : inputs.repository;
  if (repository === '') {
    throw new SluiceError(
      'input',
      'invalid-input',
      'There is no repository: `repository` is empty and GITHUB_REPOSITORY is not set.',
      {
        hint: 'Give `repository`: owner/name.',
      },
    );
  }
  const url = `${context.serverUrl}/${repository}`;
  const about = { repository, url, run: runOf(context) };
  if (inputs.commit === 'none') {
    const root = workspaceOf(context);
    const git = createGit({
      exec: world.exec,
      dir: root,
      env: world.env,
      signal: world.signal,
      clock: world.clock,
    });
    const branch =
      inputs.branch || (await readHead(root, git)).branch || context.ref.replace(/^refs\/heads\//, '');
    return {
      type: 'workspace',
      root,
      git,
      guard: createOutdatedGuard(inputs, world),
      target: { ...about, branch, isWorkspace: true },
      [Symbol.asyncDispose]: async () => {},
    };
  }
  return openRemote(inputs, world, about);
}

function runOf({ repository, runId, runAttempt }: RunnerContext): string | undefined {
  return runId === '' || repository === '' ? undefined : `${repository}/${runId}/${runAttempt}`;
}

function workspaceOf({ workspace }: RunnerContext): string {
  if (workspace !== undefined) return workspace;
  throw new SluiceError('input', 'no-workspace', 'There is no working tree: GITHUB_WORKSPACE is not set.', {
    hint: 'Check the repository out before this step, or use `commit: direct`.',
  });
}
