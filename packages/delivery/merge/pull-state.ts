/** Of GitHub's answer about a pull request, what is read. */
export interface PullAnswer {
  readonly state: string;
  readonly merged: boolean;
  readonly merge_commit_sha: string | null;
  readonly draft?: boolean;
  /** `clean`, `dirty`, `blocked`, `behind`, `unstable`, `draft`, or `unknown` while GitHub works it out. */
  readonly mergeable_state: string;
  readonly auto_merge: object | null;
  readonly base: { readonly ref: string };
  readonly head: { readonly sha: string };
  readonly user: { readonly login: string } | null;
}

/** How a pull request stands. */
export type PullState =
  | {
      readonly type: 'open';
      readonly head: string;
      readonly author: string;
      /** Whether GitHub merges it by itself. */
      readonly armed: boolean;
      /** What it waits for, without a full stop. */
      readonly why: string;
    }
  | { readonly type: 'merged'; readonly commit: string }
  /** Merged into another branch than the one that the change is for. */
  | { readonly type: 'elsewhere'; readonly base: string }
  | { readonly type: 'closed' };

/** What keeps it from being merged, by `mergeable_state` (https://docs.github.com/graphql/reference/enums#mergestatestatus). */
const BLOCKS: Readonly<Record<string, string>> = {
  dirty: 'it conflicts with its base, and somebody has to resolve that',
  blocked: 'the rules of its base ask for a review or a check',
  behind: 'the rules of its base ask that it be brought up to date',
  unstable: 'a check of it failed or still runs',
  has_hooks: 'a hook of the server still runs',
};

/** How a pull request into `base` stands. */
export function pullState(pull: PullAnswer, base: string): PullState {
  const { merged, merge_commit_sha: commit, head } = pull;
  if (merged && pull.base.ref !== base) return { type: 'elsewhere', base: pull.base.ref };
  if (merged && commit !== null) return { type: 'merged', commit };
  // Of a merge that is a moment old GitHub may not know the commit yet.
  const open = {
    type: 'open',
    head: head.sha,
    author: pull.user?.login ?? '',
    armed: pull.auto_merge !== null,
  } as const;
  if (merged) return { ...open, armed: true, why: 'GitHub says that it is merged, and not at which commit' };
  return pull.state === 'closed' ? { type: 'closed' } : { ...open, why: whyOpen(pull, base) };
}

function whyOpen(
  { base: { ref }, draft, mergeable_state: state, auto_merge: armed }: PullAnswer,
  base: string,
): string {
  if (ref !== base) return `somebody turned it to ${ref}, and the change is for ${base}`;
  if (draft === true) return 'it is a draft';
  return (
    BLOCKS[state] ?? (armed === null ? 'nobody has merged it yet' : 'GitHub merges it as soon as it may')
  );
}
