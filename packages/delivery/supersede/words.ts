import type { Ok } from '@sluice/core/verdict';
import { type Ended, isBad } from './fate.ts';
import type { Found } from './find.ts';
import type { SupersedeVerdict } from './inputs.ts';
import { keyText } from './key.ts';
import type { ClosedPulls } from './pull-requests.ts';
import type { KeepReason, SupersedeReason } from './reasons.ts';
import type { CancelledRun, KeptRun } from './result.ts';
import { incompleteWords } from './words-incomplete.ts';
import { runsText } from './words-runs.ts';

export interface Words {
  readonly verdict: SupersedeVerdict;
  readonly ok: Ok;
  readonly reason: SupersedeReason;
  readonly summary: string;
  readonly hint?: string;
}

export interface Spoken {
  readonly own: number;
  readonly found: Found;
  readonly cancelled: readonly CancelledRun[];
  readonly kept: readonly KeptRun[];
  readonly ended: readonly Ended[];
  readonly pulls: ClosedPulls;
}

/** The verdict of a run that changed nothing because it was not to. */
export function dryWords({ own, found, cancelled, kept }: Spoken): Words {
  const head = { ok: 'unknown', reason: 'dry-run' } as const;
  const others = cancelled.filter(({ id }) => id !== own).map(({ id }) => id);
  const givesWay = cancelled.length > others.length;
  const parts = [
    ...(others.length === 0 ? [] : [`${runsText(others)} would be cancelled`]),
    ...(givesWay ? [`this run would give way to ${newerRun(own, found)}, which is newer`] : []),
  ];
  if (parts.length > 0) return { ...head, verdict: 'cancelled', summary: `Dry run: ${parts.join('; ')}.` };
  const why = keptWords(own, kept);
  const summary = `Dry run: nothing would be cancelled${why === undefined ? '' : `: ${why}`}.`;
  return { ...head, verdict: 'nothing', summary };
}

/** The verdict, and one sentence that says what was done and why. */
export function wordsOf(spoken: Spoken): Words {
  const { own, found, ended, pulls, cancelled, kept } = spoken;
  const bad = ended.filter(isBad);
  if (bad.length > 0 || pulls.failed.length > 0) return incompleteWords(bad, pulls.failed, ended.length);
  if (cancelled.length > 0)
    return { verdict: 'cancelled', ok: 'true', reason: 'superseded', summary: cancelledWords(spoken) };
  const nothing = { verdict: 'nothing', ok: 'true' } as const;
  if (found.because !== undefined)
    return { ...nothing, reason: found.because, summary: `Nothing to cancel: ${BECAUSE[found.because]}.` };
  const began = ended.filter(({ fate }) => fate.type === 'began-first').map(({ item }) => item.run.id);
  if (began.length > 0) {
    const summary = `Nothing was cancelled: ${runsText(began)} had begun to change something before ${began.length === 1 ? 'it' : 'they'} could be marked as superseded.`;
    return { ...nothing, reason: 'began-meanwhile', summary };
  }
  if (ended.length > 0) {
    const runs = runsText(ended.map(({ item }) => item.run.id));
    const summary = `Nothing was cancelled: ${runs} had ended meanwhile.`;
    return { ...nothing, reason: 'finished-meanwhile', summary };
  }
  return { ...nothing, reason: 'nothing-superseded', summary: nothingWords(own, kept, found.key) };
}

const BECAUSE: Readonly<Record<NonNullable<Found['because']>, string>> = {
  'own-is-partial': 'this run deploys a part only, which makes nothing else pointless',
  'not-succeeded': 'the Deployment of this run does not say that it has succeeded',
  'pull-request-open': 'the pull request is open again',
};

/** The run that this one gives way to. */
const newerRun = (own: number, { plan }: Found): string =>
  `run ${plan.cancel.find(({ run }) => run.id === own)?.by ?? plan.supersededBy}`;

