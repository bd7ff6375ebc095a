import { escapeMarkdown, table } from '@sluice/core/summary';
import type { Bumped } from '@sluice/gitops/bump/bump-parts';
import { planPage } from '@sluice/gitops/page/bump-page';
import type { DeployInputs } from '../inputs.ts';
import { bumpedOutcome, type DeployOutcome } from '../outcome.ts';
import type { MergeEnd, Merging } from './wait-for-merges.ts';

type Ending = Pick<DeployOutcome, 'verdict' | 'ok' | 'reason' | 'summary'> & { readonly hint: string };

/** What is said where not every change came to its branch; undefined where all did. */
export function mergeOutcome(inputs: DeployInputs, merging: readonly Merging[]): DeployOutcome | undefined {
  const [worst] = merging.toSorted((a, b) => rank(a) - rank(b));
  if (worst?.end === undefined || worst.end.type === 'landed') return undefined;
  const proposed = bumpedOutcome(
    inputs,
    merging.map(({ bumped }) => bumped),
  );
  const name = nameOf(worst.bumped);
  const waited = duration(inputs['merge-timeout'] ?? inputs.timeout);
  // Who asks for what is live has, with a pull request that is open, what was asked for so far.
  if (worst.end.type === 'open' && (inputs.verify === 'healthy' || inputs.mode === 'once')) {
    const isWaitedFor = inputs['merge-timeout'] !== undefined || worst.end.armed;
    if (inputs.mode === 'once' || !isWaitedFor) return proposed;
    const pending = {
      ...{ verdict: proposed.verdict, ok: proposed.ok, reason: proposed.reason },
      summary: `${name} was not merged within ${waited}: ${worst.end.why}.`,
      hint: 'Merge it and run the job again: it then waits until it is live.',
    };
    return { ...proposed, ...pending, page: pageOf(pending, merging) };
  }
  const ending = endingOf(worst.end, name, waited);
  return { ...proposed, ...ending, page: pageOf(ending, merging) };
}

/** Of several the worst speaks. */
const order = ['failed', 'superseded', 'open', 'landed'] as const;
const rank = ({ end }: Merging): number => (end === undefined ? order.length : order.indexOf(end.type));

function endingOf(end: Exclude<MergeEnd, { type: 'landed' }>, name: string, waited: string): Ending {
  switch (end.type) {
    case 'failed':
      return {
        ...{ verdict: 'failed', ok: 'false', reason: end.reason },
        summary: `${name} did not bring the change in: ${end.why}.`,
        hint: 'To deploy it all the same, run the job again: it opens a new pull request.',
      };
    case 'superseded':
      return {
        ...{ verdict: 'superseded', ok: 'unknown', reason: 'superseded' },
        summary: `${name} carries a newer deployment of the same project, environment and tenant: ${end.by.slice(0, 7)} took the place of this one.`,
        hint: 'Look at the run of the newer one.',
      };
    case 'open':
      return {
        ...{ verdict: 'timed-out', ok: 'false', reason: 'not-merged' },
        summary: `${name} was not merged within ${waited}: ${end.why}.`,
        hint: 'Merge it, then run the job again: it goes on from there. Or give `merge-timeout` more time.',
      };
  }
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

function nameOf({ target, applied }: Bumped): string {
  const number = applied.type === 'proposed' ? applied.pullRequest.number : '';
  return `Pull request #${number} of ${target.repository}`;
}

function pageOf({ summary, hint }: Ending, merging: readonly Merging[]): string {
  const rows = merging.map(({ bumped, end }) => [
    bumped.applied.type === 'proposed' ? bumped.applied.pullRequest.url : bumped.target.repository,
    end === undefined ? 'on the branch' : wordOf(end),
  ]);
  return [
    `**${escapeMarkdown(summary)}**`,
    table([['pull request', 'state'], ...rows.map((row) => row.map(escapeMarkdown))]),
    ...merging.map(({ bumped }) => planPage(bumped.applied.plan)),
    escapeMarkdown(hint),
  ]
    .join('\n\n')
    .concat('\n');
}

function wordOf(end: MergeEnd): string {
  switch (end.type) {
    case 'landed':
      return end.merged ? 'merged' : 'not merged, and the branch holds the change';
    case 'superseded':
      return 'superseded';
    case 'open':
      return `open: ${end.why}`;
    case 'failed':
      return end.why;
  }
}
