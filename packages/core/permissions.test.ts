import { expect, test } from 'vitest';
import { permissionFor, permissionForGraphql } from './permissions.ts';

test.each([
  ['GET', '/repos/a/b', 'metadata: read'],
  ['GET', '/repos/a/b/branches/main', 'contents: read'],
  ['POST', '/repos/a/b/git/refs', 'contents: write'],
  ['DELETE', '/repos/a/b/git/refs/heads/x', 'contents: write'],
  ['POST', '/repos/a/b/pulls', 'pull-requests: write'],
  // The first call of a run that opens one.
  ['GET', '/repos/a/b/pulls', 'pull-requests: write'],
  ['POST', '/repos/a/b/pulls/1/requested_reviewers', 'pull-requests: write'],
  ['POST', '/repos/a/b/issues/1/labels', 'pull-requests: write'],
  ['GET', '/repos/a/b/issues/1/timeline', 'pull-requests: write'],
  ['PATCH', '/repos/a/b/issues/comments/7', 'pull-requests: write'],
  ['PUT', '/repos/a/b/pulls/1/merge', 'contents: write'],
  ['POST', '/repos/a/b/deployments', 'deployments: write'],
  ['POST', '/repos/a/b/deployments/7/statuses', 'deployments: write'],
  ['GET', '/repos/a/b/actions/runs/7', 'actions: read'],
  ['POST', '/repos/a/b/statuses/abc', 'statuses: write'],
  ['GET', '/user', undefined],
])('%s %s needs %s', (method, path, permission) => {
  expect(permissionFor(method, path)).toBe(permission);
});

test.each([
  ['mutation ($i: X!) { createCommitOnBranch(input: $i) { commit { oid } } }', 'contents: write'],
  ['mutation Named { it: enablePullRequestAutoMerge(input: {}) { x } }', 'contents: write'],
  ['query { repository { id } }', 'contents: read'],
])('%s', (query, permission) => {
  expect(permissionForGraphql(query)).toBe(permission);
});
