import { RULE } from './decide.ts';
import { isUnavailable, verdict } from './look.ts';
import type { ClauseName, Decision, DecisionInput, Look, Verdict } from './types.ts';

/**
 * The verdict when the time is over: `unknown` where something could not be asked, else `timed-out` with the missing clauses.
 * @param decision what `decide` said of `input`.
 */
export function atDeadline(decision: Decision, input: DecisionInput): Verdict {
  if (decision.type === 'verdict') return decision;
  if (decision.type === 'ask' || (decision.type === 'wait' && decision.unavailable === true)) {
    return couldNotAsk(decision, input);
  }
  return ending(input, {
    verdict: 'timed-out',
    reason: 'timed-out',
    sentence: `The time is over, and the change is not live: ${decision.why}.`,
    missing: missingClauses(input),
  });
}

/**
 * The verdict of a single look, for `mode: once`; undefined while the look is not complete: evidence is still to be asked for, or
 * a comparison that is fresh. A request to sync is no part of a look.
 */
export function once(decision: Decision, input: DecisionInput): Verdict | undefined {
  if (decision.type === 'verdict') return decision.reason === 'needs-sync' ? unaided(decision) : decision;
  if (decision.type === 'ask' || (decision.type === 'act' && decision.action === 'refresh')) return undefined;
  if (decision.type === 'wait' && decision.unavailable === true) return couldNotAsk(decision, input);
  if (decision.clause === 'fresh') return undefined;
  return ending(input, {
    verdict: 'unknown',
    reason: 'not-yet',
    sentence: `The change is not live now, and may still become so: ${decision.why}.`,
    missing: missingClauses(input),
  });
}

/** Without what a single look does not do. */
const unaided = ({ messages, ...needsSync }: Verdict): Verdict => ({
  ...needsSync,
  messages: messages.map((one) => one.replace(/, or set `(sync|prune): [^.]*\.$/, '.')),
});

/** The clauses that are not satisfied, in the rule's order. What a clause would have to ask for is not satisfied either. */
export function missingClauses(input: DecisionInput): readonly ClauseName[] {
  const look = lookOf(input);
  return RULE.filter((clause) => look === undefined || clause.check(look) !== undefined).map(
    ({ name }) => name,
  );
}

function couldNotAsk(decision: Exclude<Decision, Verdict>, input: DecisionInput): Verdict {
  const why =
    decision.type === 'ask' ? `there was no time left to ask for the ${decision.evidence}` : decision.why;
  return ending(input, {
    verdict: 'unknown',
    reason: 'could-not-ask',
    sentence: `Whether the change is live cannot be told: ${why}.`,
    missing: missingClauses(input),
  });
}

function ending(
  input: DecisionInput,
  found: Pick<Verdict, 'verdict' | 'reason' | 'sentence' | 'missing'>,
): Verdict {
  const look = lookOf(input);
  if (look !== undefined) return verdict(look, found);
  return { type: 'verdict', messages: [], proof: [], ...found };
}

/** The input as the clauses see it; undefined where there is no observation. */
export function lookOf(input: DecisionInput): Look | undefined {
  const { observed } = input;
  return isUnavailable(observed) ? undefined : { ...input, observed, application: observed.application };
}
