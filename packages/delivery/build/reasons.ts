/** The codes that tell why a gate has its verdict, and what each means. */
export interface BuildReasons {
  readonly 'all-passed': 'everything that was asked for was done, and nothing was found';
  readonly 'build-failed': 'the image could not be built from its Dockerfile; the sentence has the line where the builder gives it';
  readonly 'smoke-failed': 'a smoke command ended with another exit code than 0';
  readonly 'smoke-not-started': 'a smoke command could not be started: the image has no such program, or it is not for this machine';
  readonly 'smoke-timed-out': 'a smoke command did not end within `smoke-timeout`, and was ended';
  readonly 'smoke-memory': 'a smoke command wanted more memory than `smoke-memory`, and was ended';
  readonly 'vulnerability-found': 'a known vulnerability counts against the image';
  readonly 'base-image-not-reached': 'the registry of a base image could not be reached, or refused: the build could not be tried';
  readonly 'builder-failed': 'the builder could not do its work, for a reason that is none of the Dockerfile: it was killed, or the disk is full';
  readonly 'smoke-not-run': 'the smoke commands could not be run as they must be: without network and within limits, or on this kind of processor';
  readonly 'not-scanned': 'whether there are known vulnerabilities could not be told; the sentence says why';
  readonly 'sbom-incomplete': 'the image has packages that are not read here, so that a scan would tell of a part alone';
  readonly 'not-pushed': 'everything passed, and the image could not be pushed';
  readonly 'digest-differs': 'what the registry has under the temporary tag is not what was built';
}

/** Why a verdict is what it is. */
export type BuildReason = keyof BuildReasons;

/** The codes of errors of a gate, and what each means. */
export interface BuildErrors {
  readonly 'no-builder': 'no builder that `builder` allows is on the runner and works; the sentence has what each said';
  readonly 'dockerfile-not-found': 'no file is where `dockerfile` says, or no folder where `context` says';
  readonly 'secret-not-found': 'no file is where an entry of `secrets` says';
  readonly 'image-not-there': 'the builder does not have `image`, and could not pull it';
  readonly 'image-differs': 'the builder has another image under the name in `image` than its registry';
  readonly 'image-unreadable': 'what the builder gave of the image cannot be read';
  readonly 'sbom-not-written': 'the file of `sbom-file` could not be written';
}

declare module '@sluice/core/errors' {
  interface ErrorCodes extends BuildErrors {}
}
