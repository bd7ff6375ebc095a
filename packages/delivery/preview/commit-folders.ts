import { SluiceError } from '@sluice/core/errors';
import type { World } from '@sluice/core/run';
import { headOf } from '@sluice/gitops/commit/commit';
import type { Message } from '@sluice/gitops/commit/commit-message';
import { BUDGET_MS, type Race, startRace } from '@sluice/gitops/commit/commit-race';
import type { CommitAnswer } from '@sluice/gitops/commit/committer';
import type { RuleRefusal } from '@sluice/gitops/commit/rule-refusal';
import type { Snapshot } from '@sluice/gitops/git/repository';
import type { FolderDiff } from './folder.ts';
import type { Opened } from './open.ts';

/** What is to be done on one head of the branch. `result`: what is said of it. */
export type Step<T> =
  | { readonly type: 'write'; readonly diff: FolderDiff; readonly message: Message; readonly result: T }
  /** Nothing is left to do, or nothing may be done. */
  | { readonly type: 'done'; readonly result: T };

export type Written<T> =
  | { readonly type: 'committed'; readonly commit: string; readonly base: string; readonly result: T }
  | { readonly type: 'done'; readonly head: string; readonly result: T }
  | (RuleRefusal & { readonly result: T });

interface Job<T> {
  /** Plans on a head; asked again on each that the branch moves to, so that what is decided is decided on what is there. */
  readonly plan: (snapshot: Snapshot) => Promise<Step<T>>;
  /** Called once, just before the first request that writes. */
  readonly beforeWrite?: (result: T) => Promise<void>;
}

// A server that loses so many answers one after the other is down.
const LOST_ANSWERS = 5;
// A branch's new head may be seen a moment later by Git than by the API.
const LOOKS = 6;

/**
 * Writes folders by compare-and-swap: on a branch that moved it plans again on the new head, without force. Where an answer was lost, the next
 * look finds either what was meant, or what it was before. Afterwards the branch is read back.
 */
export async function commitFolders<T>(opened: Opened, job: Job<T>, world: World): Promise<Written<T>> {
  const { repository, committer, branch } = opened;
  const { clock, log, signal } = world;
  const race = startRace(clock);
  const where = { repository: opened.name, branch };
  let lost = 0;
  while (!race.isOver()) {
    const head = await headOf(repository, where);
    const step = await job.plan(await repository.snapshot(head));
    if (step.type === 'done') return { ...step, head };
    if (race.tries.count === 0) await job.beforeWrite?.(step.result);
    race.tries.count += 1;
    const { message, diff, result } = step;
    const request = { repository: opened.name, branch, head, message, ...diff };
    const answer = await committer(request).catch((error: unknown) => {
      // Where an answer was lost before, a commit may be there all the same.
      const isRefused = error instanceof SluiceError && error.kind === 'permission' && lost === 0;
      if (isRefused) world.learn({ outputs: {}, sentence: 'Nothing was written to Git.' });
      throw error;
    });
    if (answer.type === 'branch-rules') return { ...answer, result };
    if (answer.type === 'committed') {
      const { commit } = answer;
      await seen(opened, head, world);
      log.info(`committed ${commit.slice(0, 7)} to ${branch}: ${message.headline}`);
      return { type: 'committed', commit, base: head, result };
    }
    if (answer.type === 'unclear' && ++lost >= LOST_ANSWERS) throw answer.cause;
    await clock.sleep(pauseOf(race, answer), signal);
  }
  const tries = `${race.tries.count} tries and ${BUDGET_MS / 60_000} minutes`;
  throw new SluiceError(
    'conflict',
    'conflict',
    `No commit to ${branch} succeeded in ${tries}: it moved each time.`,
    {
      hint: 'Run the job again.',
    },
  );
}

function pauseOf(race: Race, answer: Exclude<CommitAnswer, { type: 'committed' | 'branch-rules' }>): number {
  if (answer.type !== 'limited') return race.lost();
  const wait = race.limited(answer.waitMs);
  if (wait === undefined) throw answer.cause;
  return wait;
}

/** Waits until Git shows that the branch has moved. */
async function seen(
  { repository, branch, name }: Opened,
  before: string,
  { clock, signal }: World,
): Promise<void> {
  for (let look = 1; look <= LOOKS; look++) {
    if ((await headOf(repository, { repository: name, branch })) !== before) return;
    await clock.sleep(250 * 2 ** look, signal);
  }
  throw new SluiceError(
    'platform',
    'commit-not-seen',
    `GitHub made a commit, but Git does not show it on ${branch}.`,
    {
      hint: 'Run the job again: it looks at the branch first.',
    },
  );
}
