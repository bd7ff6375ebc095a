import { notFound } from '../errors.ts';
import { jobBody, runBody } from '../render/run.ts';
import type { Reply, Repository, WorkflowRun } from '../types.ts';
import { openPulls } from './pulls.ts';
import { type Call, param, type Routes } from './route.ts';

const BOT = 'github-actions[bot]';
const LARGEST_PAGE = 100;

/**
 * A pull request that a job's GITHUB_TOKEN opened has, since 2026-06-11, a run for its head that waits for somebody with
 * write access; with any other token it runs at once, which is not played.
 */
async function park(call: Call): Promise<void> {
  const { hub, repository } = call;
  if (!repository.parksBotRuns) return;
  for (const pull of await openPulls(call)) {
    const known = repository.runs.some((run) => run.headSha === pull.headSha && run.event === 'pull_request');
    if (pull.author !== BOT || known) continue;
    repository.runs.push({
      id: hub.nextId(),
      name: 'CI',
      path: '.github/workflows/ci.yml',
      event: 'pull_request',
      headBranch: pull.head,
      headSha: pull.headSha,
      actor: BOT,
      createdAt: hub.now(),
      status: 'completed',
      conclusion: 'action_required',
    });
  }
}

function wanted({ runs }: Repository, query: URLSearchParams): WorkflowRun[] {
  const is = (name: string, ...values: (string | null)[]): boolean => {
    const asked = query.get(name);
    return asked === null || values.includes(asked);
  };
  return runs.filter(
    (run) =>
      is('head_sha', run.headSha) &&
      is('branch', run.headBranch) &&
      is('event', run.event) &&
      is('actor', run.actor) &&
      is('check_suite_id', String(run.id)) &&
      is('status', run.status, run.conclusion),
  );
}

async function listRuns(call: Call): Promise<Reply> {
  await park(call);
  const found = wanted(call.repository, call.query).reverse();
  const size = Math.min(Number(call.query.get('per_page') ?? 30), LARGEST_PAGE);
  const from = (Number(call.query.get('page') ?? 1) - 1) * size;
  const runs = found.slice(from, from + size);
  return {
    status: 200,
    body: {
      total_count: found.length,
      workflow_runs: runs.map((run) => runBody(call.hub.links, call.repository, run)),
    },
  };
}

/** Of the last attempt only: those before it are not kept. */
function listJobs(call: Call): Reply {
  const run = call.repository.runs.find(({ id }) => id === Number(param(call, 'run_id')));
  if (run === undefined || Number(param(call, 'attempt_number')) !== (run.attempt ?? 1))
    return notFound(call.docs);
  const jobs = run.jobs ?? [];
  const size = Math.min(Number(call.query.get('per_page') ?? 30), LARGEST_PAGE);
  const from = (Number(call.query.get('page') ?? 1) - 1) * size;
  const body = (job: (typeof jobs)[number]): object => jobBody(call.hub.links, call.repository, run, job);
  return { status: 200, body: { total_count: jobs.length, jobs: jobs.slice(from, from + size).map(body) } };
}

export const runRoutes: Routes = {
  'GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs': {
    permission: 'actions',
    access: 'read',
    docs: 'actions/workflow-jobs#list-jobs-for-a-workflow-run-attempt',
    handle: listJobs,
  },
  'GET /repos/{owner}/{repo}/actions/runs': {
    permission: 'actions',
    access: 'read',
    docs: 'actions/workflow-runs#list-workflow-runs-for-a-repository',
    handle: listRuns,
  },
};
