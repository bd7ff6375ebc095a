import type { PullRequest, Repository, RunJob, WorkflowRun } from '../types.ts';
import { account, nodeId, numberFor } from './account.ts';
import { type Links, timestamp } from './links.ts';
import { repositoryApi, simpleRepository } from './repository.ts';

/** Fields of a repository that its short form does not have. */
const long = new Set(['forks', 'open_issues', 'watchers', 'clone_url', 'mirror_url']);

/** `minimal-repository`. */
const minimal = (links: Links, repository: Repository): object =>
  Object.fromEntries(Object.entries(simpleRepository(links, repository)).filter(([key]) => !long.has(key)));

/** `pull-request-minimal`. */
function minimalPull(links: Links, repository: Repository, pull: PullRequest): object {
  const url = repositoryApi(links, repository);
  const repo = { id: repository.id, url, name: repository.name };
  return {
    id: numberFor(`${repository.fullName}#${pull.number}`),
    number: pull.number,
    url: `${url}/pulls/${pull.number}`,
    head: { ref: pull.head, sha: pull.headSha, repo },
    base: { ref: pull.base, sha: pull.baseSha, repo },
  };
}

/** As `minimalPull`, of one that the stand-in does not hold. */
function namedPull(links: Links, repository: Repository, run: WorkflowRun, number: number): object {
  const url = repositoryApi(links, repository);
  const repo = { id: repository.id, url, name: repository.name };
  return {
    id: numberFor(`${repository.fullName}#${number}`),
    number,
    url: `${url}/pulls/${number}`,
    head: { ref: run.headBranch, sha: run.headSha, repo },
    base: { ref: repository.defaultBranch, sha: run.headSha, repo },
  };
}

function headRepository(links: Links, repository: Repository, { headRepository: id }: WorkflowRun) {
  if (id === null) return null;
  const own = minimal(links, repository);
  return id === undefined ? own : { ...own, id, fork: true };
}

/** `workflow-run`. */
export function runBody(links: Links, repository: Repository, run: WorkflowRun): object {
  const api = repositoryApi(links, repository);
  const url = `${api}/actions/runs/${run.id}`;
  const workflow = run.workflowId ?? numberFor(run.path);
  const at = timestamp(run.createdAt);
  const pulls = [...repository.pulls.values()]
    .filter((pull) => pull.state === 'open' && pull.head === run.headBranch)
    .map((pull) => minimalPull(links, repository, pull));
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('WFR', run.id),
    check_suite_id: run.id,
    check_suite_node_id: nodeId('CS', run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.path,
    run_number: 1,
    run_attempt: run.attempt ?? 1,
    referenced_workflows: [],
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: workflow,
    display_title: run.title ?? run.name,
    url,
    html_url: `${links.web}/${repository.fullName}/actions/runs/${run.id}`,
    pull_requests: run.pulls?.map((number) => namedPull(links, repository, run, number)) ?? pulls,
    created_at: at,
    updated_at: at,
    run_started_at: timestamp(run.startedAt ?? run.createdAt),
    actor: account(links, run.actor),
    triggering_actor: account(links, run.actor),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${api}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${api}/actions/workflows/${workflow}`,
    head_commit: null,
    repository: minimal(links, repository),
    head_repository: headRepository(links, repository, run),
  };
}

/** `job` */
export function jobBody(links: Links, repository: Repository, run: WorkflowRun, job: RunJob): object {
  const api = repositoryApi(links, repository);
  const at = timestamp(run.startedAt ?? run.createdAt);
  return {
    id: job.id,
    run_id: run.id,
    run_url: `${api}/actions/runs/${run.id}`,
    run_attempt: run.attempt ?? 1,
    node_id: nodeId('J', job.id),
    head_sha: run.headSha,
    head_branch: run.headBranch,
    workflow_name: run.name,
    url: `${api}/actions/jobs/${job.id}`,
    html_url: `${links.web}/${repository.fullName}/actions/runs/${run.id}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: at,
    started_at: at,
    completed_at: job.status === 'completed' ? at : null,
    name: job.name,
    steps: [],
    check_run_url: `${api}/check-runs/${job.id}`,
    labels: ['ubuntu-latest'],
    runner_id: null,
    runner_name: job.runner ?? null,
    runner_group_id: null,
    runner_group_name: null,
  };
}
