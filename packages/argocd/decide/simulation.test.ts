import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseApplication } from '../observation.ts';
import { decideWith, RULE } from './decide.ts';
import { remember } from './history.ts';
import { createSimulator, EVENTS, type Knobs, NEW, type SimulatorEvent, STEP } from './simulator.ts';
import { imageEdit, manifest, situation, T0 } from './testing.ts';
import type {
  Clause,
  ContentEvidence,
  Decision,
  DecisionInput,
  Evidence,
  History,
  OurSync,
  ResourcesEvidence,
  Settings,
} from './types.ts';

const CALM: Knobs = {
  autoSync: true,
  selfHeal: false,
  ignoresImage: false,
  override: false,
  clockOffset: 0,
  healthLag: 500,
  rollout: 3000,
  rolloutEnds: 'Healthy',
  comparison: 500,
  operation: 500,
};

const SETTINGS: Partial<Settings> = { settleMs: 5000, degradedGraceMs: 8000 };
/** Live state may be five seconds old, and health may lag behind by two. */
const WINDOW = 7000;
const OURS = 1;

interface Run {
  readonly knobs: Knobs;
  readonly sync: Settings['sync'];
  /** By step: what happens then. */
  readonly events: readonly (readonly [step: number, event: SimulatorEvent])[];
  readonly steps: number;
  readonly rule?: readonly Clause[];
  readonly settings?: Partial<Settings>;
}

interface End {
  readonly decision: Decision | undefined;
  readonly truth: boolean;
  readonly world: ReturnType<typeof createSimulator>;
}

/** Pushes our change at T0, looks once a second, gathers what is asked for as the loop does, until the first verdict. */
function follow({ knobs, sync, events, steps, rule = RULE, settings = {} }: Run): End {
  const world = createSimulator(knobs, T0);
  world.push(NEW);
  const template = situation({ settings: { ...SETTINGS, sync, ...settings }, edits: [imageEdit()] });
  let history: History | undefined;
  let resources: ResourcesEvidence | undefined;
  let refreshedAt: number | undefined;
  let ourSync: OurSync | undefined;

  for (let step = 1; step <= steps; step++) {
    world.tick();
    for (const [when, event] of events) if (when === step) world.happen(event);
    if ((step * STEP) % 1000 !== 0) continue;

    const now = world.now();
    const observed = { application: parseApplication(world.application()), takenAt: now };
    history = remember(history, observed);
    const content = new Map(world.commits().map(({ sha, image }, index) => [sha, contentOf(index, image)]));
    const inputNow = (): DecisionInput => {
      // It keeps no manifests, so rendered anew they are the same.
      const uncached = resources && { uncached: { revision: resources.revision, items: resources.items } };
      const evidence: Evidence = { content, ...(resources && { resources }), ...uncached };
      const { refreshedAt: _, ...rest } = template;
      return {
        ...rest,
        now,
        observed,
        history: history ?? template.history,
        evidence,
        ...(refreshedAt !== undefined && { refreshedAt }),
        ...(ourSync && { ourSync }),
      };
    };
    let decision = decideWith(rule, inputNow());
    if (decision.type === 'ask' && decision.evidence === 'resources') {
      const { rendered, live } = world.resources();
      const key = { group: 'apps', kind: 'Deployment', namespace: 'payments', name: 'api' };
      const { sync: shown, reconciledAt } = observed.application;
      const items = [{ ...key, target: manifest(rendered), live: manifest(live) }];
      resources = { revision: shown.revisions[0] ?? '', reconciledAt, takenAt: now, items };
      decision = decideWith(rule, inputNow());
    }
    if (decision.type === 'verdict') return { decision, truth: world.wasLive(WINDOW), world };
    if (decision.type === 'act' && decision.action === 'refresh') {
      refreshedAt = now;
      world.refresh();
    }
    if (decision.type === 'act' && decision.action === 'sync') {
      world.sync();
      ourSync = { requestedAt: now, result: 'accepted' };
    }
  }
  return { decision: undefined, truth: world.wasLive(WINDOW), world };
}

