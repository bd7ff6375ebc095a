import { notFound } from '../errors.ts';
import { account, nodeId } from '../render/account.ts';
import { timestamp } from '../render/links.ts';
import { team } from '../render/pull.ts';
import { repositoryApi } from '../render/repository.ts';
import type { PullEvent, PullRequest, Reply } from '../types.ts';
import { pullOf } from './pulls.ts';
import type { Call, Routes } from './route.ts';

function reviewed(call: Call, pull: PullRequest, { at, by }: PullEvent, id: number): object {
  const { hub, repository } = call;
  const web = `${hub.links.web}/${repository.fullName}/pull/${pull.number}`;
  const api = `${repositoryApi(hub.links, repository)}/pulls/${pull.number}`;
  return {
    event: 'reviewed',
    id,
    node_id: nodeId('PRR', id),
    user: account(hub.links, by),
    body: null,
    state: 'approved',
    html_url: `${web}#pullrequestreview-${id}`,
    pull_request_url: api,
    _links: { html: { href: `${web}#pullrequestreview-${id}` }, pull_request: { href: api } },
    submitted_at: timestamp(at),
    commit_id: pull.headSha,
    author_association: 'MEMBER',
  };
}

function requested(call: Call, { at, by, user, team: slug }: PullEvent, id: number): object {
  const { hub, repository } = call;
  return {
    event: 'review_requested',
    id,
    node_id: nodeId('RRE', id),
    url: `${repositoryApi(hub.links, repository)}/issues/events/${id}`,
    actor: account(hub.links, by),
    commit_id: null,
    commit_url: null,
    created_at: timestamp(at),
    performed_via_github_app: null,
    review_requester: account(hub.links, by),
    ...(user === undefined ? {} : { requested_reviewer: account(hub.links, user) }),
    ...(slug === undefined
      ? {}
      : { requested_team: { ...team(hub.links, repository.owner, slug), parent: null } }),
  };
}

async function timeline(call: Call): Promise<Reply> {
  const pull = await pullOf(call, 'issue_number');
  if (pull === undefined) return notFound(call.docs);
  const body = (pull.events ?? []).map((event, index) =>
    event.type === 'reviewed' ? reviewed(call, pull, event, index + 1) : requested(call, event, index + 1),
  );
  return { status: 200, body };
}

export const timelineRoutes: Routes = {
  'GET /repos/{owner}/{repo}/issues/{issue_number}/timeline': {
    permission: 'pull_requests',
    access: 'read',
    or: 'issues',
    docs: 'issues/timeline#list-timeline-events-for-an-issue',
    handle: timeline,
  },
};
