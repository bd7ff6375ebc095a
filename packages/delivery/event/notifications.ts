import { createGitHub } from '@sluice/core/github';
import type { World } from '@sluice/core/run';
import { credentialOf } from '@sluice/gitops/inputs';
import type { DeployInputs } from '../inputs.ts';
import { parseReport, type Report, readReport } from './report.ts';
import type { Wake } from './wake.ts';

/** What the configured notifier has said of a commit. */
export interface Notified {
  readonly reports: readonly Report[];
  /** Who else spoke: their word counts for nothing. */
  readonly strangers: readonly string[];
}

/** Check runs of one commit that are looked at; more are not made by an Argo CD. */
const MOST = 100;

/**
 * Reads what the notifier has said: check runs from GitHub's own record, which says which App made each; a dispatch from the event,
 * in which GitHub says who sent it. A commit status has 140 characters, too few for a report.
 */
export async function notificationsAt(
  commit: string,
  wake: Wake,
  inputs: DeployInputs,
  world: World,
): Promise<Notified> {
  const { notifier } = inputs;
  if (wake.type === 'dispatch') {
    if (!isNotifier(wake.sender, notifier)) return { reports: [], strangers: [wake.sender] };
    return { reports: [readReport(wake.content)].filter((one) => one !== undefined), strangers: [] };
  }
  const { apiUrl, graphqlUrl, repository } = world.context;
  const credential = credentialOf(inputs, repository);
  const github = createGitHub({ ...world, apiUrl, graphqlUrl, credential });
  const [owner = '', repo = ''] = repository.split('/');
  const route = 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs';
  const { data } = await github.request(route, {
    owner,
    repo,
    ref: commit,
    status: 'completed',
    per_page: MOST,
  });
  const reports: Report[] = [];
  const strangers = new Set<string>();
  for (const { app, output, head_sha: sha } of data.check_runs) {
    const report = parseReport(output.text ?? '');
    if (report === undefined || sha !== commit) continue;
    if (isNotifier(app?.slug ?? '', notifier)) reports.push(report);
    else strangers.add(app?.slug ?? 'nobody');
  }
  return { reports, strangers: [...strangers] };
}

/** An App acts as `<slug>[bot]`, a login that no user can have. */
const isNotifier = (who: string, notifier: string): boolean =>
  notifier !== '' && [notifier, `${notifier}[bot]`].some((one) => one.toLowerCase() === who.toLowerCase());
