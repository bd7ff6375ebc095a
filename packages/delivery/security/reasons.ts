/** Why Deployments have their verdict, beside what a scan says. */
export interface SecurityReasons {
  readonly 'no-deployment': 'no Deployment of ours is active in the environment, or in a repository of `deployment-repositories`';
  readonly 'no-sbom': 'a Deployment names no SBOM: what it holds is not known';
  readonly 'not-scanned': 'an SBOM could not be fetched, read or looked up; the sentence says why';
}

/** With what the fetching of an SBOM may end. */
export interface SecurityErrors {
  readonly 'sbom-not-fetched': 'the SBOM could not be fetched from its address; the sentence says why';
  readonly 'sbom-refused': 'the address of the SBOM is none from which one is fetched';
  readonly 'sbom-changed': 'what lies at the address of the SBOM has another digest than the one that was named with it';
}

declare module '@sluice/core/errors' {
  interface ErrorCodes extends SecurityErrors {}
}
