import { notFound, problem, validationFailed } from '../errors.ts';
import { nodeId, numberFor } from '../render/account.ts';
import { simplePull } from '../render/pull.ts';
import { allows } from '../tokens.ts';
import type { Reply } from '../types.ts';
import { pullOf } from './pulls.ts';
import { type Call, type Routes, texts } from './route.ts';

/** How many may be asked for a review of one pull request (https://docs.github.com/pull-requests/collaborating-with-pull-requests/proposing-changes-to-your-work-with-pull-requests/requesting-a-pull-request-review). */
const MOST_REVIEWERS = 15;

const has = (names: ReadonlySet<string>, name: string): boolean =>
  [...names].some((one) => one.toLowerCase() === name.toLowerCase());

const custom = (call: Call, message: string): Reply =>
  validationFailed([{ resource: 'PullRequest', code: 'custom', message }], call.docs);

/** Why nobody is asked: GitHub asks all of them or none. */
function refusal(call: Call, author: string, reviewers: string[], teams: string[]): Reply | undefined {
  const { repository, token, docs } = call;
  if (reviewers.some((name) => name.toLowerCase() === author.toLowerCase()))
    return custom(call, 'Review cannot be requested from pull request author.');
  const [team] = teams;
  if (team !== undefined && !allows(token, 'members', 'read')) {
    const id = nodeId('T', numberFor(team));
    const errors = [`Could not resolve to a node with the global id of '${id}'.`];
    return {
      status: 422,
      body: { message: 'Validation Failed', errors, documentation_url: docs, status: '422' },
    };
  }
  const known =
    reviewers.every((name) => has(repository.collaborators, name)) &&
    teams.every((name) => has(repository.teams, name));
  if (known) return undefined;
  const words = 'One or more of the users or teams you specified is not a collaborator of the';
  return problem(
    422,
    `Reviews may only be requested from collaborators. ${words} ${repository.fullName} repository.`,
    docs,
  );
}

async function requestReviewers(call: Call): Promise<Reply> {
  const pull = await pullOf(call, 'pull_number');
  if (pull === undefined) return notFound(call.docs);
  const asked = texts(call.body, 'reviewers');
  const askedTeams = texts(call.body, 'team_reviewers');
  const refused = refusal(call, pull.author, asked, askedTeams);
  if (refused !== undefined) return refused;
  const reviewers = [...new Set([...pull.reviewers, ...asked])];
  const teams = [...new Set([...pull.teamReviewers, ...askedTeams])];
  if (reviewers.length + teams.length > MOST_REVIEWERS)
    return custom(call, `A pull request cannot have more than ${MOST_REVIEWERS} reviewers.`);
  const event = { type: 'review_requested', at: call.hub.now(), by: call.token.actor } as const;
  pull.events = [
    ...(pull.events ?? []),
    ...reviewers.filter((user) => !pull.reviewers.includes(user)).map((user) => ({ ...event, user })),
    ...teams.filter((team) => !pull.teamReviewers.includes(team)).map((team) => ({ ...event, team })),
  ];
  pull.reviewers = reviewers;
  pull.teamReviewers = teams;
  return { status: 201, body: simplePull(call.hub.links, call.repository, pull) };
}

export const reviewerRoutes: Routes = {
  'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers': {
    permission: 'pull_requests',
    access: 'write',
    docs: 'pulls/review-requests#request-reviewers-for-a-pull-request',
    handle: requestReviewers,
  },
};
