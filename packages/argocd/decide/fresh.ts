import type { Condition } from '../observation.ts';
import { isOfRenderer, isPassing } from './comparison-words.ts';
import { hydration } from './hydration.ts';
import { realOperation, serverNow, verdict, wait } from './look.ts';
import type { Clause, ClauseName, Finding, Look } from './types.ts';

const SKIPPED = 'argocd.argoproj.io/skip-reconcile';

/** `Date` and `reconciledAt` both have a resolution of one second. */
const RESOLUTION = 1000;
/** A refresh that was not lost is answered within a second or, with slow manifests, after many: asking more often helps nobody. */
const BETWEEN_REFRESHES = 3000;
/** An invalid spec is shown without a comparison: nothing but time tells that our refresh has been looked at. */
const INVALID_SPEC_AFTER = 10_000;

/** Clause 1: the comparison that is shown began when our commit was already there, and after the last operation. */
export const fresh: Clause = {
  name: 'fresh',
  gate: true,
  check(look) {
    const { application } = look;
    const seen = mustSee(look);
    const error = application.conditions.find(({ type }) => type === 'ComparisonError');
    const invalid = application.conditions.find(({ type }) => type === 'InvalidSpecError');
    const anew = comparedAnew(look);
    if (error !== undefined && (anew || (error.since ?? 0) > seen)) return comparisonError(look, error);
    if (invalid !== undefined && serverNow(look) > seen + INVALID_SPEC_AFTER) return broken(look, invalid);
    if (error !== undefined || invalid !== undefined || !anew) {
      if (application.annotations[SKIPPED] === 'true')
        return wait('fresh', `Argo CD does not look at it: its annotation ${SKIPPED} is "true"`);
      return refresh(look, 'fresh', 'Argo CD has not compared since the commit');
    }
    const finished = realOperation(application)?.finishedAt ?? 0;
    const failed = realOperation(application)?.phase !== 'Succeeded';
    // After a failed operation `reconciledAt` may stay older for minutes.
    if (failed || (application.reconciledAt ?? 0) >= finished) return undefined;
    return refresh(look, 'fresh', 'Argo CD has not compared since the last operation');
  },
};

/**
 * A comparison that began later than this, by the server's clock, has seen our commit. It never moves: a comparison that began
 * after the first answer is as good as one that began after the last.
 */
export const mustSee = ({ baseline, settings }: Look): number =>
  Math.max(baseline.serverTime, baseline.comparedAt ?? 0) + RESOLUTION + settings.skewMs;

/** By the clocks: the comparison that is shown began late enough. */
export const isLateEnough = (look: Look): boolean => (look.application.reconciledAt ?? 0) > mustSee(look);

/**
 * Where the controller's clock is behind, order tells: an application is compared by one worker at a time, so a comparison that
 * ended after the first answer is followed by one that began after it.
 */
const comparedAnew = (look: Look): boolean => isLateEnough(look) || look.history.compared.turns >= 2;

/** Asks for a refresh at once if there was none, else when the last one is old enough to count as lost. */
export function refresh(look: Look, clause: ClauseName, why: string, between = BETWEEN_REFRESHES): Finding {
  const { now, refreshedAt, baseline, settings } = look;
  // `Date` is cut to the second: only from here on is a comparison sure to be late enough.
  const useful = baseline.localTime + 2 * RESOLUTION + settings.skewMs;
  const due = refreshedAt === undefined ? now : Math.max(refreshedAt + between, useful);
  return now >= due ? { type: 'act', clause, action: 'refresh', why } : wait(clause, why, due);
}

/** Each asks Git anew. */
const BETWEEN_ATTEMPTS = 10_000;

function comparisonError(look: Look, error: Condition): Finding {
  const { message, since } = error;
  if (isPassing(message))
    return refresh(look, 'fresh', `Argo CD cannot reach what it compares with for now: ${headline(message)}`);
  // Before it is done for the first time there is no branch to compare with.
  const hydrating = hydration(look, 'fresh');
  if (hydrating !== undefined) return hydrating;
  const { reconciledAt = 0 } = look.application;
  // Both by the controller's clock: a comparison that began so much later met the same error.
  const stood =
    since !== undefined && reconciledAt - since >= Math.max(look.settings.degradedGraceMs, RESOLUTION);
  return stood || isOfRenderer(message)
    ? broken(look, error)
    : refresh(look, 'fresh', `Argo CD cannot compare: ${headline(message)}`, BETWEEN_ATTEMPTS);
}

const headline = (message: string): string =>
  (withoutRpc(message).trimStart().split('\n')[0] ?? '').slice(0, 300).replace(/[\s:.]+$/, '');

/** The renderer's own words: what stands before them tells only through which calls they came. */
const withoutRpc = (message: string): string => message.replace(/^.*\bdesc = /s, '');

const broken = (look: Look, { message }: Condition): Finding =>
  verdict(look, {
    verdict: 'failed',
    reason: 'comparison-error',
    sentence: `Argo CD cannot render what Git holds now: ${withoutRpc(message)}`,
    messages: [message],
    missing: ['fresh'],
  });
