import { openGitOps } from '@sluice/argocd/gitops-repository';
import type { World } from '@sluice/core/run';
import type { Change } from '@sluice/gitops/change';
import { holds } from '@sluice/gitops/commit/commit';
import type { Repository } from '@sluice/gitops/git/repository';
import type { DeployInputs } from '../inputs.ts';
import { lossAt } from '../merge/landing.ts';
import { couldNotTell, type Finding } from './finding.ts';
import { notificationsAt } from './notifications.ts';
import type { OpenDeployment } from './open-deployments.ts';
import type { Report } from './report.ts';
import { isAbout, isNamed, type Reported, reportedVerdict } from './reported.ts';
import type { Wake } from './wake.ts';

/** Argo CD's clock may be behind GitHub's. */
const SKEW_MS = 5_000;

/**
 * What notifications say of the changes of a Deployment, where Argo CD cannot be read. Those from before it, and of commits from
 * before its plan, are of an earlier deployment of the same version.
 */
export async function fromReports(
  { createdAt }: Pick<OpenDeployment, 'createdAt'>,
  changes: readonly Change[],
  wake: Wake,
  inputs: DeployInputs,
  world: World,
): Promise<Finding> {
  const [change, ...others] = changes;
  if (inputs['require-evidence'] === 'observed')
    return notReported(
      'Argo CD cannot be read, and `require-evidence: observed` takes no notification for it.',
    );
  if (change === undefined || others.length > 0)
    return notReported('Notifications tell of one repository, and the change is in several.');
  const commit = ('commit' in wake ? wake.commit : undefined) ?? change.commit;
  const { reports, strangers } = await notificationsAt(commit, wake, inputs, world);
  const about = newest(
    reports.filter(
      (report) => report.at >= createdAt - SKEW_MS && isAbout(report, change, inputs.applications),
    ),
  );
  const lacking = lackOf(about, inputs);
  if (lacking !== undefined) {
    if (reports.length > 0 || strangers.length === 0) return notReported(lacking);
    const who = strangers.join(', ');
    const summary = `The notification is by ${who}, and not by ${inputs.notifier}: it is no evidence.`;
    return { ...couldNotTell('not-the-notifier', summary, 'reported'), verdict: 'refused', ok: 'false' };
  }
  await using repository = await openGitOps(change.repository, inputs, world);
  const overwritten = await overwrittenSince(repository, change);
  if (overwritten !== undefined) return overwritten;
  const revisions = new Map<string, boolean>();
  for (const { revision, syncedRevision } of about) {
    for (const one of [revision, syncedRevision])
      if (one !== undefined && !revisions.has(one)) revisions.set(one, await holdsAt(one));
  }
  const settings = {
    settleMs: inputs.settle,
    degradedGraceMs: inputs['degraded-grace'],
    registryAliases: inputs['registry-aliases'],
  };
  const judged = about.map((report): readonly [Report, Reported] => [
    report,
    reportedVerdict({ change, report, holds: (one) => revisions.get(one) === true, settings }),
  ]);
  return { ...told(judged), commit: change.commit };

  async function holdsAt(revision: string): Promise<boolean> {
    if (change === undefined || !(await holds(repository, change, revision))) return false;
    return ['same', 'ancestor'].includes(await repository.relation(change.base, revision));
  }
}

/** What Git says whatever was reported: a notification tells of a moment that is over. */
async function overwrittenSince(repository: Repository, change: Change): Promise<Finding | undefined> {
  const head = await repository.resolve(`refs/heads/${change.branch}`);
  if (head !== undefined && (await holds(repository, change, head))) return undefined;
  const loss = await lossAt(repository, change, head);
  if (loss.type === 'superseded') {
    const summary = `Superseded by a newer deployment, ${loss.by.slice(0, 7)}.`;
    return { verdict: 'superseded', ok: 'unknown', reason: 'superseded', summary, evidence: 'observed' };
  }
  const summary = `The change was overwritten: ${loss.why}.`;
  return { verdict: 'drifted', ok: 'false', reason: 'overwritten', summary, evidence: 'observed' };
}

const notReported = (summary: string): Finding => couldNotTell('not-reported', summary, 'reported');

/** The last word on each application. */
const newest = (reports: readonly Report[]): readonly Report[] => [
  ...new Map(reports.toSorted((a, b) => a.at - b.at).map((one) => [one.application, one])).values(),
];

/** Which applications nobody has reported, as a sentence. */
function lackOf(reports: readonly Report[], { applications, expect }: DeployInputs): string | undefined {
  const unheard = applications.filter((name) => !reports.some((report) => isNamed(report, name)));
  if (unheard.length > 0) return `No notification tells of ${unheard.join(', ')} at this commit.`;
  if (reports.length >= Math.max(expect, 1)) return undefined;
  return `Notifications tell of ${reports.length} applications at this commit, and \`expect\` asks for ${expect}.`;
}

function told(judged: readonly (readonly [Report, Reported])[]): Finding {
  const evidence = 'reported';
  for (const [{ application }, verdict] of judged) {
    if (verdict.type !== 'failed') continue;
    const summary = `Argo CD's notification says of ${application}: ${verdict.why}.`;
    return { verdict: 'failed', ok: 'false', reason: 'reported', summary, evidence };
  }
  for (const [{ application }, verdict] of judged) {
    if (verdict.type !== 'open') continue;
    return notReported(
      `Argo CD's notification does not show that the change is live in ${application}: ${verdict.missing.join(', ')} not satisfied.`,
    );
  }
  const names = judged.map(([{ application }]) => application).join(', ');
  const summary = `Live in ${names}, as Argo CD's notification says.`;
  return { verdict: 'live', ok: 'true', reason: 'reported', summary, evidence };
}
