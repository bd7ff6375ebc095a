/** Why a Deployment is closed that its own run could not end. */
export interface CloseReasons {
  readonly 'not-begun': 'the deployment was not approved, was cancelled, or could not start: nothing was changed';
  readonly interrupted: 'the run of the deployment broke off without a verdict';
}
