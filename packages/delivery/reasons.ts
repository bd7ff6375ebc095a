/** Why a Deployment is closed that its own run could not end. */
export interface CloseReasons {
  readonly 'not-approved': 'the deployment was not approved, or was cancelled before it began';
  readonly interrupted: 'the run of the deployment broke off without a verdict';
}
