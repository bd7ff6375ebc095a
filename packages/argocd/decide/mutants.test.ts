import { describe, expect, test } from 'vitest';
import type { Application } from '../observation.ts';
import { decide, decideWith, RULE } from './decide.ts';
import {
  BEFORE,
  configMap,
  deployment,
  LATER,
  managed,
  OLD_IMAGE,
  OURS,
  operated,
  overwrite,
  seconds,
  situation,
} from './testing.ts';
import type { ClauseName, Decision, DecisionInput } from './types.ts';

type Mutant = (input: DecisionInput) => Decision;

const without =
  (name: ClauseName): Mutant =>
  (input) =>
    decideWith(
      RULE.filter((clause) => clause.name !== name),
      input,
    );

const withSettings =
  (settings: Partial<DecisionInput['settings']>): Mutant =>
  (input) =>
    decide({ ...input, settings: { ...input.settings, ...settings } });

/** Takes a dry run for a real operation. */
const withoutDryRunFilter: Mutant = (input) => {
  if ('unavailable' in input.observed) return decide(input);
  const { application } = input.observed;
  const { operationState: state } = application;
  const blind: Application = {
    ...application,
    ...(state && { operationState: { ...state, operation: { ...state.operation, dryRun: false } } }),
  };
  return decide({ ...input, observed: { ...input.observed, application: blind } });
};

const degraded = {
  resources: [configMap(), deployment({ health: { status: 'Degraded' } })],
  health: 'Degraded',
};
const notShown = [managed()].map(({ live: _, ...item }) => item);
const by = [overwrite()];

interface Case {
  readonly title: string;
  readonly mutant: Mutant;
  readonly input: DecisionInput;
  readonly rule: object;
  readonly broken: object;
}

const LIVE = { verdict: 'live' };

const CASES: readonly Case[] = [
  {
    title: 'freshness dropped: a comparison from before the push passes for live',
    mutant: without('fresh'),
    input: situation({
      shown: { reconciledAt: -30, operationState: operated({ finishedAt: -60 }), healthSince: -60 },
    }),
    rule: { type: 'act', action: 'refresh' },
    broken: LIVE,
  },
  {
    title:
      'containment dropped: a revision that somebody set back passes for live while its images are not compared',
    mutant: without('contained'),
    input: situation({ shown: { revision: LATER }, content: { [LATER]: { state: 'overwritten', by } } }),
    rule: { verdict: 'drifted' },
    broken: LIVE,
  },
  {
    title: 'effect dropped: a change that an override hides passes for one that is still on its way',
    mutant: without('effective'),
    input: situation({ resources: [managed(OLD_IMAGE, OLD_IMAGE)] }),
    rule: { verdict: 'not-effective' },
    broken: { type: 'wait' },
  },
  {
    title: 'effect dropped: an edit that renders to the same as before passes for live',
    mutant: without('effective'),
    input: situation({
      edits: [{ place: { type: 'value', document: 0, path: 'unused.color' }, from: 'red', to: 'blue' }],
      rendered: { revision: OURS, differing: [] },
    }),
    rule: { verdict: 'unknown', reason: 'no-rendered-difference' },
    broken: LIVE,
  },
  {
    title: 'operation dropped: a PostSync hook that failed at our revision passes for live',
    mutant: without('operation'),
    input: situation({ shown: { operationState: operated({ phase: 'Failed', message: 'hook failed' }) } }),
    rule: { verdict: 'failed', reason: 'operation-failed' },
    broken: LIVE,
  },
  {
    title: 'operation dropped: a retry that is scheduled passes for live',
    mutant: without('operation'),
    input: situation({ shown: { operationState: operated({ phase: 'Running' }) } }),
    rule: { type: 'wait', clause: 'operation' },
    broken: LIVE,
  },
  {
    title: 'dry-run filter dropped: the images that a dry run lists pass for running',
    mutant: withoutDryRunFilter,
    input: situation({ resources: notShown, shown: { operationState: operated({ dryRun: true }) } }),
    rule: { type: 'wait', clause: 'running' },
    broken: LIVE,
  },
  {
    title: 'dry-run filter dropped: a dry run that failed passes for a failed deployment',
    mutant: withoutDryRunFilter,
    input: situation({ shown: { operationState: operated({ dryRun: true, phase: 'Failed' }) } }),
    rule: LIVE,
    broken: { verdict: 'failed' },
  },
  {
    title: 'settle dropped: the old health that is shown right after a sync passes for live',
    mutant: withSettings({ settleMs: 0 }),
    input: situation({
      shown: { reconciledAt: 60, operationState: operated({ finishedAt: 60 }), healthSince: -900 },
      earlier: [],
    }),
    rule: { type: 'wait', clause: 'healthy', until: seconds(70) },
    broken: LIVE,
  },
  {
    title: 'grace dropped: a short Degraded passes for a failure',
    mutant: withSettings({ degradedGraceMs: 0 }),
    input: situation({ shown: { ...degraded, healthSince: 59 }, earlier: [{ at: 59, shown: degraded }] }),
    rule: { type: 'wait', clause: 'healthy' },
    broken: { verdict: 'failed', reason: 'degraded' },
  },
  {
    title: 'running images dropped: a live object with another image, ignored by the diff, passes for live',
    mutant: without('running'),
    input: situation({ resources: [managed(undefined, OLD_IMAGE)] }),
    rule: { type: 'wait', clause: 'running' },
    broken: LIVE,
  },
  {
    title: 'synced and operation dropped: an object in scope that is OutOfSync passes for live',
    mutant: (input) =>
      decideWith(
        RULE.filter(({ name }) => name !== 'synced' && name !== 'operation'),
        input,
      ),
    input: situation({ shown: { sync: 'OutOfSync', resources: [deployment({ status: 'OutOfSync' })] } }),
    rule: { type: 'wait', clause: 'synced' },
    broken: LIVE,
  },
  {
    title: 'spec dropped: a status of an older spec passes for live',
    mutant: without('spec'),
    input: situation({ shown: { spec: { destination: { namespace: 'elsewhere' } } } }),
    rule: { type: 'wait', clause: 'spec' },
    broken: LIVE,
  },
  {
    title: 'health dropped: a rollout that has only begun passes for live',
    mutant: without('healthy'),
    input: situation({ shown: { resources: [deployment({ health: { status: 'Progressing' } })] } }),
    rule: { type: 'wait', clause: 'healthy' },
    broken: LIVE,
  },
];

describe('each part of the rule is needed: without it', () => {
  test.each(CASES.map((one) => [one.title, one] as const))('%s', (_, { mutant, input, rule, broken }) => {
    expect(decide(input)).toMatchObject(rule);
    expect(mutant(input)).toMatchObject(broken);
  });

  test('ancestry dropped from waiting: nothing makes an ancestor live', () => {
    const input = situation({ shown: { revision: BEFORE } });
    expect(decide(input)).toMatchObject({ clause: 'contained', action: 'refresh' });
    expect(without('contained')(input)).toMatchObject(LIVE);
  });
});
