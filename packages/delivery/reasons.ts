/** Why a Deployment is closed that its own run could not end. */
export interface CloseReasons {
  readonly 'not-begun': 'the deployment was not approved, was cancelled, or could not start: nothing was changed';
  readonly interrupted: 'the run of the deployment broke off without a verdict';
}

/** What became of the pull requests of a change. */
export interface MergeReasons {
  readonly merged: 'the pull requests of the change are merged';
  readonly 'not-merged': 'the time was over before the pull requests were merged';
  readonly 'pull-request-closed': 'a pull request was closed, and its branch does not hold the change';
  readonly 'pull-request-retargeted': 'a pull request was merged into another branch than the one that the change is for';
  readonly 'merged-without': 'a pull request was merged without the change: somebody had altered it';
}

/** The codes of the one-step deployment itself. */
export interface DeliveryReasons extends CloseReasons, MergeReasons {}
