/** Why a Deployment is closed that its own run could not end. */
export interface CloseReasons {
  readonly 'not-begun': 'the deployment was not approved, was cancelled, or could not start: nothing was changed';
  readonly interrupted: 'the run of the deployment broke off without a verdict';
  readonly 'gave-way': 'a newer run of the same project, environment and tenant took its place before anything was changed';
}

/** What became of the pull requests of a change. */
export interface MergeReasons {
  readonly merged: 'the pull requests of the change are merged';
  readonly 'not-merged': 'the time was over before the pull requests were merged';
  readonly 'pull-request-closed': 'a pull request was closed, and its branch does not hold the change';
  readonly 'pull-request-retargeted': 'a pull request was merged into another branch than the one that the change is for';
  readonly 'merged-without': 'a pull request was merged without the change: somebody had altered it';
}

/** What is found of Deployments that another run has left `in_progress`. */
export interface EventReasons {
  readonly 'awaits-notification': '`mode: event`: the change is committed, and another run sees whether it becomes live';
  readonly 'nothing-open': 'no Deployment is in progress that this run is about';
  readonly 'not-on-branch': 'the change is not on its branch: its pull request is not merged, or it was never committed';
  readonly 'change-not-kept': 'the Deployment does not hold its change, so that nothing can be compared with it';
  readonly reported: 'Argo CD could not be read, and its notification says so';
  readonly 'not-reported': 'Argo CD could not be read, and its notification does not say enough';
  readonly 'not-the-notifier': 'the notification is not by the configured App or user: it is no evidence';
  readonly 'not-recorded': 'what was found could not be put on its Deployment';
  readonly 'gave-up': 'it could not be told for so long as `give-up-after` says';
}

/** The codes of the one-step deployment itself. */
export interface DeliveryReasons extends CloseReasons, MergeReasons, EventReasons {}
