import type { CheckRun, Repository } from '../types.ts';
import { account, nodeId, numberFor } from './account.ts';
import { type Links, timestamp } from './links.ts';
import { repositoryApi } from './repository.ts';

/** `integration`. */
const app = (links: Links, repository: Repository, slug: string): object => ({
  id: numberFor(slug),
  slug,
  node_id: nodeId('A', numberFor(slug)),
  owner: account(links, repository.owner, 'Organization'),
  name: slug,
  description: '',
  external_url: `${links.web}/apps/${slug}`,
  html_url: `${links.web}/apps/${slug}`,
  created_at: timestamp(0),
  updated_at: timestamp(0),
  permissions: { checks: 'write', metadata: 'read' },
  events: [],
});

/** `check-run`. */
export function checkRunBody(links: Links, repository: Repository, run: CheckRun): object {
  const url = `${repositoryApi(links, repository)}/check-runs/${run.id}`;
  const jobUrl = `${links.web}/${repository.fullName}/actions/runs/${run.runId}/job/${run.id}`;
  return {
    id: run.id,
    head_sha: run.headSha,
    node_id: nodeId('CR', run.id),
    external_id: '',
    url,
    html_url: run.runId === undefined ? `${links.web}/${repository.fullName}/runs/${run.id}` : jobUrl,
    details_url: run.detailsUrl ?? (run.runId === undefined ? null : jobUrl),
    status: run.status,
    conclusion: run.conclusion,
    started_at: timestamp(run.at),
    completed_at: run.status === 'completed' ? timestamp(run.at) : null,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: 0,
      annotations_url: `${url}/annotations`,
    },
    name: run.name,
    check_suite: { id: run.runId ?? run.id },
    app: app(links, repository, run.app),
    pull_requests: [],
  };
}
