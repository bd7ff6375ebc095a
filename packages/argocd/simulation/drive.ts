import { parseManagedResource } from '../api/managed-resource.ts';
import { decide } from '../decide/decide.ts';
import { atDeadline } from '../decide/ending.ts';
import { remember } from '../decide/history.ts';
import type { Act, Ask, Decision, DecisionInput, OurSync, Settings, Verdict } from '../decide/types.ts';
import { forget, withRendering } from '../evidence/evidence.ts';
import type { FieldDifference } from '../evidence/fields.ts';
import { differingObjects, ofChange } from '../evidence/rendered.ts';
import { asManaged } from '../evidence/uncached.ts';
import { parseApplication } from '../observation.ts';
import { takeBaseline } from '../watch/baseline.ts';
import type { Scenario } from './scenario.ts';
import { beforeOurs, contentAt, expectationOf } from './truth.ts';
import type { OperationRequest, Spec, Status } from './world/model.ts';
import { createRandom } from './world/random.ts';
import { createWorld, type World } from './world/world.ts';

/** The true time of the commit of ours. */
export const START = Date.parse('2026-11-21T03:00:00Z');
export const WARM_UP = 40_000;

export interface Drive {
  readonly scenario: Scenario;
  readonly seen?: (input: DecisionInput, decision: Decision) => void;
}

/** What Argo CD held when it made an answer. */
export interface Look {
  readonly time: number;
  readonly status: Status;
  readonly spec: Spec;
  readonly pending: OperationRequest | undefined;
}

/** How a history ended, with what is needed to hold the verdict against the truth. */
export interface End {
  readonly scenario: Scenario;
  readonly world: World;
  readonly verdict: Verdict;
  readonly ours: string;
  /** What stood behind each answer, the last one's last. */
  readonly looks: readonly Look[];
  /** The true time of the live state that the last `managed-resources` showed. */
  readonly resourcesOf: number | undefined;
  readonly ended: 'verdict' | 'deadline';
}

type State = Omit<DecisionInput, 'now'>;

