import type { GitHub } from '@sluice/core/github';
import { lastAttempt } from './last-attempt.ts';
import { lastWords } from './last-words.ts';
import { pagedList } from './pages.ts';
import { toldOf, toldOfStatus } from './told-states.ts';
import type { Check, Observation, Run } from './types.ts';

export interface Commit {
  readonly owner: string;
  readonly repo: string;
  readonly sha: string;
}

export interface ReadOptions {
  /** This run, of which nothing counts. */
  readonly ownRun: number;
  /** Statuses are of no workflow: they are read where a pattern may mean one. */
  readonly statuses: boolean;
}

const ACTIONS = 'github-actions';

/** Reads all that is said of a commit now; what has not changed since the last time is not sent again. */
export function checksReader(github: GitHub, commit: Commit, { ownRun, statuses }: ReadOptions) {
  const readRuns = runsOf(github, commit);
  const readCheckRuns = checkRunsOf(github, commit);
  const readStatuses = statusesOf(github, commit);
  const attempts = new Map<string, ReturnType<typeof jobsOf>>();
  return async (): Promise<Observation> => {
    // Checks first: a run that begins in between is then known with fewer checks than it has, never a check without its run.
    const checkRuns = await readCheckRuns();
    const given = statuses ? await readStatuses() : { items: [], isWhole: true };
    const runs = await readRuns();
    const byId = new Map(runs.items.map((run) => [run.id, run]));
    const others = runs.items.filter(({ id }) => id !== ownRun);
    const again = others.filter(({ attempt }) => attempt > 1);
    const withRuns = checkRuns.items.flatMap(({ runId, ...check }): readonly Check[] => {
      if (runId === undefined) return [check];
      const run = byId.get(runId);
      return runId === ownRun ? [] : [{ ...check, ...(run && { run }) }];
    });
    const firsts = withRuns.filter(({ run }) => run === undefined || run.attempt === 1);
    let isWhole = checkRuns.isWhole && given.isWhole && runs.isWhole;
    const seconds: Check[] = [];
    for (const run of again) {
      const key = `${run.id}/${run.attempt}`;
      const read = attempts.get(key) ?? jobsOf(github, commit, run);
      attempts.set(key, read);
      const jobs = await read();
      isWhole &&= jobs.isWhole;
      const ended = jobs.items.map((job) => ({ ...job, app: ACTIONS, run }));
      const before = withRuns.filter((check) => check.run?.id === run.id);
      seconds.push(...lastAttempt(run, ended, before));
    }
    const own = byId.get(ownRun);
    return {
      ...(own && { own }),
      checks: lastWords([...firsts, ...seconds, ...withOverruled(given.items)], others),
      running: others.filter(({ state }) => state === 'running'),
      parked: others.filter(({ state }) => state === 'parked'),
      isWhole,
    };
  };
}

function runsOf(github: GitHub, { owner, repo, sha }: Commit) {
  return pagedList<Run>(async (page, options) => {
    const asked = { owner, repo, head_sha: sha, ...page };
    const { data, headers } = await github.request('GET /repos/{owner}/{repo}/actions/runs', asked, options);
    const items = data.workflow_runs.map((run): Run => {
      const { id, name, path, event, run_attempt: attempt = 1, status, conclusion } = run;
      const isParked = conclusion === 'action_required' || status === 'action_required';
      const state = isParked ? 'parked' : status === 'completed' ? 'completed' : 'running';
      const known = { id: Number(id), workflow: name ?? '', event, attempt, state } as const;
      // `path` may have the ref behind it.
      return { ...known, path: path.replace(/@.*$/, ''), conclusion: conclusion ?? '' };
    });
    return { items, total: data.total_count, etag: headers.etag };
  });
}

/** The first attempts of the jobs of runs, and what other Apps say. */
function checkRunsOf(github: GitHub, { owner, repo, sha }: Commit) {
  return pagedList<Check & { readonly runId?: number }>(async (page, options) => {
    const route = 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs';
    const asked = { owner, repo, ref: sha, filter: 'all', ...page } as const;
    const { data, headers } = await github.request(route, asked, options);
    const items = data.check_runs.map((given) => {
      const { id, name, app, details_url: url } = given;
      const slug = app?.slug ?? '';
      // Only Actions' own address is believed: any App may lead to any address, and a check that a job made by the API to none of a job.
      const [, runId] = (slug === ACTIONS && /\/actions\/runs\/(\d+)\/job\/\d+$/.exec(url ?? '')) || [];
      const check = { id: Number(id), name, app: slug, ...endOf(given) };
      return runId === undefined ? check : { ...check, runId: Number(runId) };
    });
    return { items, total: data.total_count, etag: headers.etag };
  });
}

/** Every status ever given, the newest of each context and person having the highest id. */
function statusesOf(github: GitHub, { owner, repo, sha }: Commit) {
  return pagedList<Check>(async (page, options) => {
    const route = 'GET /repos/{owner}/{repo}/commits/{ref}/statuses';
    const { data, headers } = await github.request(route, { owner, repo, ref: sha, ...page }, options);
    const items = data.map(({ id, context, state, creator }) => ({
      ...{ id: Number(id), name: context, app: (creator?.login ?? '').replace(/\[bot\]$/, '') },
      ...toldOfStatus(state),
    }));
    return { items, etag: headers.etag };
  });
}

/** Marks the statuses whose context has a newer one. */
function withOverruled(statuses: readonly Check[]): readonly Check[] {
  const newest = new Map<string, number>();
  for (const { name, id } of statuses) newest.set(name, Math.max(id, newest.get(name) ?? 0));
  return statuses.map((one) => ({ ...one, isOverruled: newest.get(one.name) !== one.id }));
}

/** The jobs of the last attempt: checks do not tell of which attempt they are. */
function jobsOf(github: GitHub, { owner, repo }: Commit, { id: run_id, attempt: attempt_number }: Run) {
  return pagedList<Omit<Check, 'app' | 'run'>>(async (page, options) => {
    const route = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs';
    const { data, headers } = await github.request(
      route,
      { owner, repo, run_id, attempt_number, ...page },
      options,
    );
    const items = data.jobs.map((job) => ({ id: Number(job.id), name: job.name, ...endOf(job) }));
    return { items, total: data.total_count, etag: headers.etag };
  });
}

/** How a check run or a job ended, and when. */
function endOf({
  status,
  conclusion,
  completed_at: at,
}: Ended): Pick<Check, 'state' | 'told' | 'isCancelled' | 'endedMs'> {
  const endedMs = Date.parse(at ?? '');
  return {
    ...toldOf(status, conclusion),
    isCancelled: conclusion === 'cancelled',
    ...(Number.isNaN(endedMs) ? {} : { endedMs }),
  };
}

interface Ended {
  readonly status: string;
  readonly conclusion: string | null;
  readonly completed_at?: string | null;
}
