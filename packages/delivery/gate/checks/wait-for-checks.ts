import { SluiceError } from '@sluice/core/errors';
import { oneLine } from '@sluice/core/one-line';
import type { World } from '@sluice/core/run';
import { type CheckJudgement, judgeChecks, type Wanted } from './judge-checks.ts';
import type { Observation } from './types.ts';

/** How it ended. `not-read`: GitHub did not tell, and nothing is known. */
export type CheckReading =
  | { readonly type: 'seen'; readonly judgement: CheckJudgement; readonly waitedMs: number }
  | { readonly type: 'not-read'; readonly sentence: string; readonly hint: string };

const FIRST_MS = 2_000;
/** Where nothing has changed an answer costs none of the 1,000 requests an hour; it is still asked for. */
const LONGEST_MS = 30_000;
/** One event may start several runs: a pull request that is opened with labels has one for each. GitHub lists them within seconds. */
const EARLY_MS = 30_000;
/** Gates that began together shall not ask together. */
const JITTER = 0.2;

/**
 * Looks until every check that is wanted succeeded, one of them did not, or the time is over. A first look that fails ends it: GitHub is away, or does not
 * let this token read. Later ones get over an outage.
 */
export async function waitForChecks(
  wanted: Wanted,
  timeoutMs: number,
  read: () => Promise<Observation>,
  { clock, log, signal }: Pick<World, 'clock' | 'log' | 'signal'>,
  random: () => number = Math.random,
): Promise<CheckReading> {
  const begun = clock.now();
  let said = '';
  for (let look = 1; ; look += 1) {
    const elapsed = clock.now() - begun;
    const isLast = elapsed >= timeoutMs;
    let line: string;
    try {
      const judgement = judgeChecks(wanted, await read(), elapsed < EARLY_MS && !isLast);
      if (judgement.type !== 'wait' || isLast) return { type: 'seen', judgement, waitedMs: elapsed };
      line = `waiting: ${listed(judgement)}`;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof SluiceError)) throw error;
      const isPassing = look > 1 && error.kind === 'platform';
      if (!isPassing || isLast) {
        return { type: 'not-read', sentence: error.message, hint: hintOf(error) };
      }
      line = `waiting: ${error.message}`;
    }
    if (line !== said) log.info(`${Math.round(elapsed / 1000)} s: ${line}`);
    said = line;
    const pause = Math.min(FIRST_MS * 1.5 ** (look - 1), LONGEST_MS) * (1 - JITTER / 2 + JITTER * random());
    await clock.sleep(Math.max(1, Math.min(pause, timeoutMs - elapsed)), signal);
  }
}

/** All permissions at once: GitHub tells one after the other. */
function hintOf({ code, hint = 'Run the job again.' }: SluiceError): string {
  return code === 'permission-denied' || code === 'not-visible' ? `${hint} ${PERMISSIONS}` : hint;
}
const PERMISSIONS =
  '`checks` needs all of `checks: read`, `actions: read` and, unless each entry names a workflow or begins with `./`, `statuses: read`: in the `permissions:` of the job, and of a job that calls its workflow.';

function listed({ problems }: CheckJudgement): string {
  if (problems.length === 0) return 'GitHub has not handed over all checks';
  const shown = problems.slice(0, 5).map(({ told }) => oneLine(told, 200));
  return `${shown.join('; ')}${problems.length > 5 ? `; and ${problems.length - 5} more` : ''}`;
}
