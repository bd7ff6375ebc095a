/** Who can mend it: the user (input, permission), nobody here (platform), a later try (conflict), we (internal). */
export type ErrorKind = 'input' | 'permission' | 'platform' | 'conflict' | 'internal';

/** The codes of the errors that any action may end with, and what each means. */
export interface CoreErrors {
  readonly 'invalid-input': 'an input is missing, wrong, or contradicts another one; the sentence lists each';
  readonly 'invalid-environment': 'a variable of the runner does not have the form that GitHub gives it';
  readonly 'invalid-proxy': 'the address of the proxy is not a URL';
  readonly 'proxy-refused': 'the proxy of the runner does not let a request through';
  readonly 'untrusted-certificate': "a server's certificate is signed by an authority that the runner does not know";
  readonly 'untrusted-host-key': "a server's SSH host key is not among those that are known";
  readonly 'invalid-private-key': 'the private key of the GitHub App is not PEM text';
  readonly 'bad-credentials': 'GitHub does not accept the token, or the private key of the App';
  readonly 'app-not-installed': 'the GitHub App is not installed on the repository';
  readonly 'app-suspended': "the App's installation was suspended by the repository's owner";
  readonly 'permission-denied': 'the token lacks a permission; the sentence names it';
  readonly 'not-visible': 'it does not exist, or the token does not reach it';
  readonly 'repository-moved': 'the repository was renamed or moved, and goes by another name now';
  readonly 'rate-limited': "GitHub's rate limit for this token is used up";
  readonly conflict: 'somebody else changed it at the same time, each time that it was tried';
  readonly 'stale-data': 'the branch moved while GitHub was asked to commit';
  readonly 'github-refused': 'GitHub refused the request for another reason; the sentence holds its words';
  readonly 'github-unavailable': 'GitHub answered with an error of its own, each time that it was tried';
  readonly 'github-unreachable': 'GitHub could not be reached';
  readonly 'unexpected-answer': 'what answered is not GitHub, or does not answer as it does';
  readonly 'git-unreachable': "the repository's server could not be reached";
  readonly 'git-failed': 'git failed for another reason; the sentence holds its words';
  readonly 'program-missing': 'a program that is needed is not on the runner';
  readonly 'output-too-large': 'a program wrote more than is read';
  readonly cancelled: 'the run was cancelled before there was a verdict';
  readonly 'internal-error': 'a defect of this action';
}

/**
 * Every code that an error can have. The packages above add theirs by declaration merging, so that the compiler takes none
 * that the lists in the READMEs and the schemas do not have.
 */
export interface ErrorCodes extends CoreErrors {}
export type ErrorCode = keyof ErrorCodes;

/**
 * An error whose message a user may read as it is: what happened, in one sentence.
 * `code` is the reason code that the action puts out; `hint` says what to do.
 */
export class SluiceError extends Error {
  readonly kind: ErrorKind;
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  /** Where there are several: each by itself, in the order of the sentence that lists them. */
  readonly problems: readonly string[];

  constructor(
    kind: ErrorKind,
    code: ErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown; problems?: readonly string[] } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'SluiceError';
    this.kind = kind;
    this.code = code;
    this.hint = options.hint;
    this.problems = options.problems ?? [];
  }
}
