import type { ClauseName, Verdict } from '../decide/types.ts';

/** What to do about a verdict; undefined where there is nothing to do, or the messages say it. */
export function adviceOf({
  reason,
  overwrittenBy,
  messages,
  missing,
  sentence,
}: Verdict): string | undefined {
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
    case 'stale-manifests':
      return 'Restart the repo-server of Argo CD, or clear its cache; then run the job again.';
    case 'hydration-failed':
      return 'Mend what the hydrator could not render by a new commit: without one it does not try again.';
    case 'rollout-aborted':
      return 'Look at the analysis and the pods of the new version; retry the rollout, or deploy another version.';
    case 'degraded':
      return `${mend([sentence, ...messages])}; a new deployment of the version before brings it back.`;
    case 'needs-sync':
      return messages[0] ?? 'Sync the application in Argo CD.';
    case 'sync-forbidden':
      return 'Add `applications, sync` to the policy of the token, or set `sync: never`.';
    case 'sync-refused':
      return 'Read what Argo CD says about it, then run the job again.';
    case 'nothing-to-verify':
      return /no edit that this application reads/.test(sentence)
        ? 'Take it out of `applications`: it does not read the changed files.'
        : 'Name the applications that read the changed files in `applications`.';
    case 'generated':
      return 'Watch what it generates in a step of its own: `revision` with the commit, and `applications` with the names.';
    case 'not-generated':
      return 'Mend the ApplicationSet by a new commit: its conditions in Argo CD say the same.';
    case 'timed-out':
      return (
        atWindow(sentence) ??
        `${notSeen(missing)}${atPause(sentence)}Run the job again, or raise \`timeout\`${needsSync(missing)}.`
      );
    case 'not-yet':
      return atWindow(sentence) ?? `${notSeen(missing)}Run the job again to look again.`;
    case 'could-not-ask':
      return messages[0] ?? 'Run the job again when Argo CD and Git answer.';
  }
}

/** By what Kubernetes said of the Pods; the first that fits. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [
    /ImagePull|InvalidImageName/,
    'Check that the image is in the registry under this name, and that the cluster may pull it',
  ],
  [
    /CreateContainer\w*Error|FailedMount/,
    'Check that what its containers refer to is there: Secrets, ConfigMaps, volumes',
  ],
  [/OOMKilled/, 'Give its container more memory, or look for what takes so much'],
  [/CrashLoopBackOff|exit code|ExitCode/, 'Look at the logs of its container: it starts and ends again'],
  [
    /admission webhook|denied the request|violates PodSecurity/,
    'Change what the admission refuses, or the policy',
  ],
  [/exceeded quota|FailedScheduling/, 'Make room for its pods, or let them ask for less'],
  [/probe failed/, 'Look at the logs of its container: it runs, and does not become ready'],
];

/** The most telling comes first. */
function mend(words: readonly string[]): string {
  const fitting = words.map((one) => remedies.find(([pattern]) => pattern.test(one)));
  return fitting.find((one) => one !== undefined)?.[1] ?? 'Look at the events and logs of its pods';
}

const atPause = (sentence: string): string =>
  /\bRollout \S+ is paused\b/.test(sentence)
    ? 'Promote the rollout, or set `until: paused` to go on at its pause. '
    : '';

/** A window may stay closed for longer than any runner waits. */
function atWindow(sentence: string): string | undefined {
  const [, from] = /\bWaiting until (\S+ \S+ UTC): the sync windows are closed/.exec(sentence) ?? [];
  if (from === undefined && !/\bsync windows? (are closed|opens)/.test(sentence)) return undefined;
  return `Run it again ${from === undefined ? 'when the sync window is open' : `after ${from}`}, raise \`timeout\`, or use event mode.`;
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
