import type { World } from '@sluice/core/run';
import { appliedChange } from '@sluice/gitops/bump/bump-outcome';
import type { Bumped, Part } from '@sluice/gitops/bump/bump-parts';
import type { Applied } from '@sluice/gitops/bump/carry-out';
import type { Change } from '@sluice/gitops/change';
import type { RemoteSource } from '@sluice/gitops/git/remote-source';
import { parkedRuns } from '@sluice/gitops/pull-request/pull-request-parked';
import { type Landing, landingOf, supersededAt } from './landing.ts';
import { pauseBefore } from './pace.ts';
import type { PullState } from './pull-state.ts';
import { type PullWatch, watchPull } from './watch-pull.ts';

type Proposal = Extract<Applied, { type: 'proposed' }>;

/** What came of one pull request while it was waited for. */
export type MergeEnd =
  | { readonly type: 'landed'; readonly commit: string; readonly merged: boolean }
  | { readonly type: 'open'; readonly armed: boolean; readonly why: string }
  | { readonly type: 'superseded'; readonly by: string }
  | {
      readonly type: 'failed';
      readonly reason: 'pull-request-closed' | 'pull-request-retargeted' | 'merged-without';
      readonly why: string;
    };

/** A part of which a pull request is open, or one that needs none. */
export interface Merging {
  readonly bumped: Bumped;
  /** Undefined where there is no pull request to wait for. */
  readonly end: MergeEnd | undefined;
}

export interface MergeWait {
  readonly world: World;
  readonly timeoutMs: number;
  /** Whether only what GitHub merges by itself is waited for: nobody has asked to wait for a person. */
  readonly onlyArmed: boolean;
  /** Told what is waited for, each time that it changes. */
  readonly waiting: (sentence: string) => Promise<void>;
  /** Called before each look at the pull request of a part; what it gives, where that look has seen it open. */
  readonly beforeLook?: (part: number) => Promise<() => void>;
}

interface Watched {
  readonly proposal: Proposal;
  readonly source: RemoteSource;
  readonly change: Change;
  readonly watch: PullWatch;
  said: string;
  looks: number;
  head: string | undefined;
  end: MergeEnd | undefined;
}

/**
 * Waits until every pull request is merged and its change is on the branch. Ends at once when that cannot come any more: one was
 * closed, or what was merged is something else; and, with what is open still, when the time is over.
 */
export async function waitForMerges(
  parts: readonly Part[],
  bumped: readonly Bumped[],
  wait: MergeWait,
): Promise<readonly Merging[]> {
  const { clock, signal } = wait.world;
  const deadline = clock.now() + wait.timeoutMs;
  const all = bumped.map(({ applied }, index) => watched(parts[index], applied));
  const open = () => all.filter((one) => one !== undefined).filter(({ end }) => isOpen(end));
  for (let look = 1; ; look++) {
    for (const one of open()) {
      const stillOpen = await wait.beforeLook?.(all.indexOf(one));
      const isSeen = await lookAt(one, wait);
      if (isSeen && one.end?.type === 'open') stillOpen?.();
    }
    const hopeless = all.some((one) => one !== undefined && isHopeless(one.end, wait));
    const left = deadline - clock.now();
    if (hopeless || open().length === 0 || left <= 0) break;
    await clock.sleep(Math.min(pauseBefore(look, Math.random()), left), signal);
  }
  return bumped.map((one, index) => ({ bumped: one, end: all[index]?.end }));
}

function isHopeless(end: MergeEnd | undefined, { onlyArmed }: MergeWait): boolean {
  if (end === undefined || end.type === 'landed') return false;
  return end.type !== 'open' || (onlyArmed && !end.armed);
}

const isOpen = (end: MergeEnd | undefined): boolean => end === undefined || end.type === 'open';

function watched(part: Part | undefined, applied: Applied): Watched | undefined {
  if (applied.type !== 'proposed') return undefined;
  if (part?.source.type !== 'remote') throw new Error('a pull request of no repository');
  const { source } = part;
  const { repository, branch: base } = source.target;
  const { number } = applied.pullRequest;
  const watch = watchPull({ github: source.github, repository, base, number });
  return {
    ...{ proposal: applied, source, change: appliedChange(applied), watch },
    ...{ said: '', looks: 0, head: applied.commit, end: undefined },
  };
}

/** Gives whether GitHub has said how it is now. */
async function lookAt(one: Watched, wait: MergeWait): Promise<boolean> {
  const { log, signal } = wait.world;
  const { state, isNew } = await one.watch.look();
  const moved = state.type === 'open' && state.head !== one.head;
  one.end = await endOf(one, state);
  if (one.end.type !== 'open') {
    log.info(`${nameOf(one)}: ${wordsOf(one.end)}`);
    return isNew;
  }
  one.looks += 1;
  // GitHub makes the runs of a commit a moment after it.
  if (state.type === 'open' && (moved || one.looks === 2)) {
    const { github, target } = one.source;
    const asked = { ports: { github, log, signal }, repository: target.repository, pull: state };
    for (const note of await parkedRuns(asked, state.head)) log.warning(note);
  }
  if (one.said === one.end.why) return isNew;
  one.said = one.end.why;
  log.info(`${nameOf(one)} is not merged: ${one.said}`);
  await wait.waiting(`Waiting for ${nameOf(one)} to be merged: ${one.said}`);
  return isNew;
}

async function endOf(one: Watched, state: PullState): Promise<MergeEnd> {
  const { source, change } = one;
  const { repository } = source;
  switch (state.type) {
    case 'open': {
      const by = state.head === one.head ? undefined : await supersededAt(repository, change, state.head);
      one.head = state.head;
      return by === undefined
        ? { type: 'open', armed: state.armed, why: state.why }
        : { type: 'superseded', by };
    }
    case 'merged':
      return arrived(await landingOf(repository, change, state.commit), 'merged-without', (why) => why, true);
    case 'elsewhere':
      return arrived(
        await landingOf(repository, change, undefined),
        'pull-request-retargeted',
        () => `it was merged into ${state.base}, and the change is for ${change.branch}`,
        false,
      );
    case 'closed':
      return arrived(
        await landingOf(repository, change, undefined),
        'pull-request-closed',
        (why) => `it was closed, and ${why}`,
        false,
      );
  }
}

function arrived(
  landing: Landing,
  reason: Extract<MergeEnd, { type: 'failed' }>['reason'],
  why: (of: string) => string,
  merged: boolean,
): MergeEnd {
  if (landing.type === 'landed') return { ...landing, merged };
  return landing.type === 'superseded' ? landing : { type: 'failed', reason, why: why(landing.why) };
}

const nameOf = ({ proposal, source }: Watched): string =>
  `pull request #${proposal.pullRequest.number} of ${source.target.repository}`;

function wordsOf(end: Exclude<MergeEnd, { type: 'open' }>): string {
  if (end.type === 'failed') return end.why;
  if (end.type === 'superseded') return `superseded by ${end.by.slice(0, 7)}`;
  const at = end.commit.slice(0, 7);
  return end.merged ? `merged, ${at} holds the change` : `not merged, but ${at} holds the change`;
}
