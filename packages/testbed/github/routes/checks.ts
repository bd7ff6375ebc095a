import { account, nodeId, numberFor } from '../render/account.ts';
import { checkRunBody } from '../render/check-run.ts';
import { timestamp } from '../render/links.ts';
import { repositoryApi } from '../render/repository.ts';
import type { CheckRun, CommitStatus, Reply } from '../types.ts';
import { type Call, param, type Routes } from './route.ts';

const LARGEST_PAGE = 100;

/** `filter=latest`, the default: of one name, App and suite (that is: run of a workflow) only the last. */
const latest = (runs: readonly CheckRun[]): readonly CheckRun[] => [
  ...new Map(runs.map((run) => [`${run.app} ${run.runId ?? ''} ${run.name}`, run])).values(),
];

function listCheckRuns(call: Call): Reply {
  const { hub, query, repository } = call;
  const ref = param(call, 'ref');
  const status = query.get('status');
  const name = query.get('check_name');
  const all = repository.checkRuns.filter(
    (run) => run.headSha === ref && (status ?? run.status) === run.status && (name ?? run.name) === run.name,
  );
  const found = query.get('filter') === 'all' ? all : latest(all);
  const size = Math.min(Number(query.get('per_page') ?? 30), LARGEST_PAGE);
  const from = (Number(query.get('page') ?? 1) - 1) * size;
  const runs = found.slice(from, from + size);
  return {
    status: 200,
    body: {
      total_count: found.length,
      check_runs: runs.map((run) => checkRunBody(hub.links, repository, run)),
    },
  };
}

/** `status` */
function statusBody({ hub, repository }: Call, status: CommitStatus): object {
  const at = timestamp(status.at);
  return {
    url: `${repositoryApi(hub.links, repository)}/statuses/${status.sha}`,
    avatar_url: `${hub.links.web}/avatars/${numberFor(status.creator)}`,
    id: status.id,
    node_id: nodeId('SC', status.id),
    state: status.state,
    description: null,
    target_url: null,
    context: status.context,
    created_at: at,
    updated_at: at,
    creator: account(hub.links, status.creator),
  };
}

/** Every status that a commit was ever given, newest first. */
function listStatuses(call: Call): Reply {
  const found = call.repository.statuses.filter(({ sha }) => sha === param(call, 'ref')).reverse();
  return { status: 200, body: found.map((status) => statusBody(call, status)) };
}

export const checkRoutes: Routes = {
  'GET /repos/{owner}/{repo}/commits/{ref}/statuses': {
    permission: 'statuses',
    access: 'read',
    docs: 'commits/statuses#list-commit-statuses-for-a-reference',
    handle: listStatuses,
  },
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs': {
    permission: 'checks',
    access: 'read',
    docs: 'checks/runs#list-check-runs-for-a-git-reference',
    handle: listCheckRuns,
  },
};
