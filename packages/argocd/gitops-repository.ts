import { createGit } from '@sluice/core/git';
import { createGitHub } from '@sluice/core/github';
import type { World } from '@sluice/core/run';
import { type OpenRepository, openRepository } from '@sluice/gitops/git/git-repository';
import { credentialOf, type LoginInputs } from '@sluice/gitops/inputs';

/** The GitOps repository at a URL, to read. The token goes to GitHub's own server and to no other. */
export async function openGitOps(url: string, inputs: LoginInputs, world: World): Promise<OpenRepository> {
  const { context, exec, env, signal, clock, log, fetch } = world;
  const { host, pathname } = new URL(url);
  const own = host === new URL(context.serverUrl).host;
  const path = pathname.replace(/^\//, '').replace(/(\.git)?\/*$/, '');
  const github = own
    ? createGitHub({ ...context, credential: credentialOf(inputs, path), log, clock, fetch, signal })
    : undefined;
  // At GitHub's own scheme, whatever an Application says: no token goes over http:// where GitHub has https://.
  const remote = own ? `${context.serverUrl}/${path}.git` : url.replace(/(\.git)?\/*$/, '.git');
  const token = github === undefined ? undefined : () => github.token();
  return openRepository({
    url: remote,
    dir: context.tempDir,
    git: (dir) => createGit({ exec, dir, url: remote, token, env, signal, clock }),
  });
}
