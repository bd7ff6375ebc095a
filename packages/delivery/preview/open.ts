import { SluiceError } from '@sluice/core/errors';
import { createGit } from '@sluice/core/git';
import { createGitHub, type GitHub } from '@sluice/core/github';
import type { World } from '@sluice/core/run';
import { actionsBot } from '@sluice/gitops/commit/commit-author';
import { committerOf } from '@sluice/gitops/commit/commit-method';
import type { Committer } from '@sluice/gitops/commit/committer';
import { type OpenRepository, openRepository } from '@sluice/gitops/git/git-repository';
import { credentialOf } from '@sluice/gitops/inputs';
import type { PreviewInputs } from './inputs.ts';

/** The GitOps repository, open to be changed. */
export interface Opened extends AsyncDisposable {
  /** `owner/name`. */
  readonly name: string;
  /** `https://github.com/acme/gitops` */
  readonly url: string;
  readonly branch: string;
  readonly repository: OpenRepository;
  readonly committer: Committer;
}

/** Opens what `repository` and `branch` name; by default the repository of the workflow, and its default branch. */
export async function openTarget(inputs: PreviewInputs, world: World): Promise<Opened> {
  const { context, log, clock, fetch, signal, exec, env } = world;
  const name = inputs.repository === '' ? context.repository : inputs.repository;
  if (name === '')
    throw new SluiceError(
      'input',
      'invalid-input',
      '`repository` is empty and GITHUB_REPOSITORY is not set.',
      {
        hint: 'Give `repository`: owner/name.',
      },
    );
  const url = `${context.serverUrl}/${name}`;
  const github = createGitHub({
    ...context,
    credential: credentialOf(inputs, name),
    log,
    clock,
    fetch,
    signal,
  });
  const https = `${url}.git`;
  const git = (dir: string) =>
    createGit({ exec, dir, url: https, token: () => github.token(), env, signal, clock });
  const repository = await openRepository({ url: https, dir: context.tempDir, git });
  try {
    const branch = inputs.branch || (await repository.defaultBranch());
    const committer = committerOf(
      inputs['commit-method'] === 'git'
        ? { type: 'git', clone: repository.work, author: actionsBot(context.serverUrl) }
        : { type: 'api', github },
      () => clock.now(),
    );
    return {
      name,
      url,
      branch,
      repository,
      committer,
      [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose](),
    };
  } catch (error) {
    await repository[Symbol.asyncDispose]();
    throw error;
  }
}

/** The pull request's own repository, where comments and Deployments are kept. */
export function pullGitHub(inputs: PreviewInputs, world: World, signal = world.signal): GitHub {
  const { context, log, clock, fetch } = world;
  const credential = { type: 'token', token: inputs['pull-request-token'] } as const;
  return createGitHub({ ...context, credential, log, clock, fetch, signal });
}
