import { mergePull } from '../bare-repository.ts';
import { notFound } from '../errors.ts';
import { branchHead } from '../objects.ts';
import { mergeState } from '../render/pull.ts';
import type { Reply } from '../types.ts';
import { pullOf } from './pulls.ts';
import { type Call, type Routes, text } from './route.ts';

const plural = { merge: 'Merge commits', squash: 'Squash merges', rebase: 'Rebase merges' } as const;

/** Without the `status` that other errors repeat. */
const refused = (status: number, message: string, docs: string): Reply => ({
  status,
  body: { message, documentation_url: docs },
});

const isMethod = (name: string): name is keyof typeof plural => Object.hasOwn(plural, name);

/** The refusals of GitHub, in its words; a merge that is not for the head that was looked at is one. */
async function mergePullRequest(call: Call): Promise<Reply> {
  const { hub, repository, token, body, docs } = call;
  const pull = await pullOf(call, 'pull_number');
  if (pull === undefined) return notFound(docs);
  const method = text(body, 'merge_method') ?? 'merge';
  if (!isMethod(method) || !repository.mergeMethods.has(method)) {
    return refused(
      405,
      `${isMethod(method) ? plural[method] : method} are not allowed on this repository.`,
      docs,
    );
  }
  if (pull.state === 'closed') return refused(405, 'Pull Request is not mergeable', docs);
  if (pull.draft) return refused(405, 'Pull Request is still a draft', docs);
  if (mergeState(repository, pull) === 'blocked')
    return refused(405, 'At least 1 approving review is required by reviewers with write access.', docs);
  const sha = text(body, 'sha');
  if (sha !== undefined && sha !== (await branchHead(repository, pull.head)))
    return refused(409, 'Head branch was modified. Review and try the merge again.', docs);
  const merged = await mergePull(repository, pull.number, token.actor, hub.now(), method);
  return {
    status: 200,
    body: { sha: merged, merged: true, message: 'Pull Request successfully merged' },
  };
}

export const mergeRoutes: Routes = {
  'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge': {
    permission: 'contents',
    access: 'write',
    docs: 'pulls/pulls#merge-a-pull-request',
    handle: mergePullRequest,
  },
};
