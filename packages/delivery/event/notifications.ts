import { createGitHub, type GitHub } from '@sluice/core/github';
import type { World } from '@sluice/core/run';
import { credentialOf } from '@sluice/gitops/inputs';
import type { DeployInputs } from '../inputs.ts';
import { isApp, isSender } from './notifier.ts';
import { parseReport, type Report, readReport } from './report.ts';
import type { Wake } from './wake.ts';

/** What the configured notifier has said of some commits. */
export interface Notified {
  readonly reports: readonly Report[];
  /** Who else spoke: their word counts for nothing. */
  readonly strangers: readonly string[];
  /** A commit with more check runs than are read: what was not read may say the opposite. */
  readonly tooMany?: string;
}

const PER_PAGE = 100;
/** Of one commit. GitHub itself lists no more than those of the 1,000 newest check suites (https://docs.github.com/rest/checks/runs). */
const MOST_PAGES = 10;
/** Commits whose check runs are asked for at once. */
const TOGETHER = 8;

/**
 * Reads what the notifier has said: check runs from GitHub's own record, which says which App made each; a dispatch from the event,
 * in which GitHub says who sent it. A commit status has 140 characters, too few for a report.
 */
export async function notificationsAt(
  commits: readonly string[],
  wake: Wake,
  inputs: DeployInputs,
  world: World,
): Promise<Notified> {
  const { notifier } = inputs;
  const reports: Report[] = [];
  if (wake.type === 'dispatch') {
    if (!isSender(wake.sender, notifier)) return { reports, strangers: [wake.sender] };
    reports.push(...[readReport(wake.content)].filter((one) => one !== undefined));
    // A user makes no check runs.
    if (notifier.startsWith('@')) return { reports, strangers: [] };
  }
  const { apiUrl, graphqlUrl, repository } = world.context;
  const credential = credentialOf(inputs, repository);
  const github = createGitHub({ ...world, apiUrl, graphqlUrl, credential });
  const strangers = new Set<string>();
  for (let from = 0; from < commits.length; from += TOGETHER) {
    const some = commits.slice(from, from + TOGETHER);
    const lists = await Promise.all(
      some.map(async (commit) => ({ commit, runs: await checkRunsOf(github, repository, commit) })),
    );
    for (const { commit, runs } of lists) {
      if (runs === undefined) return { reports, strangers: [], tooMany: commit };
      const told = runs.filter((run) => run.head_sha === commit).flatMap(toldBy);
      const [own, others] = [true, false].map((is) =>
        told.filter(({ slug }) => isApp(slug, notifier) === is),
      );
      reports.push(...(own ?? []).map(({ report }) => report));
      for (const { slug } of others ?? []) strangers.add(slug ?? 'nobody');
    }
  }
  return { reports, strangers: [...strangers] };
}

function toldBy({ app, output }: CheckRuns[number]) {
  const report = parseReport(output.text ?? '');
  return report === undefined ? [] : [{ report, slug: app?.slug }];
}

const ROUTE = 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs';
type CheckRuns = Awaited<ReturnType<typeof pageOf>>['check_runs'];

/**
 * Those of one commit, of all pages: any name and any App, for the notifier's number, by which GitHub could choose, is not known. Of one
 * name all, not the newest: two Argo CDs may use one name. Undefined where there are more than are read.
 */
async function checkRunsOf(
  github: GitHub,
  repository: string,
  commit: string,
): Promise<CheckRuns | undefined> {
  const found: CheckRuns = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { check_runs: runs, total_count: total } = await pageOf(github, repository, commit, page);
    found.push(...runs);
    if (runs.length < PER_PAGE) return found.length < total ? undefined : found;
  }
  return undefined;
}

async function pageOf(github: GitHub, repository: string, ref: string, page: number) {
  const [owner = '', repo = ''] = repository.split('/');
  const asked = { owner, repo, ref, status: 'completed', filter: 'all', per_page: PER_PAGE, page } as const;
  const { data } = await github.request(ROUTE, asked);
  return data;
}
