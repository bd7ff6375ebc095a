import type { ClauseName, Verdict } from '../decide/types.ts';

/** What to do about a verdict; undefined where there is nothing to do, or the messages say it. */
export function adviceOf({ reason, overwrittenBy, messages, missing }: Verdict): string | undefined {
  switch (reason) {
    case 'proven':
    case 'rolling-out':
    case 'superseded':
      return undefined;
    case 'overwritten':
      return overwrittenBy === undefined
        ? 'To deploy again, run the job again.'
        : `To deploy again, run the job again; to keep the change of ${overwrittenBy.author}, do nothing.`;
    case 'live-drift':
      return 'Sync the application again, or turn on self-heal, to bring the cluster back to what Git says.';
    case 'overridden':
    case 'not-rendered':
      return 'Change the place that wins, or take the override away.';
    case 'no-rendered-difference':
      return 'Check that the application reads the file and the field that were set.';
    case 'always-so':
      return 'Look at the application in Argo CD; to run the job again tells no more.';
    case 'comparison-error':
    case 'operation-failed':
    case 'sync-error':
      return 'Mend it by a new commit, or go back to the version before with a new deployment.';
    case 'hydration-failed':
      return 'Mend what the hydrator could not render by a new commit: without one it does not try again.';
    case 'rollout-aborted':
      return 'Look at the analysis and the pods of the new version; retry the rollout, or deploy another version.';
    case 'degraded':
      return 'Look at the events and logs of its pods; a new deployment of the version before brings it back.';
    case 'needs-sync':
      return 'Sync the application in Argo CD, or set `sync: when-manual`; with auto-sync on, `always`; add `prune: true` where objects are gone from Git.';
    case 'sync-forbidden':
      return 'Add `applications, sync` to the policy of the token, or set `sync: never`.';
    case 'sync-refused':
      return 'Read what Argo CD says about it, then run the job again.';
    case 'nothing-to-verify':
      return 'Name the applications that read the changed files in `applications`.';
    case 'generated':
      return 'Watch what it generates in a step of its own: `revision` with the commit, and `applications` with the names.';
    case 'not-generated':
      return 'Mend the ApplicationSet by a new commit: its conditions in Argo CD say the same.';
    case 'timed-out':
      return `${notSeen(missing)}Run the job again, or raise \`timeout\`${needsSync(missing)}.`;
    case 'not-yet':
      return `${notSeen(missing)}Run the job again to look again.`;
    case 'could-not-ask':
      return messages[0] ?? 'Run the job again when Argo CD and Git answer.';
  }
}

/** What each clause of the decision would have shown. */
const shows: Readonly<Record<ClauseName, string>> = {
  fresh: 'a comparison since the commit',
  contained: 'a revision with the change',
  effective: 'the change in what is rendered',
  synced: 'Synced',
  operation: 'a sync that succeeded',
  spec: 'a comparison with the Application as it is now',
  healthy: 'Healthy',
  running: 'the new image running',
};

const notSeen = (missing: readonly ClauseName[]): string =>
  missing.length === 0 ? '' : `Not seen: ${missing.map((clause) => shows[clause]).join(', ')}. `;

const needsSync = (missing: readonly ClauseName[]): string =>
  missing.includes('synced')
    ? '; where nobody syncs, set `sync: when-manual`, or `always` where auto-sync is on'
    : '';
