import type { WaitReason } from '@sluice/argocd/page/outcome';
import type { BumpReasons } from '@sluice/gitops/reasons';

/** Why an environment of a pull request has its verdict, beside what a wait says. */
export interface PreviewReasons {
  readonly removed: 'the environment is gone from Git; and from Argo CD, where that could be asked';
  readonly 'nothing-to-remove': 'there was no environment to remove';
  readonly 'not-wanted': 'the pull request is to have no environment, by its labels or because it is closed: none was made, or it was taken away again';
  readonly 'limit-reached': 'there are as many environments as `limit` allows: nothing was written';
  readonly 'pull-request-over': 'the pull request is closed: no environment is made for it';
  readonly 'foreign-folder': 'the folder is of another repository or project, or nothing says that it is an environment: nothing was written';
  readonly 'removed-meanwhile': 'the environment was removed while this run waited for it';
  readonly 'still-there': 'the folder is gone from Git, and Argo CD still has an Application of it';
  readonly 'not-told': 'of some environments it could not be told whether they are needed: these stay';
}

/** Every reason of a verdict. */
export type PreviewReason =
  | keyof PreviewReasons
  | WaitReason
  | keyof Pick<BumpReasons, 'dry-run' | 'branch-protected' | 'ruleset'>;

/** With what a run for an environment may end before anything is written. */
export interface PreviewErrors {
  readonly 'invalid-template': 'the template cannot be rendered with these variables; the sentence lists each problem';
  readonly 'unsafe-folder': 'the template or the target leads through a symbolic link or a submodule, or is a file';
  readonly 'no-pull-request': 'neither the input `pull-request` nor the event of the run names a pull request';
}

declare module '@sluice/core/errors' {
  interface ErrorCodes extends PreviewErrors {}
}
