/** `unknown` claims nothing: neither that it worked nor that it did not. */
export type Ok = 'true' | 'false' | 'unknown';

/**
 * What an action found: the five common outputs, what it adds to them, and the page that a person reads.
 * The run wrapper decides the exit code from the verdict and the input `fail-on-verdict`.
 */
export interface Outcome<Verdict extends string = string, Reason extends string = string> {
  readonly verdict: Verdict;
  readonly ok: Ok;
  /** A code of the action's closed list. */
  readonly reason: Reason;
  /** One sentence. */
  readonly summary: string;
  /** What the sentence lists, each by itself: a line each in the annotation of a failed step. */
  readonly problems?: readonly string[];
  /** What to do about it: stands after the sentence in the annotation of a failed step. */
  readonly hint?: string;
  /** The JSON `result`; `schema` is `sluice.<action>.v1`. The four fields above are added when it is written. */
  readonly result: { readonly schema: string } & Record<string, unknown>;
  /** The action's own outputs beside the five common ones. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Markdown of the job summary; its first line is the verdict in words. */
  readonly page: string;
}
