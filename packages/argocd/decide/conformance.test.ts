import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { at, isRecord, items, type Json, text } from '../json.ts';
import { parseApplication } from '../observation.ts';
import { decide } from './decide.ts';
import { remember } from './history.ts';
import { situation } from './testing.ts';
import type { ContentEvidence, DecisionInput } from './types.ts';

/** Cases of Argo CD's CLI, Kargo and the field; they lie beside the repository, not in it. */
const file = new URL('../../../../shared/conformance/gitops/argocd-wait-states.json', import.meta.url);
const AAA = 'a'.repeat(40);
const BBB = 'b'.repeat(40);
/** The cases call commits `aaa` and `bbb`; what is no commit proves nothing. */
const read = (): string =>
  readFileSync(file, 'utf8').replaceAll('"aaa"', `"${AAA}"`).replaceAll('"bbb"', `"${BBB}"`);
const cases: readonly Json[] = existsSync(file) ? items(JSON.parse(read())) : [];

/** The cases leave out what a real answer always has: a spec, and what was compared with it. */
const SPEC = { source: { repoURL: 'r' }, destination: {} };

const CONTENT: Readonly<Record<string, ContentEvidence>> = {
  [AAA]: { state: 'contained' },
  parent: { state: 'behind' },
  [BBB]: { state: 'contained' },
};

function inputOf(one: Json): DecisionInput {
  const given = at(one, 'input', 'status');
  const sync = at(given, 'sync');
  const updates = at(one, 'updates');
  const status = {
    ...(isRecord(given) && given),
    sync: { revision: AAA, ...(isRecord(sync) && sync), comparedTo: SPEC },
  };
  const operation = at(one, 'input', 'operation');
  const hydrator = isRecord(at(given, 'sourceHydrator')) ? { sourceHydrator: {} } : {};
  const application = parseApplication({
    metadata: { name: 'case' },
    spec: {
      ...(at(sync, 'revisions') === undefined ? SPEC : { sources: [{}, {}], destination: {} }),
      ...hydrator,
      ...(at(updates, 'autoSync') === true && { syncPolicy: { automated: {} } }),
    },
    status:
      at(sync, 'revisions') === undefined
        ? status
        : { ...status, sync: { ...status.sync, comparedTo: { sources: [{}, {}], destination: {} } } },
    ...(operation !== undefined && { operation }),
  });
  const requested = Date.parse('2020-11-10T22:59:30Z');
  const late = Date.parse('2020-11-10T23:05:00Z');
  const gone = at(updates, 'patchAtRevision') === 'file-missing';
  const content = new Map(
    Object.entries({ ...CONTENT, ...(gone && { [BBB]: { state: 'overwritten', by: [] } as const }) }),
  );
  const first = remember(undefined, { application, takenAt: late - 60_000 });
  const observed = { application, takenAt: late };
  const template = situation();
  return {
    ...template,
    expectation: { type: 'revision', revision: AAA },
    settings: { ...template.settings, scope: 'application' },
    sourceIndex: Number(at(updates, 'sourceIndex') ?? 0),
    baseline: { serverTime: requested, localTime: requested, unwell: [] },
    refreshedAt: requested,
    now: late,
    observed,
    history: remember(first, observed),
    evidence: { content },
  };
}

const REFRESH = { type: 'act', action: 'refresh' };
const LIVE = { verdict: 'live' };
const WAIT = { type: 'wait' };
const FAILED = { verdict: 'failed' };

/** What we decide, and where it differs from the case, why. */
const EXPECTED: Readonly<Record<string, readonly [expected: object, difference?: string]>> = {
  'CLI: synced and healthy, no operation': [
    REFRESH,
    'without reconciledAt nothing says that the commit was seen',
  ],
  'CLI: pending operation': [REFRESH, 'the same'],
  'CLI: operation state without finishedAt': [
    REFRESH,
    'the same; the CLI calls it ready and in progress at once',
  ],
  'CLI: finished, not reconciled since': [REFRESH, 'the CLI calls it ready'],
  'CLI: finished, reconciled afterwards': [WAIT, 'an operation without a phase is not known to be over'],
  'CLI: out of sync': [REFRESH, 'without reconciledAt nothing says that the commit was seen'],
  'CLI: hydration running, no earlier success': [REFRESH, 'the same'],
  'Kargo: ComparisonError condition is terminal': [
    REFRESH,
    'it has no time, so it may be from before our commit',
  ],
  'Kargo: operation in progress': [REFRESH, 'without reconciledAt nothing says that the commit was seen'],
  'Kargo: reconciledAt missing after an operation -> refresh, not ready': [REFRESH],
  'Kargo: reconciledAt before finishedAt -> refresh, not ready': [REFRESH],
  'Kargo: reconciledAt equal to finishedAt is trusted': [LIVE],
  'Kargo: progressing': [WAIT],
  'Kargo: sync only, degraded ignored': [WAIT, 'health is never left out'],
  'Kargo: health+suspended, Suspended passes': [WAIT, 'a paused rollout has not arrived'],
  'Kargo: Degraded after Healthy is terminal': [
    WAIT,
    'only a resource that is Degraded past the grace time fails',
  ],
  'Kargo: Degraded with no earlier health is not terminal': [WAIT],
  'revision is newer and our patch still holds there': [LIVE],
  'revision is newer but the file was deleted there': [{ verdict: 'drifted' }],
  'refresh was dropped: annotation gone, reconciledAt older than our request': [REFRESH],
  'operation Failed although the app is Synced and Healthy': [FAILED],
  'operation is somebody else’s, for an older revision': [
    LIVE,
    'the case waits for an operation of its own; what is Synced and settled at our revision needs none',
  ],
  'SyncError condition: auto-sync will not retry this revision': [FAILED],
  'multi-source: our source is index 1': [LIVE],
  'Synced at our revision but the live image is the old one': [
    LIVE,
    'a bare revision names no image: see running.test.ts',
  ],
  'app with only ConfigMaps never leaves Healthy': [LIVE],
  'hydrator: dry commit hydrated but the hydrated branch not synced yet': [
    { type: 'ask', evidence: 'content', revision: 'h0' },
    'the rendered commit that is compared with says itself what it was made of',
  ],
};

describe.skipIf(cases.length === 0)('wait states of other projects', () => {
  test.each(cases.map((one) => [text(at(one, 'name')) ?? '', one] as const))('%s', (name, one) => {
    expect(decide(inputOf(one))).toMatchObject(EXPECTED[name]?.[0] ?? { 'no expectation': name });
  });

  test('every case has its expectation', () => {
    expect(cases.map((one) => at(one, 'name')).sort()).toEqual(Object.keys(EXPECTED).sort());
  });
});
