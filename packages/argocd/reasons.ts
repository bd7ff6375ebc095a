/** The codes that tell why an application has its verdict, and what each means. */
export interface ApplicationReasons {
  readonly proven: 'it was seen that Argo CD compared with the change, shows it, and runs it';
  readonly 'rolling-out': 'a progressive rollout is under way, as far as `until` asks for';
  readonly superseded: 'a newer deployment of the same project, environment and tenant replaced the change';
  readonly overwritten: 'something else overwrote the change in Git';
  readonly 'live-drift': 'the cluster does not hold what Git says, and nothing brings it back';
  readonly overridden: 'the change is in Git, and an override hides it';
  readonly 'not-rendered': 'the change is in Git, and what is rendered does not show it';
  readonly 'stale-manifests': 'Argo CD shows manifests that are not those of the revision, after a hard refresh as well';
  readonly 'no-rendered-difference': 'what is rendered is the same with and without the change';
  readonly 'always-so': 'the history of Git shows no commit before the values of the change, so nothing tells what they do';
  readonly 'comparison-error': 'Argo CD cannot render or compare the application';
  readonly 'hydration-failed': 'the hydrator could not render the commit';
  readonly 'operation-failed': 'the sync, or a hook of it, failed';
  readonly 'sync-error': 'auto-sync gave up';
  readonly 'needs-sync': 'it is not Synced, auto-sync leaves it so, and this run was not asked to sync';
  readonly 'sync-forbidden': 'the token may not sync';
  readonly 'sync-refused': 'Argo CD refused the sync';
  readonly 'rollout-aborted': 'Argo Rollouts gave the rollout up and goes back to what was before';
  readonly degraded: 'it is Degraded longer than the grace time';
  readonly 'nothing-to-verify': 'no edit of the change can be verified in this application';
  readonly generated: 'the change is in an object that deploys others (an Application, an ApplicationSet, a HelmRelease), and what that generates was not looked at';
  readonly 'not-generated': 'the ApplicationSet that the change is in reports an error';
  readonly 'not-yet': '`mode: once`: it is not live now';
  readonly 'timed-out': 'the time was over before it was live';
  readonly 'could-not-ask': 'Argo CD or Git did not answer, or not about what was needed';
}

/** What there is to watch is not enough. */
export interface SelectionReasons {
  readonly 'no-application': 'there is no such Application, none is annotated with the deployment, or the token may not see it';
  readonly 'too-few-applications': 'fewer applications were found than `expect` says';
  readonly 'unread-files': 'no application reads a part of the change';
}

/** The codes of errors of Argo CD's API, and what each means. */
export interface ArgoCDErrors extends Pick<SelectionReasons, 'no-application'> {
  readonly 'argocd-unreachable': 'Argo CD could not be reached';
  readonly 'argocd-unavailable': 'Argo CD, or the Kubernetes API behind it, answered with an error';
  readonly 'argocd-certificate': "the server's certificate is not trusted, or it does not take ours";
  readonly 'argocd-not-an-api': "what answers is not Argo CD's API: a login page, or a wrong base path";
  readonly 'argocd-token': 'Argo CD does not accept the token';
  readonly 'argocd-login': 'there was no token to be had: by the identity of the run, or by user and password';
  readonly 'argocd-permission': 'the token lacks a permission; the sentence names it';
  readonly 'argocd-answer': 'Argo CD answered with something that is no Application';
}

declare module '@sluice/core/errors' {
  interface ErrorCodes extends ArgoCDErrors {}
}
