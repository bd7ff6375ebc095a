import { notFound, validationFailed } from '../errors.ts';
import { label, simplePull } from '../render/pull.ts';
import type { Reply } from '../types.ts';
import { pullOf } from './pulls.ts';
import { type Call, type Routes, texts } from './route.ts';

/** The longest name of a label, in characters. */
const LONGEST_LABEL = 50;

async function listLabels(call: Call): Promise<Reply> {
  const pull = await pullOf(call, 'issue_number');
  if (pull === undefined) return notFound(call.docs);
  return { status: 200, body: pull.labels.map((name) => label(call.hub.links, call.repository, name)) };
}

async function addLabels(call: Call): Promise<Reply> {
  const pull = await pullOf(call, 'issue_number');
  if (pull === undefined) return notFound(call.docs);
  const names = texts(call.body, 'labels');
  if (names.some((name) => name === '' || name.length > LONGEST_LABEL)) {
    return validationFailed([{ resource: 'Label', field: 'name', code: 'invalid' }], call.docs);
  }
  const known = new Set(pull.labels.map((name) => name.toLowerCase()));
  pull.labels.push(...names.filter((name) => !known.has(name.toLowerCase())));
  return { status: 200, body: pull.labels.map((name) => label(call.hub.links, call.repository, name)) };
}

async function requestReviewers(call: Call): Promise<Reply> {
  const pull = await pullOf(call, 'pull_number');
  if (pull === undefined) return notFound(call.docs);
  const reviewers = texts(call.body, 'reviewers');
  if (reviewers.includes(pull.author)) {
    return validationFailed(
      [
        {
          resource: 'PullRequest',
          code: 'custom',
          message: 'Review cannot be requested from pull request author.',
        },
      ],
      call.docs,
    );
  }
  pull.reviewers = [...new Set([...pull.reviewers, ...reviewers])];
  pull.teamReviewers = [...new Set([...pull.teamReviewers, ...texts(call.body, 'team_reviewers')])];
  return { status: 201, body: simplePull(call.hub.links, call.repository, pull) };
}

export const labelRoutes: Routes = {
  'GET /repos/{owner}/{repo}/issues/{issue_number}/labels': {
    permission: 'pull_requests',
    or: 'issues',
    access: 'read',
    docs: 'issues/labels#list-labels-for-an-issue',
    handle: listLabels,
  },
  'POST /repos/{owner}/{repo}/issues/{issue_number}/labels': {
    permission: 'pull_requests',
    or: 'issues',
    access: 'write',
    docs: 'issues/labels#add-labels-to-an-issue',
    handle: addLabels,
  },
  'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers': {
    permission: 'pull_requests',
    access: 'write',
    docs: 'pulls/review-requests#request-reviewers-for-a-pull-request',
    handle: requestReviewers,
  },
};
