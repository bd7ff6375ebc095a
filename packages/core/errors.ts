/** Who can mend it: the user (input, permission), nobody here (platform), a later try (conflict), we (internal). */
export type ErrorKind = 'input' | 'permission' | 'platform' | 'conflict' | 'internal';

/**
 * An error whose message a user may read as it is: what happened, in one sentence.
 * `code` is the reason code that the action puts out; `hint` says what to do.
 */
export class SluiceError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string | undefined;

  constructor(
    kind: ErrorKind,
    code: string,
    message: string,
    options: { hint?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'SluiceError';
    this.kind = kind;
    this.code = code;
    this.hint = options.hint;
  }
}
