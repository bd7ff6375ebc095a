import { heldAt } from '@sluice/argocd/evidence/held';
import { openGitOps } from '@sluice/argocd/gitops-repository';
import type { World } from '@sluice/core/run';
import type { Change } from '@sluice/gitops/change';
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

/** Commits since the plan whose check runs are read, one request each; of more nobody can say that no newer word is among them. */
const MOST_COMMITS = 60;

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
  if (change === undefined || others.length > 0)
    return notReported('Notifications tell of one repository, and the change is in several.');
  await using repository = await openGitOps(change.repository, inputs, world);
  const head = await repository.resolve(`refs/heads/${change.branch}`);
  const isEvidence = inputs['require-evidence'] === 'reported' && inputs.selector === '';
  const commits = isEvidence ? await commitsSince(repository, change, head, wake) : [];
  const { reports, strangers, tooMany } = await notificationsAt(
    commits.slice(0, MOST_COMMITS),
    wake,
    inputs,
    world,
  );
  const since = reports.filter((report) => report.at >= createdAt - SKEW_MS);
  const about = newest(since).filter((report) => isAbout(report, change, inputs.applications));
  const overwritten = await overwrittenSince(repository, change, head, about[0]?.path);
  if (overwritten !== undefined) return overwritten;
  const lacking = notEvidence(inputs) ?? unread(commits, tooMany) ?? lackOf(about, inputs);
  if (lacking !== undefined) {
    if (reports.length > 0 || strangers.length === 0) return notReported(lacking);
    const who = strangers.join(', ');
    const summary = `The notification is by ${who}, and not by ${inputs.notifier}: it is no evidence.`;
    return { ...couldNotTell('not-the-notifier', summary, 'reported'), verdict: 'refused', ok: 'false' };
  }
  const revisions = new Map<string, boolean>();
  for (const { revision, syncedRevision, path } of about) {
    for (const one of [revision, syncedRevision])
      if (one !== undefined && !revisions.has(one)) revisions.set(one, await holdsAt(one, path));
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

  async function holdsAt(revision: string, folder: string): Promise<boolean> {
    if (change === undefined || !(await heldAt(repository, change, revision, folder))) return false;
    return ['same', 'ancestor'].includes(await repository.relation(change.base, revision));
  }
}

/**
 * Where a notification of the change may stand: at the commit that woke this run, and at any since the plan. Somebody else's next commit
 * does not take the word on ours away, and a word on theirs may be newer.
 */
async function commitsSince(
  repository: Repository,
  { base, commit }: Change,
  head: string | undefined,
  wake: Wake,
): Promise<readonly string[]> {
  const woke = 'commit' in wake && wake.commit !== undefined ? [wake.commit] : [];
  const listed =
    head === undefined ? [] : await repository.commitsBetween(base, head, [], Number.POSITIVE_INFINITY);
  const since = listed.map(({ sha }) => sha);
  const known = head === undefined ? [base] : [head, base];
  return [...new Set([...woke, commit, ...known, ...since.toReversed()])];
}

/** What Git says whatever was reported: a notification tells of a moment that is over. */
async function overwrittenSince(
  repository: Repository,
  change: Change,
  head: string | undefined,
  folder: string | undefined,
): Promise<Finding | undefined> {
  if (head !== undefined && (await heldAt(repository, change, head, folder))) return undefined;
  const loss = await lossAt(repository, change, head);
  if (loss.type === 'superseded') {
    const summary = `Superseded by a newer deployment, ${loss.by.slice(0, 7)}.`;
    return { verdict: 'superseded', ok: 'unknown', reason: 'superseded', summary, evidence: 'observed' };
  }
  const summary = `The change was overwritten: ${loss.why}.`;
  return { verdict: 'drifted', ok: 'false', reason: 'overwritten', summary, evidence: 'observed' };
}

const notReported = (summary: string): Finding => couldNotTell('not-reported', summary, 'reported');

/** Why no notification can be evidence for this run. */
function notEvidence({ 'require-evidence': required, selector }: DeployInputs): string | undefined {
  if (required === 'observed')
    return 'Argo CD cannot be read, and `require-evidence: observed` takes no notification for it.';
  if (selector === '') return undefined;
  return `Argo CD cannot be read, and no notification tells which applications \`selector: ${selector}\` chooses: name them by \`applications\`.`;
}

/** What was not read may be newer, and say the opposite. */
function unread(commits: readonly string[], tooMany: string | undefined): string | undefined {
  if (commits.length > MOST_COMMITS)
    return `There are more than ${MOST_COMMITS} commits since the plan: what notifications say of them all is not read.`;
  if (tooMany === undefined) return undefined;
  return `${tooMany.slice(0, 7)} has more check runs than are read: those of Argo CD may not be among them.`;
}

const keyOf = ({ argocd, application }: Report): string => `${argocd} ${application}`;

/** The last word on each application; all of its last second, for a report's time has no smaller unit. */
function newest(reports: readonly Report[]): readonly Report[] {
  const last = new Map<string, number>();
  for (const one of reports) last.set(keyOf(one), Math.max(one.at, last.get(keyOf(one)) ?? 0));
  return reports.filter((one) => one.at === last.get(keyOf(one)));
}

/** Which applications nobody has reported, as a sentence. */
function lackOf(reports: readonly Report[], { applications, expect }: DeployInputs): string | undefined {
  const unheard = applications.filter((name) => !reports.some((report) => isNamed(report, name)));
  if (unheard.length > 0) return `No notification tells of ${unheard.join(', ')} at this commit.`;
  const { size } = new Set(reports.map(keyOf));
  if (size >= Math.max(expect, 1)) return undefined;
  return `Notifications tell of ${size} applications at this commit, and \`expect\` asks for ${expect}.`;
}

function told(judged: readonly (readonly [Report, Reported])[]): Finding {
  const evidence = 'reported';
  for (const [{ application, argocd }, verdict] of judged) {
    if (verdict.type !== 'failed') continue;
    const summary = `Argo CD's notification says of ${application} on ${argocd}: ${verdict.why}.`;
    return { verdict: 'failed', ok: 'false', reason: 'reported', summary, evidence };
  }
  for (const [{ application, argocd }, verdict] of judged) {
    if (verdict.type !== 'open') continue;
    return notReported(
      `Argo CD's notification does not show that the change is live in ${application} on ${argocd}: ${verdict.missing.join(', ')} not satisfied.`,
    );
  }
  const names = [...new Set(judged.map(([{ application }]) => application))].join(', ');
  const summary = `Live in ${names}, as Argo CD's notification says.`;
  return { verdict: 'live', ok: 'true', reason: 'reported', summary, evidence };
}