/** Follows one history as the loop does, with evidence out of the world itself, until there is a verdict or the time is over. */
export function drive({ scenario, seen }: Drive): End {
  const world = createWorld(scenario.knobs, START - WARM_UP);
  const random = createRandom(scenario.seed + 1_000_003);
  const { timeline } = world;
  for (const { at, event } of scenario.events) {
    timeline.after(WARM_UP + at * 1000, () => world.happen(event));
  }
  const local = (): number => timeline.now() + scenario.runnerClock;
  const pass = (ms: number): void => timeline.advanceTo(timeline.now() + ms);
  const latency = (): number => random.integer(5, scenario.latency);
  timeline.advanceTo(START - random.integer(500, 5000));
  const before = parseApplication(world.application());
  timeline.advanceTo(START);
  const ours = world.push(scenario.change);
  const looks: Look[] = [];
  let resourcesOf: number | undefined;
  let state: State | undefined;

  const isAway = (): boolean => timeline.now() < world.awayUntil();

  /** A GET: argocd-server makes the answer half-way. */
  const get = (): void => {
    pass(latency());
    if (isAway()) {
      pass(latency());
      if (state !== undefined) state = { ...state, observed: { unavailable: 'Argo CD is away' } };
      return;
    }
    const application = parseApplication(world.application());
    const serverTime = world.date();
    const { controller, operations } = world;
    const held = { status: controller.status(), spec: controller.spec(), pending: operations.pending() };
    looks.push({ time: timeline.now(), ...held });
    pass(latency());
    const observed = { application, takenAt: local() };
    if (state !== undefined) {
      state = { ...state, observed, history: remember(state.history, observed) };
      return;
    }
    state = {
      settings: settingsOf(scenario),
      expectation: expectationOf(scenario, world.git, ours),
      sourceIndex: 0,
      baseline: takeBaseline(before, application, {
        serverTime,
        localTime: local(),
        ...(application.reconciledAt !== undefined && { comparedAt: application.reconciledAt }),
      }),
      observed,
      history: remember(undefined, observed),
      evidence: { content: new Map() },
    };
  };

  const ask = (current: State, { evidence: wanted, ...rest }: Ask): State => {
    const { evidence, observed } = current;
    if ('unavailable' in observed) return current;
    const { application } = observed;
    if (wanted === 'content') {
      const revision = 'revision' in rest ? rest.revision : '';
      const content = contentAt(revision, ours, scenario, world.git);
      return {
        ...current,
        evidence: { ...evidence, content: new Map([...evidence.content, [revision, content]]) },
      };
    }
    pass(latency());
    const revision = application.sync.revisions[0] ?? '';
    if (isAway() || wanted === 'windows' || wanted === 'order') {
      const none = { unavailable: 'Argo CD is away', takenAt: local(), revision };
      return { ...current, evidence: { ...evidence, [wanted]: none } };
    }
    if (wanted === 'uncached') {
      const items = asManaged(world.manifests(revision), application);
      return { ...current, evidence: withRendering(evidence, observed, { uncached: { revision, items } }) };
    }
    if (wanted === 'rendered') {
      const was = world.manifests(beforeOurs(world.git, ours, scenario));
      const now = differingObjects(was, world.manifests(revision), application, isImage);
      const byChange = differingObjects(was, world.manifests(ours), application, isImage);
      const rendered = { revision, differing: ofChange(now, byChange) };
      return { ...current, evidence: withRendering(evidence, observed, { rendered }) };
    }
    resourcesOf = world.controller.status().liveAt;
    const items = world.managedResources().map(parseManagedResource);
    pass(latency());
    const resources = { revision, reconciledAt: application.reconciledAt, takenAt: local(), items };
    return { ...current, evidence: { ...evidence, resources } };
  };

  const act = (current: State, { action, revision = '' }: Act): State => {
    if (action !== 'sync') {
      const requestedAt = local();
      const hard = action === 'hard-refresh';
      const last = current.hardRefresh;
      const tries = (last?.revision === revision ? last.tries : 0) + 1;
      pass(latency());
      if (!isAway()) world.refresh(hard ? 'hard' : undefined);
      if (hard) timeline.note('we: ask for a hard refresh');
      return {
        ...current,
        refreshedAt: requestedAt,
        ...(hard && { hardRefresh: { revision, requestedAt, tries } }),
      };
    }
    return { ...current, ourSync: syncOf(current) };
  };

  const syncOf = ({ observed, settings: { prune } }: State): OurSync => {
    const requestedAt = local();
    pass(latency());
    if (isAway()) return { requestedAt, result: 'transient', message: 'away' };
    const application = 'unavailable' in observed ? undefined : observed.application;
    const revision = application?.autoSync.enabled ? undefined : application?.sync.revisions[0];
    const named = revision !== undefined && revision !== 'main' ? { revision } : {};
    const answer = world.sync({ ...named, prune, info: { name: 'gha-run', value: 'acme/shop/1/1' } });
    timeline.note(`we: ask for a sync: ${typeof answer === 'string' ? answer : answer.refused}`);
    if (typeof answer === 'string') return { requestedAt, result: answer };
    const transient = /code = Unavailable/.test(answer.refused);
    return { requestedAt, result: transient ? 'transient' : 'refused', message: answer.refused };
  };

  const settle = (): { readonly decision: Decision; readonly input: DecisionInput } | undefined => {
    for (let round = 0; round < 25 && state !== undefined; round++) {
      const input = { ...state, now: local() };
      const decision = decide(input);
      seen?.(input, decision);
      if (decision.type === 'wait' || decision.type === 'verdict') return { decision, input };
      if (decision.type === 'ask') state = ask(state, decision);
      else state = act(state, decision);
      if (decision.type === 'act' || decision.evidence === 'resources') get();
    }
    return undefined;
  };

  const until = START + scenario.timeoutMs;
  let interval = 2000;
  let why = '';
  for (;;) {
    if (state !== undefined) state = { ...state, evidence: forget(state.evidence) };
    get();
    const settled = settle();
    const end = { scenario, world, ours, looks, resourcesOf };
    if (settled?.decision.type === 'verdict') return { ...end, verdict: settled.decision, ended: 'verdict' };
    if (settled?.decision.type === 'wait' && settled.decision.why !== why) {
      why = settled.decision.why;
      timeline.note(`we: wait: ${settled.decision.clause}: ${why}`);
      interval = 2000;
    }
    if (timeline.now() >= until) {
      if (settled === undefined) throw new Error('It never comes to an end of asking');
      return { ...end, verdict: atDeadline(settled.decision, settled.input), ended: 'deadline' };
    }
    interval = Math.min(interval * 1.25, scenario.longestPause);
    const wake = settled?.decision.type === 'wait' ? settled.decision.until : undefined;
    const woken = Math.max((wake ?? Number.POSITIVE_INFINITY) - local(), 250);
    pass(Math.min(interval * (0.95 + random.next() / 10), woken, until - timeline.now()));
  }
}

const isImage = ({ path }: FieldDifference): boolean => path.at(-1) === 'image';

export const settingsOf = ({ scope, sync, settleMs, graceMs, prune }: Scenario): Settings => ({
  ...{ scope, sync, settleMs, prune, until: 'complete', degradedGraceMs: graceMs, skewMs: 2000 },
  registryAliases: [{ from: 'registry.example', to: 'mirror.example/proxy' }],
});
