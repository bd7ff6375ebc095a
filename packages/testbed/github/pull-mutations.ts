import { GraphQLError } from 'graphql';
import type { Hub } from './hub.ts';
import { branchHead } from './objects.ts';
import { timestamp } from './render/links.ts';
import { mergeState, pullId } from './render/pull.ts';
import { allows } from './tokens.ts';
import type { PermissionName, PullRequest, Repository, Token } from './types.ts';

type Mutation = (hub: Hub, token: Token, input: unknown) => Promise<object>;

const failure = (type: string, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { type } });

const refused = (message: string): GraphQLError => failure('UNPROCESSABLE', message);

interface Found {
  readonly repository: Repository;
  readonly pull: PullRequest;
}

function find(hub: Hub, token: Token, id: unknown, needs: readonly PermissionName[]): Found {
  for (const repository of hub.repositories.values()) {
    if (!token.repositories.includes(repository.fullName)) continue;
    const pull = [...repository.pulls.values()].find((one) => pullId(repository, one) === id);
    if (pull === undefined) continue;
    if (!needs.every((name) => allows(token, name, 'write')))
      throw failure('FORBIDDEN', 'Resource not accessible by integration');
    return { repository, pull };
  }
  throw failure('NOT_FOUND', `Could not resolve to a node with the global id of '${String(id)}'.`);
}

/** `PullRequest` of the schema, as far as anybody asks for it. */
const rendered = (hub: Hub, { repository, pull }: Found): object => ({
  __typename: 'PullRequest',
  id: pullId(repository, pull),
  number: pull.number,
  url: `${hub.links.web}/${repository.fullName}/pull/${pull.number}`,
  state: pull.mergedAt === undefined ? pull.state.toUpperCase() : 'MERGED',
  isDraft: pull.draft,
  mergeStateStatus: mergeState(repository, pull).toUpperCase(),
  autoMergeRequest:
    pull.autoMerge === undefined
      ? null
      : {
          enabledAt: timestamp(pull.autoMerge.enabledAt),
          mergeMethod: pull.autoMerge.method.toUpperCase(),
          commitHeadline: pull.autoMerge.title,
          commitBody: pull.autoMerge.message,
        },
});

const methods = { MERGE: 'merge', SQUASH: 'squash', REBASE: 'rebase' } as const;

const refusedWords = {
  merge: 'merge commits are',
  squash: 'squash merging is',
  rebase: 'rebase merging is',
} as const;

const answer = (hub: Hub, found: Found, input: unknown): object => ({
  clientMutationId: Object(input).clientMutationId ?? null,
  pullRequest: rendered(hub, found),
});

/** Merges when everything that the branch wants is there; nothing to wait for is an error. */
const enableAutoMerge: Mutation = async (hub, token, input) => {
  const { pullRequestId, mergeMethod, commitHeadline, commitBody, expectedHeadOid } = Object(input);
  const found = find(hub, token, pullRequestId, ['contents', 'pull_requests']);
  const { repository, pull } = found;
  if (!repository.allowsAutoMerge)
    throw refused('Pull request Auto merge is not allowed for this repository');
  const method = Object.entries(methods).find(([name]) => name === (mergeMethod ?? 'MERGE'))?.[1] ?? 'merge';
  if (!repository.mergeMethods.has(method))
    throw refused(`Merge method ${refusedWords[method]} not allowed on this repository`);
  const state = mergeState(repository, pull);
  if (pull.state === 'closed') throw refused('Pull request Pull request is closed');
  if (state !== 'blocked') throw refused(`Pull request Pull request is in ${state} status`);
  const head = await branchHead(repository, pull.head);
  if (typeof expectedHeadOid === 'string' && expectedHeadOid !== head)
    throw failure('STALE_DATA', 'Head sha did not match expected head');
  pull.autoMerge = {
    method,
    by: token.actor,
    title: typeof commitHeadline === 'string' ? commitHeadline : `${pull.title} (#${pull.number})`,
    message: typeof commitBody === 'string' ? commitBody : '',
    enabledAt: hub.now(),
  };
  return answer(hub, found, input);
};

const disableAutoMerge: Mutation = async (hub, token, input) => {
  const found = find(hub, token, Object(input).pullRequestId, ['contents', 'pull_requests']);
  if (found.pull.autoMerge === undefined) throw refused("Can't disable auto-merge for this pull request.");
  delete found.pull.autoMerge;
  return answer(hub, found, input);
};

const setDraft =
  (draft: boolean): Mutation =>
  async (hub, token, input) => {
    const found = find(hub, token, Object(input).pullRequestId, ['pull_requests']);
    if (draft && !found.repository.allowsDrafts)
      throw refused('Draft pull requests are not supported in this repository.');
    found.pull.draft = draft;
    if (draft) delete found.pull.autoMerge;
    return answer(hub, found, input);
  };

/** The mutations of pull requests, by the name of their field. */
export const pullMutations: Readonly<Record<string, Mutation>> = {
  enablePullRequestAutoMerge: enableAutoMerge,
  disablePullRequestAutoMerge: disableAutoMerge,
  convertPullRequestToDraft: setDraft(true),
  markPullRequestReadyForReview: setDraft(false),
};
