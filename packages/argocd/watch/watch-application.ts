import { SluiceError } from '@sluice/core/errors';
import { unavailableBecause } from '../api/client-errors.ts';
import type { Answer, Seen } from '../api/port.ts';
import { decide } from '../decide/decide.ts';
import { atDeadline, once } from '../decide/ending.ts';
import { remember } from '../decide/history.ts';
import type { Act, Ask, Decision, DecisionInput, History, Observed, Verdict, Wait } from '../decide/types.ts';
import { forget, gather, type Sources } from '../evidence/evidence.ts';
import type { Application } from '../observation.ts';
import { takeBaseline } from './baseline.ts';
import { explained } from './explain.ts';
import type { Progress } from './progress.ts';
import { requestSync } from './sync.ts';
import type { Watch } from './wait.ts';

/** All that is known of one application; the decision's input but for the time. */
type State = Omit<DecisionInput, 'now'> & {
  /** The stream has shown it, and nothing tells that it has not missed something newer: no verdict rests on it. */
  readonly isLate?: boolean;
};

/** Each round asks for one thing; more than this many in a row would mean that the answers do not fit each other. */
const mostRounds = 25;

const overtaken: Wait = { type: 'wait', clause: 'fresh', why: 'Argo CD has just shown something newer' };

/** A single look waits for a comparison that is fresh, and for nothing else. */
const longestLook = 60_000;

/** Watches one application until there is a verdict, or the time is over. Ends early only by an error that is not of this application. */
export async function watchApplication(given: Sources, watch: Watch, progress: Progress): Promise<Verdict> {
  const { clock, selected } = given;
  const until =
    watch.startedAt + (watch.mode === 'once' ? Math.min(watch.timeoutMs, longestLook) : watch.timeoutMs);
  const argocd = given.argocd.within(until);
  const sources = { ...given, argocd };
  let state = initial(sources, watch);
  let decision: Decision | undefined;
  const wake = () => (decision?.type === 'wait' ? decision.until : undefined);
  try {
    for await (const seen of argocd.watch(selected.application, { until, wake })) {
      state = await observe(state, seen, sources, watch);
      [decision, state] = await settle(state, sources, watch, progress);
      if (endOf(decision, state, sources, watch) !== undefined && state.isLate)
        [decision, state] = await settle(await again(state, sources), sources, watch, progress);
      // The stream goes on while it is read: what it has shown meanwhile is shown next.
      if (state.isLate && decision.type === 'verdict') decision = overtaken;
      const end = endOf(decision, state, sources, watch);
      if (end !== undefined) return await told(end, { ...state, now: clock.now() }, sources, watch);
      const over = watch.over?.();
      if (over !== undefined) return over;
      if (decision.type === 'wait') progress.waits(decision);
    }
  } catch (error) {
    if (error instanceof SluiceError && (error.kind === 'permission' || error.kind === 'input'))
      return couldNotAsk(error);
    throw error;
  }
  const input = { ...state, now: clock.now() };
  return await told(atDeadline(decision ?? decide(input), input), input, sources, watch);
}

/** The verdict, where there is one. */
function endOf(decision: Decision, state: State, { clock }: Sources, { mode }: Watch): Verdict | undefined {
  const end = mode === 'once' ? once(decision, { ...state, now: clock.now() }) : decision;
  return end?.type === 'verdict' ? end : undefined;
}

/** With what the cluster says of a bad verdict, as long as there are not too many of them. */
async function told(
  verdict: Verdict,
  input: DecisionInput,
  sources: Sources,
  watch: Watch,
): Promise<Verdict> {
  if (verdict.verdict === 'live' || watch.mayExplain?.() === false) return verdict;
  const { withTroubles } = await import('../troubles/ask-troubles.ts');
  return await withTroubles(verdict, input, sources);
}

function couldNotAsk({ message, hint }: SluiceError): Verdict {
  const messages = hint === undefined ? [] : [hint];
  return {
    type: 'verdict',
    verdict: 'unknown',
    reason: 'could-not-ask',
    sentence: message,
    messages,
    missing: [],
    proof: [],
  };
}

/** Before the first answer nothing is fresh, and nothing is known. */
function initial({ expectation, selected }: Sources, { settings }: Watch): State {
  const never = { value: '', since: 0, changed: false };
  return {
    settings,
    expectation,
    sourceIndex: selected.sourceIndex,
    baseline: { serverTime: Number.POSITIVE_INFINITY, localTime: 0, unwell: [] },
    observed: { unavailable: 'Argo CD has not answered yet' },
    history: { compared: { at: 0, turns: 0 }, operation: never, health: never, resources: new Map() },
    evidence: { content: new Map() },
  };
}

