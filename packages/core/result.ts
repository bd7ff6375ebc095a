import type { Ok } from './verdict.ts';

/** What every `result` begins with: the same as the outputs of these names. */
export interface ResultHead<Schema extends string, Verdict extends string, Reason extends string> {
  readonly schema: Schema;
  /** What was found. */
  readonly verdict: Verdict;
  /** Whether what the verdict claims was seen. */
  readonly ok: Ok;
  /** Why; a code of the closed list in the README of the action. */
  readonly reason: Reason;
  /** The verdict in one sentence. */
  readonly summary: string;
}

/** A run that ended by an error, and claims nothing. */
export interface ErrorDetails<Code extends string> {
  readonly error: {
    /** The same as `reason`. */
    readonly code: Code;
    readonly message: string;
    /** What to do about it; empty where nobody knows. */
    readonly hint: string;
  };
}

/** A result whose details are more than an output can hold. */
export interface ShortenedDetails {
  readonly shortened: true;
}

/** The JSON of the output `result`. `Unknown` is the verdict of a run that ended by an error. */
export type Result<
  Schema extends string,
  Verdict extends string,
  Reason extends string,
  ErrorCode extends string,
  Details,
  Unknown extends string = 'unknown',
> =
  | (ResultHead<Schema, Verdict, Reason> & Details)
  | (ResultHead<Schema, Unknown, ErrorCode> & ErrorDetails<ErrorCode>)
  | (ResultHead<Schema, Verdict, Reason | ErrorCode> & ShortenedDetails);
