import { SluiceError } from '@sluice/core/errors';
import type { GitHub } from '@sluice/core/github';
import { parseRun, type SeenRun } from './runs.ts';

/** The repository whose runs they are, and how often it was asked. */
export interface Repository {
  readonly github: GitHub;
  readonly owner: string;
  readonly repo: string;
  /** Reads one address below the API's base at once; undefined where that did not succeed, and GitHub is to be asked with patience. */
  readonly glance?: (path: string) => Promise<unknown>;
}

/** By id; of one that was seen twice, as it was seen last. Where there are very many, few of those that are completed are among them. */
export type RunList = ReadonlyMap<number, SeenRun>;

const PAGE = 100;
/** In the order in which a run goes through them: one that goes on between two requests is seen by the later one. */
const LIVE = ['requested', 'queued', 'pending', 'waiting', 'in_progress'] as const;

/** Among those that were cancelled it is seen that one was; what is nowhere then, has ended in another way. */
const UNTIL = ['cancelled', ...LIVE, 'cancelled'] as const;

/**
 * Every run that is not completed. Where the whole list has no more pages than there are statuses to ask for, it is read as it is; else
 * each status is asked for by itself, for GitHub filters by one at a time, and a repository may have a hundred thousand runs.
 * `until`: it ends where all of these have been seen, also as cancelled.
 */
export async function listRuns(repository: Repository, until?: ReadonlySet<number>): Promise<RunList> {
  const runs = new Map<number, SeenRun>();
  const first = await readPage(repository, 1, undefined, runs);
  const pages = Math.ceil(first.total / PAGE);
  const isSeen = () => until !== undefined && [...until].every((id) => runs.has(id));
  if (pages - 1 <= LIVE.length) {
    for (let page = 2; page <= pages && !isSeen(); page++) await readPage(repository, page, undefined, runs);
    return runs;
  }
  for (const status of until === undefined ? LIVE : UNTIL) {
    // Of what was cancelled, the newest first, not more than reaches back to the oldest of them.
    const end = status === 'cancelled' ? Math.min(...(until ?? [])) : 0;
    if (isSeen()) break;
    let { total, oldest } = await readPage(repository, 1, status, runs);
    for (let page = 2; page <= Math.ceil(total / PAGE) && oldest > end && !isSeen(); page++) {
      ({ total, oldest } = await readPage(repository, page, status, runs));
    }
  }
  return runs;
}

async function readPage(
  { github, owner, repo, glance }: Repository,
  page: number,
  status: (typeof UNTIL)[number] | undefined,
  into: Map<number, SeenRun>,
): Promise<{ readonly total: number; readonly oldest: number }> {
  const isFirst = page === 1 && status === undefined;
  const seen = isFirst ? await glance?.(`/repos/${owner}/${repo}/actions/runs?per_page=${PAGE}`) : undefined;
  const { data } =
    seen === undefined
      ? await github.request('GET /repos/{owner}/{repo}/actions/runs', {
          ...{ owner, repo, per_page: PAGE },
          ...(page > 1 && { page }),
          ...(status !== undefined && { status }),
        })
      : { data: seen };
  const { total_count: total, workflow_runs: listed } = Object(data);
  if (!Array.isArray(listed) || typeof total !== 'number') throw noList();
  const found = listed.map(parseRun);
  for (const run of found) {
    if (run === undefined) throw noList();
    into.set(run.id, run);
  }
  return { total, oldest: found.at(-1)?.id ?? 0 };
}

const noList = (): SluiceError =>
  new SluiceError(
    'platform',
    'unexpected-answer',
    'GitHub answered with something that is no list of runs.',
    {
      hint: 'Check GITHUB_API_URL, and the proxy of the runner.',
    },
  );
