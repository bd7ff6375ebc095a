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
/** Of a list that is narrowed GitHub gives no more than 1,000 (https://docs.github.com/rest/actions/workflow-runs). */
const MOST_PAGES = 10;
/** How often a list is read anew from which something was taken while it was read. */
const MOST_TURNS = 3;
/**
 * In the order in which a run goes through them: one that goes on between two requests is seen by the later one. Between two of its jobs a
 * run that was in progress is queued, or waits, again.
 */
const BEFORE = ['queued', 'pending', 'waiting'] as const;
const LIVE = ['requested', ...BEFORE, 'in_progress', ...BEFORE] as const;

/** Among those that were cancelled it is seen that one was; what is nowhere then, has ended in another way, or has moved. */
const UNTIL = ['cancelled', ...LIVE, 'cancelled'] as const;

/**
 * Every run that is not completed. Where the whole list has no more pages than there are statuses to ask for, it is read as it is; else
 * each status is asked for by itself, for GitHub filters by one at a time, and a repository may have a hundred thousand runs.
 * `until`: it ends where all of these have been seen, also as cancelled. Throws where it cannot be read whole: what is missing is not
 * what is not there.
 */
export async function listRuns(repository: Repository, until?: ReadonlySet<number>): Promise<RunList> {
  const runs = new Map<number, SeenRun>();
  const isSeen = () => until !== undefined && [...until].every((id) => runs.has(id));
  const { total } = await readPage(repository, { page: 1 }, runs);
  if (Math.ceil(total / PAGE) - 1 <= LIVE.length) {
    await readWhole(repository, total, runs, isSeen);
    return runs;
  }
  for (const status of until === undefined ? LIVE : UNTIL) {
    // Of what was cancelled, the newest first, not more than reaches back to the oldest of them.
    const end = status === 'cancelled' ? Math.min(...(until ?? [])) : 0;
    if (isSeen()) break;
    await readStatus(repository, status, runs, ({ found }) => isSeen() || (found.at(-1)?.id ?? 0) <= end);
  }
  return runs;
}

/** The pages after the first. New runs come before the others, so that what moves to a later page is seen twice; what a run that is deleted makes move to an earlier one is read again. */
async function readWhole(
  repository: Repository,
  first: number,
  runs: Map<number, SeenRun>,
  isSeen: () => boolean,
): Promise<void> {
  let before = first;
  let turns = 0;
  let pages = 1;
  for (let page = 2; page <= Math.ceil(before / PAGE) && !isSeen(); page++) {
    const { total } = await readPage(repository, { page }, runs);
    pages += 1;
    if (pages > MOST_TURNS * (LIVE.length + 1)) throw moved();
    if (total < before) {
      turns += 1;
      if (turns > MOST_TURNS) throw moved();
      page = Math.max(page - 2, 0);
    }
    before = total;
  }
}

/**
 * All runs of one status. They leave it while it is read, which makes others move to pages that were read before: so each next list is of those that
 * were created until the oldest that was seen, which nothing newer moves, and no list needs more than GitHub gives of one. Within one
 * second, and where the server does not know that filter, it goes by pages; it throws where these have moved, or are too many.
 */
async function readStatus(
  repository: Repository,
  status: Status,
  runs: Map<number, SeenRun>,
  isEnough: (page: Page) => boolean,
): Promise<void> {
  let page = 1;
  let created: number | undefined;
  let isFiltered = true;
  let before: number | undefined;
  for (;;) {
    const read = await readPage(repository, { page, status, created }, runs);
    const times = read.found.map(({ createdAt }) => createdAt);
    const [oldest, newest] = [Math.min(...times), Math.max(...times)];
    if (created !== undefined && newest > created) {
      isFiltered = false;
      created = undefined;
      before = read.total;
      page = 2;
      continue;
    }
    if (page > 1 && before !== undefined && read.total < before) throw moved();
    if (times.length === 0 || page * PAGE >= read.total || isEnough(read)) return;
    if (isFiltered && oldest > 0 && oldest < newest) {
      created = oldest;
      page = 1;
    } else page += 1;
    if (page > MOST_PAGES) throw tooMany(status);
    before = page === 1 ? undefined : read.total;
  }
}

type Status = (typeof UNTIL)[number];

interface Page {
  readonly total: number;
  readonly found: readonly SeenRun[];
}

async function readPage(
  { github, owner, repo, glance }: Repository,
  asked: { readonly page: number; readonly status?: Status; readonly created?: number | undefined },
  into: Map<number, SeenRun>,
): Promise<Page> {
  const { page, status, created } = asked;
  const isFirst = page === 1 && status === undefined;
  const seen = isFirst ? await glance?.(`/repos/${owner}/${repo}/actions/runs?per_page=${PAGE}`) : undefined;
  const { data } =
    seen === undefined
      ? await github.request('GET /repos/{owner}/{repo}/actions/runs', {
          ...{ owner, repo, per_page: PAGE },
          ...(page > 1 && { page }),
          ...(status !== undefined && { status }),
          ...(created !== undefined && {
            created: `<=${new Date(created).toISOString().replace('.000Z', 'Z')}`,
          }),
        })
      : { data: seen };
  const { total_count: total, workflow_runs: listed } = Object(data);
  if (!Array.isArray(listed) || typeof total !== 'number') throw noList();
  const found: SeenRun[] = [];
  for (const one of listed) {
    const run = parseRun(one);
    if (run === undefined) throw noList();
    into.set(run.id, run);
    found.push(run);
  }
  return { total, found };
}

const moved = (): SluiceError =>
  new SluiceError('conflict', 'conflict', 'The list of runs changed each time that it was read.', {
    hint: 'Run the job again.',
  });

const tooMany = (status: Status): SluiceError => {
  const message = `GitHub does not list all runs that are ${status}: there are more than ${MOST_PAGES * PAGE} of one second.`;
  return new SluiceError('platform', 'unexpected-answer', message, {
    hint: 'Run the job again when there are fewer.',
  });
};

const noList = (): SluiceError =>
  new SluiceError(
    'platform',
    'unexpected-answer',
    'GitHub answered with something that is no list of runs.',
    {
      hint: 'Check GITHUB_API_URL, and the proxy of the runner.',
    },
  );
