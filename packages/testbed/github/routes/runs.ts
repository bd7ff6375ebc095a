import { notFound, problem } from '../errors.ts';
import { jobBody, runBody } from '../render/run.ts';
import type { Reply, Repository, WorkflowRun } from '../types.ts';
import { openPulls } from './pulls.ts';
import { type Call, param, type Routes } from './route.ts';

const BOT = 'github-actions[bot]';
const LARGEST_PAGE = 100;
/** A list that is narrowed gives no more than these (https://docs.github.com/rest/actions/workflow-runs). */
const MOST_NARROWED = 1000;
const NARROWING = ['actor', 'branch', 'check_suite_id', 'created', 'event', 'head_sha', 'status'];

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
      is('status', run.status, run.conclusion) &&
      wasCreated(run, query.get('created')),
  );
}

/** As GitHub searches for dates: until, since, or from one to another; with both ends. */
function wasCreated({ createdAt }: WorkflowRun, asked: string | null): boolean {
  if (asked === null) return true;
  const [, until] = /^<=(.*)$/.exec(asked) ?? [];
  const [, since] = /^>=(.*)$/.exec(asked) ?? [];
  const [from = since ?? '', to = until ?? ''] = asked.includes('..') ? asked.split('..') : [];
  const second = Math.floor(createdAt / 1000) * 1000;
  return !(second < Date.parse(from)) && !(second > Date.parse(to));
}

async function listRuns(call: Call): Promise<Reply> {
  await park(call);
  const all = wanted(call.repository, call.query).sort((a, b) => b.id - a.id);
  const isNarrowed = NARROWING.some((name) => call.query.has(name));
  const found = isNarrowed ? all.slice(0, MOST_NARROWED) : all;
  const size = Math.min(Number(call.query.get('per_page') ?? 30), LARGEST_PAGE);
  const from = (Number(call.query.get('page') ?? 1) - 1) * size;
  const runs = found.slice(from, from + size);
  return {
    status: 200,
    body: {
      total_count: all.length,
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

const runOf = (call: Call): WorkflowRun | undefined =>
  call.repository.runs.find(({ id }) => String(id) === param(call, 'run_id'));

function getRun(call: Call): Reply {
  const run = runOf(call);
  if (run === undefined) return notFound(call.docs);
  return { status: 200, body: runBody(call.hub.links, call.repository, run) };
}

/** Both ways answer before anything has ended; the plain one lets jobs with `always()` go on. */
const cancel =
  (isForced: boolean) =>
  (call: Call): Reply => {
    const run = runOf(call);
    if (run === undefined) return notFound(call.docs);
    if (run.status === 'completed')
      return problem(409, 'Cannot cancel a workflow run that is completed.', call.docs);
    if (isForced || run.onCancel === undefined)
      Object.assign(run, { status: 'completed', conclusion: 'cancelled' });
    return { status: 202, body: {} };
  };

function getGroup(call: Call): Reply {
  const { hub, repository } = call;
  const name = param(call, 'concurrency_group_name');
  // Names count whatever their case.
  const members = repository.concurrencyGroups.get(name.toLowerCase());
  if (members === undefined || members.length === 0) return notFound(call.docs);
  const api = `${hub.links.api}/repos/${repository.fullName}/actions`;
  const web = `${hub.links.web}/${repository.fullName}/actions/runs`;
  const group_members = members.map(({ run, status }) => ({
    run_id: run,
    run_name: repository.runs.find(({ id }) => id === run)?.name ?? '',
    run_url: `${api}/runs/${run}`,
    run_html_url: `${web}/${run}`,
    status,
  }));
  const group_url = `${api}/concurrency_groups/${encodeURIComponent(name)}`;
  return { status: 200, body: { group_name: name, group_url, total_count: members.length, group_members } };
}

const reads = { permission: 'actions', access: 'read' } as const;
const writes = { permission: 'actions', access: 'write' } as const;
const docs = 'actions/workflow-runs';

export const runRoutes: Routes = {
  'GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs': {
    permission: 'actions',
    access: 'read',
    docs: 'actions/workflow-jobs#list-jobs-for-a-workflow-run-attempt',
    handle: listJobs,
  },
  'GET /repos/{owner}/{repo}/actions/runs': {
    ...reads,
    docs: `${docs}#list-workflow-runs-for-a-repository`,
    handle: listRuns,
  },
  'GET /repos/{owner}/{repo}/actions/runs/{run_id}': {
    ...reads,
    docs: `${docs}#get-a-workflow-run`,
    handle: getRun,
  },
  'POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel': {
    ...writes,
    docs: `${docs}#cancel-a-workflow-run`,
    handle: cancel(false),
  },
  'POST /repos/{owner}/{repo}/actions/runs/{run_id}/force-cancel': {
    ...writes,
    docs: `${docs}#force-cancel-a-workflow-run`,
    handle: cancel(true),
  },
  'GET /repos/{owner}/{repo}/actions/concurrency_groups/{concurrency_group_name}': {
    ...reads,
    docs: 'actions/concurrency-groups#get-a-concurrency-group-for-a-repository',
    handle: getGroup,
  },
};
