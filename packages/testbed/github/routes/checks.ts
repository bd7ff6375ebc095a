import { checkRunBody } from '../render/check-run.ts';
import type { CheckRun, Reply } from '../types.ts';
import { type Call, param, type Routes } from './route.ts';

const LARGEST_PAGE = 100;

/** `filter=latest`, the default: of one name and App only the last. */
const latest = (runs: readonly CheckRun[]): readonly CheckRun[] => [
  ...new Map(runs.map((run) => [`${run.app} ${run.name}`, run])).values(),
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

export const checkRoutes: Routes = {
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs': {
    permission: 'checks',
    access: 'read',
    docs: 'checks/runs#list-check-runs-for-a-git-reference',
    handle: listCheckRuns,
  },
};
