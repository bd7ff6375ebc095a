import type { Comment, Repository } from '../types.ts';
import { account, nodeId } from './account.ts';
import { type Links, timestamp } from './links.ts';
import { repositoryApi } from './repository.ts';

/** `issue-comment`. */
export function commentBody(links: Links, repository: Repository, comment: Comment): object {
  const issues = `${repositoryApi(links, repository)}/issues`;
  const { id, number } = comment;
  return {
    id,
    node_id: nodeId('IC', id),
    url: `${issues}/comments/${id}`,
    html_url: `${links.web}/${repository.fullName}/${repository.issues.has(number) ? 'issues' : 'pull'}/${number}#issuecomment-${id}`,
    issue_url: `${issues}/${number}`,
    user: account(links, comment.author),
    body: comment.body,
    created_at: timestamp(comment.createdAt),
    updated_at: timestamp(comment.updatedAt),
    author_association: 'CONTRIBUTOR',
    performed_via_github_app: null,
  };
}