function contentOf(index: number, image: string): ContentEvidence {
  if (index < OURS) return { state: 'behind' };
  return image === NEW ? { state: 'contained' } : { state: 'overwritten', by: [] };
}

const saysLive = ({ decision }: End): boolean => decision?.type === 'verdict' && decision.verdict === 'live';

const STEPS = 240;
const runs: fc.Arbitrary<Run> = fc.record({
  knobs: fc.record({
    autoSync: fc.boolean(),
    selfHeal: fc.boolean(),
    ignoresImage: fc.boolean(),
    override: fc.oneof(
      { weight: 4, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
    clockOffset: fc.integer({ min: -2000, max: 2000 }),
    healthLag: fc.integer({ min: 0, max: 2000 }),
    rollout: fc.integer({ min: 250, max: 12_000 }),
    rolloutEnds: fc.constantFrom('Healthy', 'Healthy', 'Degraded'),
    comparison: fc.integer({ min: 0, max: 4000 }),
    operation: fc.integer({ min: 0, max: 4000 }),
  }),
  sync: fc.constantFrom('never', 'when-manual', 'always'),
  events: fc.array(fc.tuple(fc.integer({ min: 1, max: STEPS }), fc.constantFrom(...EVENTS)), {
    maxLength: 8,
  }),
  steps: fc.constant(STEPS),
});

test('in any timeline of a simulated Argo CD, live is never said when the cluster did not run the change', () => {
  let lives = 0;
  fc.assert(
    fc.property(runs, (run) => {
      const end = follow(run);
      if (saysLive(end)) lives += 1;
      expect(saysLive(end) && !end.truth).toBe(false);
    }),
    { numRuns: 300, seed: 20_261_121 },
  );
  expect(lives).toBeGreaterThan(50);
});

test('in any timeline, other verdicts are true, too', () => {
  fc.assert(
    fc.property(runs, (run) => {
      const { decision, world } = follow(run);
      if (decision?.type !== 'verdict') return;
      if (decision.reason === 'degraded') expect(world.wasDegraded(WINDOW)).toBe(true);
      if (decision.reason === 'overwritten') expect(world.comparesWithOurs()).toBe(false);
      if (decision.verdict === 'not-effective') expect(run.knobs.override).toBe(true);
      if (decision.reason === 'needs-sync' && !run.knobs.autoSync) expect(run.sync).toBe('never');
    }),
    { numRuns: 300, seed: 3 },
  );
});

test('a calm deployment is live, within a minute', () => {
  expect(follow({ knobs: CALM, sync: 'never', events: [], steps: STEPS })).toMatchObject({
    decision: { verdict: 'live' },
    truth: true,
  });
  const manual = { ...CALM, autoSync: false };
  expect(follow({ knobs: manual, sync: 'when-manual', events: [], steps: STEPS }).decision).toMatchObject({
    verdict: 'live',
  });
});

test.each([
  [
    'containment',
    RULE.filter(({ name }) => name !== 'contained' && name !== 'effective' && name !== 'running'),
    {},
  ],
  ['running images', RULE.filter(({ name }) => name !== 'running'), {}],
  ['health', RULE.filter(({ name }) => name !== 'healthy'), {}],
  ['settle', RULE, { settleMs: 0 }],
  ['operation', RULE.filter(({ name }) => name !== 'operation'), {}],
] as const)('the simulator knows better than a rule without %s', (_, rule, settings) => {
  const wrong = fc.property(runs, (run) => {
    const end = follow({ ...run, rule, settings });
    expect(saysLive(end) && !end.truth).toBe(false);
  });
  expect(fc.check(wrong, { numRuns: 3000, seed: 7, endOnFailure: true }).failed).toBe(true);
});
