import { SluiceError } from '@sluice/core/errors';
import { type GitHub, githubFailure } from '@sluice/core/github';
import type { CommitAnswer, CommitRequest } from './committer.ts';
import { type RuleRefusal, ruleRefusal } from './rule-refusal.ts';

// Signed by GitHub, with the token's owner as author. It takes whole files and no modes: a file that exists is written
// as 100644 (https://docs.github.com/graphql/reference/mutations#createcommitonbranch).
const COMMIT = `mutation CreateCommit($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`;

/** Asks GitHub for a commit of plain files on a branch. */
export async function createCommit(github: GitHub, request: CommitRequest): Promise<CommitAnswer> {
  const additions = request.files.map(({ path, text }) => ({
    path,
    contents: Buffer.from(text, 'utf8').toString('base64'),
  }));
  const deletions = (request.deletions ?? []).map((path) => ({ path }));
  const input = {
    branch: { repositoryNameWithOwner: request.repository, branchName: request.branch },
    expectedHeadOid: request.head,
    message: request.message,
    fileChanges: { additions, ...(deletions.length > 0 && { deletions }) },
  };
  try {
    const commit = await github.graphql(COMMIT, { input }, readOid, { once: true });
    return { type: 'committed', commit };
  } catch (error) {
    return answerOf(error);
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

// "else at least a minute": https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
const SHORTEST_WAIT_S = 60;

const STALE = /Expected branch to point to|is at [0-9a-f]{40} but expected|not a fast.forward/i;

/** What a refused or lost request to move a branch comes to. Throws what is neither. */
export function answerOf(error: unknown): CommitAnswer {
  const failure = githubFailure(error);
  if (failure === undefined) throw error;
  const { status, types, message, waitS = SHORTEST_WAIT_S } = failure;
  if (error instanceof SluiceError && error.code === 'rate-limited') {
    return { type: 'limited', waitMs: waitS * 1000, cause: error };
  }
  if (types.includes('STALE_DATA') || STALE.test(message)) return { type: 'stale' };
  const refusal = ruleRefusal(message, types);
  if (refusal !== undefined) return refusal;
  if (/Reference does not exist/i.test(message)) throw branchIsGone(error);
  // No answer, or one of a gateway: GitHub may have gone on and committed.
  if (status === 0 || status >= 500) return { type: 'unclear', cause: error };
  throw error;
}

function branchIsGone(cause: unknown): SluiceError {
  return new SluiceError('input', 'branch-not-found', 'The branch is not there any more.', {
    hint: 'See who deleted it, and run the job again.',
    cause,
  });
}

/** The refusal of a branch's rules behind the error of a call to GitHub. */
export function ruleRefusalOf(error: unknown): RuleRefusal | undefined {
  const failure = githubFailure(error);
  return failure === undefined ? undefined : ruleRefusal(failure.message, failure.types);
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