function cancelledWords({ own, found, cancelled }: Spoken): string {
  const { about, plan } = found;
  const others = cancelled.filter(({ id }) => id !== own);
  const ids = (isEntry: boolean) =>
    others.filter(({ reason }) => (reason === 'left-queue') === isEntry).map(({ id }) => id);
  const [runs, entries] = [ids(false), ids(true)];
  const its = runs.length === 1 ? 'its' : 'their';
  const cause =
    about === 'pull-request'
      ? `${its} pull request is closed`
      : `run ${plan.supersededBy} makes what is older pointless`;
  const parts = [
    ...(runs.length === 0 ? [] : [`${runsText(runs)}: ${cause}`]),
    ...(entries.length === 0 ? [] : [`${runsText(entries)}: ${entryWords(entries.length)}`]),
  ];
  const givesWay = others.length < cancelled.length;
  return [
    ...(parts.length === 0 ? [] : [`Cancelled ${parts.join('; ')}.`]),
    ...(givesWay
      ? [`This run gives way to ${newerRun(own, found)}${parts.length === 0 ? ', which is newer' : ', too'}.`]
      : []),
  ].join(' ');
}

const entryWords = (count: number): string =>
  count === 1 ? 'its entry has left the merge queue' : 'their entries have left the merge queue';

function nothingWords(own: number, kept: readonly KeptRun[], key: Found['key']): string {
  const why = keptWords(own, kept);
  if (why !== undefined) return `Nothing was cancelled: ${why}.`;
  return kept.some(({ id }) => id < own)
    ? 'Nothing to cancel: no run is there that a newer one has made pointless.'
    : `Nothing to cancel: no older run${key === undefined ? '' : ` of \`${keyText(key)}\``} was found.`;
}

/** Why what is older was kept: of one run, and of several. */
const KEPT: Readonly<Partial<Record<KeepReason, readonly [one: string, several: string]>>> = {
  'awaits-approval': [
    'waits for an approval, and `cancel-waiting` is off',
    'wait for an approval, and `cancel-waiting` is off',
  ],
  'awaits-merge': [
    'waits for a merge, and `cancel-waiting` is off',
    'wait for a merge, and `cancel-waiting` is off',
  ],
  'several-repositories': [
    'waits for merges in several repositories',
    'wait for merges in several repositories',
  ],
  begun: ['has begun', 'have begun'],
  'may-have-begun': ['may have begun', 'may have begun'],
  running: ['runs, and `cancel-started` is off', 'run, and `cancel-started` is off'],
  partial: ['deploys a part only', 'deploy a part only'],
  'own-partial': [
    'is behind this run, which deploys a part only',
    'are behind this run, which deploys a part only',
  ],
  'behind-partial': [
    'stands behind one that deploys a part only',
    'stand behind one that deploys a part only',
  ],
  'deploys-elsewhere': ['deploys elsewhere, too', 'deploy elsewhere, too'],
  'not-paused': ['waits for nobody', 'wait for nobody'],
  'sets-other': ['sets what no newer one sets', 'set what no newer one sets'],
  'none-newer': ['is there, and no newer one can deploy', 'are there, and no newer one can deploy'],
  'none-succeeded': ['is there, and no newer one has succeeded', 'are there, and no newer one has succeeded'],
};

/** Undefined where nothing older was kept that is of the same deployment or branch. */
function keptWords(own: number, kept: readonly KeptRun[]): string | undefined {
  const groups = new Map<KeepReason, number[]>();
  for (const { id, reason } of kept) {
    if (id !== own && KEPT[reason] !== undefined) groups.set(reason, [...(groups.get(reason) ?? []), id]);
  }
  if (groups.size === 0) return undefined;
  return [...groups]
    .map(([reason, ids]) => `${runsText(ids)} ${KEPT[reason]?.[ids.length === 1 ? 0 : 1]}`)
    .join('; ');
}
