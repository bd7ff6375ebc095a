import type { BumpInputs } from '../inputs.ts';
import type { Proposed } from './pull-request.ts';
import { addLabels } from './pull-request-labels.ts';
import { autoMerge, headAfterMerge } from './pull-request-merge.ts';
import { parkedRuns } from './pull-request-parked.ts';
import { askReviewers } from './pull-request-reviewers.ts';
import { type Addition, attempt } from './pull-request-step.ts';

/** What a pull request came to besides its commits and text. */
export interface Added {
  /** A sentence for each part that is not as wanted, and for what keeps it from being merged. */
  readonly notes: readonly string[];
  /** Where it was merged at once: the merge, the head of the base branch after it, and whether that holds the change. */
  readonly merged?: { readonly commit: string; readonly head: string; readonly held: boolean };
}

export type AdditionInputs = Pick<
  BumpInputs,
  'labels' | 'reviewers' | 'team-reviewers' | 'auto-merge' | 'draft'
>;

/** Adds labels, reviewers and auto-merge, and looks for runs that wait for approval. None of it can fail the run. */
export async function addToPullRequest(
  ports: Addition['ports'],
  repository: string,
  proposed: Extract<Proposed, { type: 'proposed' }>,
  inputs: AdditionInputs,
): Promise<Added> {
  const { pullRequest: pull, did, commit, plan } = proposed;
  const addition = { ports, repository, pull };
  const notes: string[] = [];
  if (proposed.noDraft) notes.push('It is no draft: this repository has none.');
  const step = async (part: string, act: () => Promise<readonly string[]>) => {
    notes.push(...(await attempt(ports, part, act)));
  };
  await step('The labels were not set', () => addLabels(addition, inputs.labels));
  const reviewers = { users: inputs.reviewers, teams: inputs['team-reviewers'] };
  await step('No review was asked for', () => askReviewers(addition, reviewers, did === 'created'));
  let merged: Added['merged'];
  const { 'auto-merge': way } = inputs;
  if (way !== 'false') {
    await step('Auto-merge was not switched on', async () => {
      const answer = await autoMerge(addition, commit, way);
      if (answer.type === 'not-armed') return [`Auto-merge was not switched on: ${answer.why}.`];
      if (answer.type === 'armed') return [];
      merged = { commit: answer.commit, ...(await headAfterMerge(ports, plan)) };
      return [];
    });
  }
  if (merged !== undefined) return { notes, merged };
  return { notes: [...notes, ...(await parkedRuns(addition, commit))] };
}
