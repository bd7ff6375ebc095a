import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '@sluice/core/errors';
import type { Git } from '@sluice/core/git';
import { repositoryOn, withoutLogin } from '../applications/repository-url.ts';
import type { BumpInputs } from '../inputs.ts';
import type { Lender } from './git-clone.ts';
import { readHead } from './git-head.ts';

/** A repository that stands in the workspace. */
export interface Checkout {
  readonly root: string;
  /** Git's command line in it, without any token. */
  readonly git: Git;
  /** Undefined where no branch is checked out. */
  readonly branch: string | undefined;
  readonly head: string;
  /** As its configuration has it. */
  readonly url: string;
  readonly lender: Lender;
}

interface Wanted {
  readonly serverUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  /** GITHUB_WORKSPACE. */
  readonly root: string | undefined;
}

/**
 * The checkout whose objects can be read: of the same repository. With `checkout: workspace` it must be one. Throws a
 * SluiceError of kind input that names both where it is not.
 */
export async function findCheckout(
  input: BumpInputs['checkout'],
  wanted: Wanted,
  gitIn: (dir: string) => Git,
): Promise<Checkout | undefined> {
  if (input === 'clone') return undefined;
  const { root, repository, serverUrl } = wanted;
  const found = root === undefined ? undefined : await readCheckout(root, gitIn(root));
  if (found === undefined) {
    if (input === 'auto') return undefined;
    throw wrong(
      '`checkout: workspace` is given, and no repository is checked out in the workspace.',
      repository,
    );
  }
  const there = repositoryOn(serverUrl, found.url);
  if (there?.toLowerCase() === repository.toLowerCase()) return found;
  if (input === 'auto') return undefined;
  const name = there ?? (withoutLogin(found.url) || 'a repository without `origin`');
  throw wrong(`The workspace holds ${name}, and the change goes to ${repository}.`, repository);
}

/**
 * Whether the checkout stands at the branch that is changed, so that it can be brought along. `auto` passes over one
 * with commits that nobody has pushed.
 */
export async function isAtBranch(
  input: BumpInputs['checkout'],
  checkout: Checkout,
  branch: string,
): Promise<boolean> {
  if (checkout.branch === branch) return input === 'workspace' || isPushed(checkout);
  if (input !== 'workspace') return false;
  const there = checkout.branch ?? `no branch (${checkout.head.slice(0, 7)})`;
  throw new SluiceError(
    'input',
    'invalid-input',
    `The workspace has ${there} checked out, and the change goes to the branch ${branch}.`,
    { hint: 'Give `branch` the branch that is checked out, or use `checkout: clone`.' },
  );
}

async function isPushed({ git, head }: Checkout): Promise<boolean> {
  const ahead = await git.run(['rev-list', '-1', head, '--not', '--remotes']).catch(() => head);
  return ahead.trim() === '';
}

async function readCheckout(root: string, git: Git): Promise<Checkout | undefined> {
  // Most workspaces hold none: that costs no process.
  if (!existsSync(join(root, '.git'))) return undefined;
  const { branch, commit: head } = await readHead(root, git);
  const places = await git
    .run([
      'rev-parse',
      '--path-format=absolute',
      '--show-toplevel',
      '--git-path',
      'objects',
      '--git-path',
      'shallow',
    ])
    .catch(() => '');
  const [top = '', objects = '', shallow = ''] = places.split('\n');
  // A path that Git cannot be told in one line is none that we lend from.
  if (shallow === '' || head === '' || realpathSync(root) !== realpathSync(top)) return undefined;
  const url = await git.run(['config', '--get', 'remote.origin.url']).catch(() => '');
  return {
    root,
    git,
    branch: branch === '' ? undefined : branch,
    head,
    url: url.trim(),
    lender: { objects, shallow },
  };
}

function wrong(message: string, repository: string): SluiceError {
  const hint = `Check ${repository} out with actions/checkout before this step, into the workspace itself; or use \`checkout: clone\`.`;
  return new SluiceError('input', 'invalid-input', message, { hint });
}
