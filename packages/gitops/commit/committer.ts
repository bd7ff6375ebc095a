import type { Message } from './commit-message.ts';
import type { RuleRefusal } from './rule-refusal.ts';

/** A file as it shall stand in the commit. */
export interface FileContent {
  readonly path: string;
  readonly text: string;
  readonly mode: '100644' | '100755';
}

export interface CommitRequest {
  /** `owner/name`. */
  readonly repository: string;
  readonly branch: string;
  /** The commit on which the files were read: the branch is moved only while it still stands there. */
  readonly head: string;
  readonly message: Message;
  readonly files: readonly FileContent[];
  /** Paths that shall be gone; the head has a file at each. */
  readonly deletions?: readonly string[];
}

/** What became of a commit. */
export type CommitAnswer =
  | { readonly type: 'committed'; readonly commit: string }
  /** The branch stands elsewhere. `mayBeOurs`: maybe because our own commit landed; else nothing was written. */
  | { readonly type: 'stale'; readonly mayBeOurs?: boolean }
  /** A rate limit; nothing was written. `waitMs`: how long GitHub wants to be left alone. */
  | { readonly type: 'limited'; readonly waitMs: number; readonly cause: unknown }
  /** The answer was lost: it may have landed, or land yet. */
  | { readonly type: 'unclear'; readonly cause: unknown }
  | RuleRefusal;

/**
 * Makes a commit and moves a branch to it by compare-and-swap; asks once, so that a branch that stands elsewhere was moved by
 * another, and not by our own request whose answer was lost. Throws for what neither a new try nor a pull request mends.
 */
export type Committer = (request: CommitRequest) => Promise<CommitAnswer>;
