import { SluiceError } from '@sluice/core/errors';
import { githubFailure } from '@sluice/core/github';
import { type Answer, type Asked, type Ended, fateOf, isBad } from './fate.ts';
import type { Home } from './home.ts';
import { listRuns, type RunList } from './list-runs.ts';
import type { Cancelling } from './plan.ts';
import { readRun } from './read-run.ts';
import { deletedRun, type SeenRun } from './runs.ts';

/** How long a run that has not started takes to end. */
const FIRST_LOOK_MS = 1000;
/** Where there is one look only. */
const ONLY_LOOK_MS = 5000;
/** A step that runs has 10 s from the signal to its end (https://docs.github.com/actions/reference/workflows-and-actions/workflow-cancellation). */
const SECOND_LOOK_MS = 10_000;

export interface Effects {
  /** After this time what is still there is ended by force, milliseconds; undefined: never. */
  readonly forceAfter: number | undefined;
  /** Whether one more look is within what a run may ask of GitHub. */
  readonly mayLookTwice: boolean;
  /** Called as soon as all were asked to end. */
  readonly asked?: () => Promise<void>;
}

/**
 * Cancels runs, looks whether they have ended, and ends by force what is still there, where that is asked for. One that is refused does not
 * keep the others from being cancelled.
 */
export async function cancelRuns(
  home: Home,
  items: readonly Cancelling[],
  effects: Effects,
): Promise<readonly Ended[]> {
  const { clock, signal } = home.world;
  const asked: Asked[] = [];
  for (const item of items) asked.push({ item, answer: await cancel(home, item.run.id) });
  await effects.asked?.();
  if (items.length === 0) return [];
  const isOnlyLook = effects.forceAfter === undefined && !effects.mayLookTwice;
  await clock.sleep(isOnlyLook ? ONLY_LOOK_MS : FIRST_LOOK_MS, signal);
  let ended = await look(home, asked);
  if (effects.forceAfter !== undefined) {
    if (ended.every(isGone)) return ended;
    await clock.sleep(effects.forceAfter, signal);
    return await force(home, asked);
  }
  if (effects.mayLookTwice && ended.some(({ fate }) => fate.type === 'still-there')) {
    await clock.sleep(SECOND_LOOK_MS, signal);
    ended = await look(home, asked);
  }
  return ended;
}

const isGone = (one: Ended): boolean =>
  !isBad(one) && !(one.fate.type === 'cancelled' && one.fate.isWindingUp === true);

async function look(home: Home, asked: readonly Asked[]): Promise<readonly Ended[]> {
  const seen = await see(home, new Set(asked.map(({ item }) => item.run.id)));
  return asked.map((one) => ({ item: one.item, fate: fateOf(one, seen.get(one.item.run.id)) }));
}

/** What can be seen of runs: that one cannot be read does not undo what was done, and must be told with it. */
async function see(home: Home, ids: ReadonlySet<number>): Promise<RunList> {
  const { signal, log } = home.world;
  const seen = new Map<number, SeenRun>();
  try {
    for (const [id, run] of await listRuns(home, ids)) seen.set(id, run);
    // It has ended otherwise than by being cancelled, or has moved between two lists.
    const unseen = [...ids].filter((id) => !seen.has(id));
    for (const id of unseen.slice(0, MOST_UNSEEN)) seen.set(id, (await readRun(home, id)) ?? deletedRun(id));
  } catch (error) {
    if (!(error instanceof SluiceError) || signal.aborted) throw error;
    log.warning(`What became of the runs could not be read: ${error.message}`);
  }
  return seen;
}
/** One request each. */
const MOST_UNSEEN = 10;

/** Only what GitHub took before, and is there all the same. */
async function force(home: Home, asked: readonly Asked[]): Promise<readonly Ended[]> {
  const { clock, signal, log } = home.world;
  const before = await look(home, asked);
  const taken = new Set(asked.filter(({ answer }) => answer.type === 'taken').map(({ item }) => item));
  const left = before.filter((one) => taken.has(one.item) && !isGone(one) && one.fate.type !== 'unseen');
  if (left.length === 0) return before;
  const forced: Asked[] = [];
  for (const { item } of left) {
    log.info(`Run ${item.run.id} is still there: ending it by force`);
    forced.push({ item, answer: await cancel(home, item.run.id, '/force-cancel') });
  }
  await clock.sleep(FIRST_LOOK_MS, signal);
  const after = (await look(home, forced)).map((one): Ended => {
    // No job goes on after it.
    return isGone(one) || isBad(one) ? one : { ...one, fate: { type: 'still-there' } };
  });
  return before.map((one) => after.find(({ item }) => item === one.item) ?? one);
}

/** Asks GitHub to cancel a run. 409: it has ended, or is on its way. */
export async function cancel(
  { github, owner, repo, world }: Home,
  run: number,
  how: '' | '/force-cancel' = '',
): Promise<Answer> {
  const one = { owner, repo, run_id: run };
  try {
    if (how === '') await github.request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel', one);
    else await github.request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/force-cancel', one);
    return { type: 'taken' };
  } catch (error) {
    if (githubFailure(error)?.status === 409) return { type: 'conflict' };
    if (!(error instanceof SluiceError) || world.signal.aborted) throw error;
    world.log.debug(`Run ${run} was not cancelled: ${error.message}`);
    return { type: 'refused', why: error.message, code: error.code };
  }
}