async function observe(state: State, seen: Seen, sources: Sources, watch: Watch): Promise<State> {
  if (seen.type === 'away') return { ...state, observed: { unavailable: seen.sentence } };
  const first = !Number.isFinite(state.baseline.serverTime);
  const next = withAnswer({ ...state, evidence: forget(state.evidence) }, seen.answer, sources, first);
  if (!first) return next;
  const localTime = next.observed.takenAt;
  const before = watch.before ?? (() => unchanged(seen.answer.application, next, sources));
  const baseline = takeBaseline(await before(sources.selected), seen.answer.application, {
    serverTime: seen.answer.serverTime,
    localTime,
    ...(seen.answer.application.reconciledAt !== undefined && {
      comparedAt: seen.answer.application.reconciledAt,
    }),
  });
  return { ...next, baseline };
}

function withAnswer(
  state: State,
  { application, streamed = false, current = false, passed = [] }: Answer,
  { clock }: Sources,
  first = false,
): State & { readonly observed: Observed } {
  const observed = { application, takenAt: clock.now() };
  const earlier = passed.reduce<History | undefined>(remember, first ? undefined : state.history);
  const history = remember(earlier, observed);
  const isLate = streamed && !current;
  return { ...state, observed, isLate, history };
}

/**
 * Where nobody looked before the commit: the first answer itself, as long as what it compares with does not hold the change yet.
 * After that nothing tells old trouble from new.
 */
async function unchanged(
  application: Application,
  state: State & { readonly observed: Observed },
  sources: Sources,
) {
  const revision = application.sync.revisions[application.multiSource ? state.sourceIndex : 0];
  if (revision === undefined) return undefined;
  const ask: Ask = { type: 'ask', clause: 'contained', evidence: 'content', revision };
  const { content } = await gather(ask, state.observed, state.evidence, sources);
  const found = content.get(revision);
  return found !== undefined && 'state' in found && found.state === 'behind' ? application : undefined;
}

/** Gets and does what the decision asks for, until it waits or has a verdict. */
async function settle(
  start: State,
  sources: Sources,
  watch: Watch,
  progress: Progress,
): Promise<[Wait | Verdict, State]> {
  let state = start;
  for (let round = 0; round < mostRounds; round++) {
    const input = { ...state, now: sources.clock.now() };
    const decision = explained(decide(input), input);
    if (decision.type === 'wait' || decision.type === 'verdict') return [decision, state];
    if (decision.type === 'act' && decision.action === 'sync' && watch.mode === 'once') {
      return [{ type: 'wait', clause: decision.clause, why: decision.why }, state];
    }
    state =
      decision.type === 'ask'
        ? await asked(decision, state, sources)
        : await done(decision, state, sources, watch, progress);
  }
  return [
    { type: 'wait', clause: 'fresh', why: 'What Argo CD answers changes faster than it can be read' },
    state,
  ];
}

async function asked(ask: Ask, state: State, sources: Sources): Promise<State> {
  if ('unavailable' in state.observed) return state;
  const evidence = await gather(ask, state.observed, state.evidence, sources);
  return ask.evidence === 'resources' ? again({ ...state, evidence }, sources) : { ...state, evidence };
}

async function done(
  act: Act,
  state: State,
  sources: Sources,
  watch: Watch,
  progress: Progress,
): Promise<State> {
  const { argocd, clock, selected } = sources;
  if ('unavailable' in state.observed) return state;
  if (act.action !== 'sync') {
    const requestedAt = clock.now();
    progress.waits({ type: 'wait', clause: act.clause, why: act.why });
    const hard = act.action === 'hard-refresh';
    const answer = await argocd.refresh(selected.application, ...(hard ? (['hard'] as const) : []));
    const { revision = '' } = act;
    const tries = (state.hardRefresh?.revision === revision ? state.hardRefresh.tries : 0) + 1;
    const hardRefresh = hard && { hardRefresh: { revision, requestedAt, tries } };
    // Where none came, what is known is as old as the request: to be asked again only after something else was seen.
    if (answer === undefined) return { ...state, refreshedAt: clock.now(), ...hardRefresh };
    return { ...withAnswer(state, answer, sources), refreshedAt: requestedAt, ...hardRefresh };
  }
  const { application } = state.observed;
  const ourSync = await requestSync(argocd, clock, selected, application, watch.sync, act.resources);
  progress.says(
    ourSync.result === 'accepted' ? 'sync requested' : `sync not accepted: ${ourSync.message ?? ''}`,
  );
  return again({ ...state, ourSync }, sources);
}

/** Reads the application once more; what was seen before stands where that cannot be done now. */
async function again(state: State, sources: Sources): Promise<State> {
  try {
    return withAnswer(state, await sources.argocd.get(sources.selected.application), sources);
  } catch (error) {
    if (error instanceof SluiceError && error.kind === 'platform')
      return { ...state, observed: unavailableBecause(error) };
    throw error;
  }
}
