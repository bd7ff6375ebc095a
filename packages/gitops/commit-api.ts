import { SluiceError } from '@sluice/core/errors';
import { type GitHub, githubFailure } from '@sluice/core/github';
import type { Message } from './commit-message.ts';

/** A file as it shall stand in the commit. */
export interface FileContent {
  readonly path: string;
  readonly text: string;
}

export interface CommitRequest {
  /** `owner/name`. */
  readonly repository: string;
  readonly branch: string;
  /** The commit on which the files were read: GitHub commits only while the branch still stands there. */
  readonly head: string;
  readonly message: Message;
  readonly files: readonly FileContent[];
}

/** What became of a commit. `unclear`: the answer was lost, it may have landed. */
export type CommitAnswer =
  | { readonly type: 'committed'; readonly commit: string }
  | { readonly type: 'stale' }
  | { readonly type: 'unclear'; readonly cause: unknown }
  | { readonly type: 'branch-rules'; readonly said: string };

// Signed by GitHub, with the token's owner as author. It takes whole files and no modes: a file that exists is written
// as 100644 (https://docs.github.com/graphql/reference/mutations#createcommitonbranch).
const COMMIT = `mutation CreateCommit($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`;

/** Asks GitHub for a commit on a branch, by compare-and-swap. Throws for what neither a new try nor a pull request mends. */
export async function createCommit(github: GitHub, request: CommitRequest): Promise<CommitAnswer> {
  const additions = request.files.map(({ path, text }) => ({
    path,
    contents: Buffer.from(text, 'utf8').toString('base64'),
  }));
  const input = {
    branch: { repositoryNameWithOwner: request.repository, branchName: request.branch },
    expectedHeadOid: request.head,
    message: request.message,
    fileChanges: { additions },
  };
  try {
    return { type: 'committed', commit: await github.graphql(COMMIT, { input }, readOid) };
  } catch (error) {
    const answer = classify(error);
    if (answer === undefined) throw error;
    return answer;
  }
}

/** A branch that moves from one commit to another that does not follow it. */
interface BranchUpdate {
  /** `owner/name`. */
  readonly repository: string;
  readonly branch: string;
  /** Where it stands: GitHub moves it from there alone. */
  readonly from: string;
  readonly to: string;
}

const MOVE = `mutation MoveBranch($input: UpdateRefsInput!) {
  updateRefs(input: $input) { clientMutationId }
}`;

/** Moves a branch by compare-and-swap, which REST cannot (https://docs.github.com/graphql/reference/mutations#updaterefs). */
export async function updateBranch(github: GitHub, update: BranchUpdate): Promise<void> {
  const [owner = '', repo = ''] = update.repository.split('/');
  const { data } = await github.request('GET /repos/{owner}/{repo}', { owner, repo });
  const { branch, from: beforeOid, to: afterOid } = update;
  const move = { name: `refs/heads/${branch}`, beforeOid, afterOid, force: true };
  const input = { repositoryId: data.node_id, refUpdates: [move] };
  await github.graphql(MOVE, { input }, () => undefined);
}

function classify(error: unknown): CommitAnswer | undefined {
  const failure = githubFailure(error);
  if (failure === undefined) return undefined;
  const { status, types, message } = failure;
  if (
    types.includes('STALE_DATA') ||
    /Expected branch to point to|is at [0-9a-f]{40} but expected/i.test(message)
  ) {
    return { type: 'stale' };
  }
  if (types.includes('BRANCH_PROTECTION_RULE_VIOLATION') || RULES.test(message)) {
    return { type: 'branch-rules', said: message };
  }
  // No answer, or one of a gateway: GitHub may have gone on and committed.
  return status === 0 || status >= 500 ? { type: 'unclear', cause: error } : undefined;
}

/** The words of GitHub when the rules of a branch refuse a write (GH006: protection, GH013: rulesets). */
const RULES =
  /GH006|GH013|protected.(?:branch|ref)|branch protection|repository rule violations|must be made through (?:a pull request|the merge queue)|not authorized to push to this branch|required status check|approving review/i;

/** GitHub's words where the rules of a branch refused a REST call, else undefined. */
export function ruleRefusal(error: unknown): string | undefined {
  const failure = githubFailure(error);
  return failure !== undefined && RULES.test(failure.message) ? failure.message : undefined;
}

function readOid(data: unknown): string {
  const oid = field(field(field(data, 'createCommitOnBranch'), 'commit'), 'oid');
  if (typeof oid === 'string' && /^[0-9a-f]{40,64}$/.test(oid)) return oid;
  throw new SluiceError(
    'platform',
    'unexpected-answer',
    'GitHub answered createCommitOnBranch without a commit.',
  );
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
