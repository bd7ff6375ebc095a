import { notFound, validationFailed } from '../errors.ts';
import { commentBody } from '../render/comment.ts';
import type { Comment, Reply } from '../types.ts';
import { numberedOf } from './pulls.ts';
import { type Call, param, type Routes, text, violation } from './route.ts';

/** The longest comment, in characters. */
const LONGEST_COMMENT = 65_536;

const rendered = (call: Call, comment: Comment): object =>
  commentBody(call.hub.links, call.repository, comment);

function checkBody(call: Call): Reply | undefined {
  const { length } = (text(call.body, 'body') ?? '').trim();
  if (length > 0 && length <= LONGEST_COMMENT) return undefined;
  violation(call, `A comment has ${length} characters: 1 to ${LONGEST_COMMENT} are allowed.`);
  const error =
    length === 0
      ? ({ code: 'missing_field' } as const)
      : ({ code: 'custom', message: `body is too long (maximum is ${LONGEST_COMMENT} characters)` } as const);
  return validationFailed([{ resource: 'IssueComment', field: 'body', ...error }], call.docs);
}

async function listComments(call: Call): Promise<Reply> {
  const on = await numberedOf(call, 'issue_number');
  if (on === undefined) return notFound(call.docs);
  const since = Date.parse(call.query.get('since') ?? '');
  const comments = [...call.repository.comments.values()].filter(
    ({ number, updatedAt }) => number === on.number && !(updatedAt < since),
  );
  return { status: 200, body: comments.map((comment) => rendered(call, comment)) };
}

async function createComment(call: Call): Promise<Reply> {
  const on = await numberedOf(call, 'issue_number');
  if (on === undefined) return notFound(call.docs);
  const wrong = checkBody(call);
  if (wrong !== undefined) return wrong;
  const { hub, token, repository } = call;
  const now = hub.now();
  const body = text(call.body, 'body') ?? '';
  const id = hub.nextId();
  const made = { id, number: on.number, author: token.actor, createdAt: now, updatedAt: now, body };
  repository.comments.set(id, made);
  return { status: 201, body: rendered(call, made) };
}

const commentOf = (call: Call): Comment | undefined =>
  call.repository.comments.get(Number(param(call, 'comment_id')));

function getComment(call: Call): Reply {
  const comment = commentOf(call);
  return comment === undefined ? notFound(call.docs) : { status: 200, body: rendered(call, comment) };
}

function updateComment(call: Call): Reply {
  const comment = commentOf(call);
  if (comment === undefined) return notFound(call.docs);
  const wrong = checkBody(call);
  if (wrong !== undefined) return wrong;
  comment.body = text(call.body, 'body') ?? '';
  comment.updatedAt = call.hub.now();
  return { status: 200, body: rendered(call, comment) };
}

function deleteComment(call: Call): Reply {
  const comment = commentOf(call);
  if (comment === undefined) return notFound(call.docs);
  call.repository.comments.delete(comment.id);
  return { status: 204 };
}

const reads = { permission: 'issues', or: 'pull_requests', access: 'read' } as const;
const writes = { permission: 'issues', or: 'pull_requests', access: 'write' } as const;

export const commentRoutes: Routes = {
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments': {
    ...reads,
    docs: 'issues/comments#list-issue-comments',
    handle: listComments,
  },
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': {
    ...writes,
    docs: 'issues/comments#create-an-issue-comment',
    handle: createComment,
  },
  'GET /repos/{owner}/{repo}/issues/comments/{comment_id}': {
    ...reads,
    docs: 'issues/comments#get-an-issue-comment',
    handle: getComment,
  },
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': {
    ...writes,
    docs: 'issues/comments#update-an-issue-comment',
    handle: updateComment,
  },
  'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}': {
    ...writes,
    docs: 'issues/comments#delete-an-issue-comment',
    handle: deleteComment,
  },
};
