import { githubFailure } from '@sluice/core/github';
import type { Plan } from '../bump/bump-plan.ts';
import { holds } from '../commit/commit.ts';
import { namesOf } from './pull-request-api.ts';
import { type Addition, wordsOf } from './pull-request-step.ts';

/** How pull requests are merged: as told, or (`true`) in the first way that the repository allows. */
export type AutoMerge = 'true' | 'squash' | 'merge' | 'rebase';

export type AutoMerged =
  /** GitHub merges it as soon as its rules allow it. */
  | { readonly type: 'armed' }
  /** Nothing was left to wait for. `commit`: the merge. */
  | { readonly type: 'merged'; readonly commit: string }
  | { readonly type: 'not-armed'; readonly why: string };

const METHODS = { squash: 'SQUASH', merge: 'MERGE', rebase: 'REBASE' } as const;
type Method = keyof typeof METHODS;

const ENABLE = `mutation EnableAutoMerge($input: EnablePullRequestAutoMergeInput!) {
  enablePullRequestAutoMerge(input: $input) { clientMutationId }
}`;

/**
 * Has GitHub merge a pull request when its rules allow it. Where they do already, GitHub takes no such order ("clean status"):
 * then it is merged at once, but only while its head is our commit.
 */
export async function autoMerge(addition: Addition, head: string, wanted: AutoMerge): Promise<AutoMerged> {
  const { pull } = addition;
  if (pull.autoMerge) return { type: 'armed' };
  if (pull.draft) {
    return notArmed('it is a draft. Mark it as ready; the next run switches it on');
  }
  // A merge keeps our commits with their trailers; whether a squash keeps their messages is a setting of the repository.
  const methods: readonly Method[] = wanted === 'true' ? ['merge', 'squash', 'rebase'] : [wanted];
  let said = '';
  for (const method of methods) {
    const answer = await tryMethod(addition, head, method);
    if (answer.type !== 'method') return answer;
    said = answer.said;
  }
  return notArmed(
    `${said} Name another way to merge in \`auto-merge\`, or allow this one under Settings, General`,
  );
}

type Tried = AutoMerged | { readonly type: 'method'; readonly said: string };

async function tryMethod(addition: Addition, head: string, method: Method): Promise<Tried> {
  const { ports, pull } = addition;
  const input = { pullRequestId: pull.id, mergeMethod: METHODS[method], expectedHeadOid: head };
  try {
    await ports.github.graphql(ENABLE, { input }, () => undefined);
    return { type: 'armed' };
  } catch (error) {
    const said = wordsOf(error);
    if (/clean status/i.test(said)) return mergeNow(addition, head, method);
    return refused(said, error);
  }
}

async function mergeNow({ ports, repository, pull }: Addition, head: string, method: Method): Promise<Tried> {
  const { github } = ports;
  const one = { ...namesOf(repository), pull_number: pull.number };
  try {
    const { data } = await github.request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', {
      ...{ ...one, sha: head, merge_method: method },
    });
    return { type: 'merged', commit: data.sha };
  } catch (error) {
    // Of a merge whose answer was lost the next try says that it is not possible.
    const { data: now } = await github.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', one);
    const { merged, head: seen, merge_commit_sha: commit } = now;
    if (merged && commit !== null && seen.sha === head) return { type: 'merged', commit };
    return refused(wordsOf(error), error);
  }
}

const REFUSALS: readonly (readonly [words: RegExp, advice: string])[] = [
  [
    /auto.?merge is not allowed/i,
    'the repository does not allow it. Switch on "Allow auto-merge" under Settings, General',
  ],
  [
    /unstable status/i,
    'a check failed or still runs, and no rule requires it, so that GitHub has nothing to wait for. Require the check in the rules of the branch',
  ],
  [
    /head.*(modified|mismatch|match)|expectedHeadOid/i,
    'somebody committed to it meanwhile. Look at it, then run the job again',
  ],
];

function refused(said: string, error: unknown): Tried {
  if (/not allowed on this repository/i.test(said))
    return { type: 'method', said: said.replace(/\.?$/, '.') };
  const known = REFUSALS.find(([words]) => words.test(said));
  if (known !== undefined) return notArmed(known[1]);
  const { status, types = [] } = githubFailure(error) ?? {};
  // Not what a missing permission, a limit or an outage is: those have sentences of their own.
  const isRefusal = status === 405 || status === 409 || status === 422 || types.includes('UNPROCESSABLE');
  if (!isRefusal) throw error;
  return notArmed(`GitHub says: ${said.replace(/\.$/, '')}`);
}

function notArmed(why: string): AutoMerged {
  return { type: 'not-armed', why };
}

const LOOKS = 6;

/** The base branch after a merge, read back: an answer alone is no proof. */
export async function headAfterMerge(
  { repository, clock, signal }: Addition['ports'],
  { change }: Plan,
): Promise<{ readonly head: string; readonly held: boolean }> {
  let head = change.base;
  for (let look = 1; look <= LOOKS && head === change.base; look++) {
    if (look > 1) await clock.sleep(250 * 2 ** look, signal);
    head = (await repository.resolve(`refs/heads/${change.branch}`)) ?? head;
  }
  return { head, held: head !== change.base && (await holds(repository, change, head)) };
}
