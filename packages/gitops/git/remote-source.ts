import { SluiceError } from '@sluice/core/errors';
import { createGit } from '@sluice/core/git';
import { createGitHub, type GitHub } from '@sluice/core/github';
import type { World } from '@sluice/core/run';
import type { Target } from '../bump/bump-plan.ts';
import { actionsBot } from '../commit/commit-author.ts';
import type { CommitMethod } from '../commit/commit-method.ts';
import { createOutdatedGuard, type OutdatedGuard } from '../images/outdated.ts';
import { type BumpInputs, credentialOf, type LoginInputs } from '../inputs.ts';
import { type Checkout, findCheckout, isAtBranch } from './checkout.ts';
import { type GitLogin, openGitLogin } from './git-login.ts';
import { type OpenRepository, openRepository } from './git-repository.ts';
import type { Repository } from './repository.ts';

/** A repository on GitHub, opened to be changed. */
export interface RemoteSource extends AsyncDisposable {
  readonly type: 'remote';
  readonly target: Target;
  readonly guard: OutdatedGuard;
  readonly repository: Repository;
  readonly github: GitHub;
  readonly method: CommitMethod;
  /** Brings the checked-out tree forward to a commit on the branch, where there is such a tree. */
  readonly follow?: (commit: string) => Promise<void>;
}

/** Opens the repository that the inputs name, and finds its branch. */
export async function openRemote(
  inputs: BumpInputs & LoginInputs,
  world: World,
  about: Omit<Target, 'branch'>,
): Promise<RemoteSource> {
  const { apiUrl, graphqlUrl, serverUrl, tempDir, workspace } = world.context;
  const { log, clock, fetch, signal, exec, env } = world;
  await using opening = new AsyncDisposableStack();
  const credential = credentialOf(inputs, about.repository);
  const github = createGitHub({ apiUrl, graphqlUrl, credential, log, clock, fetch, signal });
  const checkout = await findCheckout(
    inputs.checkout,
    { serverUrl, repository: about.repository, root: workspace },
    (dir) => createGit({ exec, dir, env, signal, clock }),
  );
  const login = opening.use(await openGitLogin(inputs, world, { ...about, github, checkout }));
  const lender = checkout?.lender;
  const repository = opening.use(
    await openRepository({ url: login.url, dir: tempDir, git: login.git, lender }),
  );
  const branch = inputs.branch || (await repository.defaultBranch());
  const isFollowing = checkout !== undefined && (await isAtBranch(inputs.checkout, checkout, branch));
  const opened = opening.move();
  return {
    ...{ type: 'remote', target: { ...about, branch }, repository, github },
    guard: createOutdatedGuard(inputs, world, { repository, github }),
    method:
      inputs['commit-method'] === 'git'
        ? { type: 'git', clone: repository.work, author: actionsBot(serverUrl) }
        : { type: 'api', github },
    ...(isFollowing && {
      follow: (commit) => follow({ checkout, branch, commit, repository, login }, inputs, world),
    }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

interface Following {
  readonly checkout: Checkout;
  readonly branch: string;
  readonly commit: string;
  readonly repository: OpenRepository;
  readonly login: GitLogin;
}

/** The commit is there already: whatever becomes of the workspace is no failure. */
async function follow(
  { repository, login, ...which }: Following,
  inputs: BumpInputs,
  world: World,
): Promise<void> {
  const { followCommit } = await import('./checkout-follow.ts');
  let why: string | undefined;
  try {
    why = await followCommit({ ...which, ...login, dir: repository.folder('hand-over.git') }, world);
  } catch (error) {
    world.signal.throwIfAborted();
    why = error instanceof SluiceError ? error.message : String(error);
  }
  const short = which.commit.slice(0, 7);
  if (why === undefined) return world.log.info(`The workspace stands at ${short} now`);
  const sentence = `The workspace stays as it is, without ${short}: ${why}`;
  if (inputs.checkout === 'workspace') world.log.warning(sentence);
  else world.log.info(sentence);
}
