/** The codes of errors while an image registry is asked, and what each means. */
export interface RegistryErrors {
  readonly 'registry-login': 'the image registry wants a login, or does not accept the one it was given';
  readonly 'image-not-in-registry': 'the image registry has no such repository, tag or digest';
  readonly 'registry-unreachable': 'the image registry could not be reached, or did not answer in time';
  readonly 'registry-unavailable': 'the image registry answered with an error of its own or asked to wait, each time that it was tried';
  readonly 'registry-answer': 'what answered is not an image registry, or did not answer as one does';
}

declare module '@sluice/core/errors' {
  interface ErrorCodes extends RegistryErrors {}
}
