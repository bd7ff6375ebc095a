import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import { BEFORE, LATER, OURS, overwrite, seconds, situation } from './testing.ts';

const later = { revision: LATER };

const RENDERED = '7'.repeat(40);

describe('clause 2, contained', () => {
  test('the content at the revision that Argo CD shows is asked for', () => {
    expect(decide(situation({ shown: later }))).toMatchObject({
      type: 'ask',
      evidence: 'content',
      revision: LATER,
    });
  });

  test('a later commit that still holds the change is as good as ours', () => {
    const input = situation({ shown: later, content: { [LATER]: { state: 'contained' } } });
    expect(decide(input)).toMatchObject({ verdict: 'live', revision: LATER });
  });

  test('an ancestor of our commit, Synced and Healthy, is waited out with a refresh', () => {
    const input = situation({ shown: { revision: BEFORE } });
    expect(decide(input)).toMatchObject({ type: 'act', action: 'refresh', clause: 'contained' });
    expect(decide({ ...input, refreshedAt: seconds(55) })).toMatchObject({
      type: 'wait',
      until: seconds(65),
    });
  });

  test('a commit of somebody else that took the place away: drifted, and who', () => {
    const by = [overwrite()];
    const decision = decide(situation({ shown: later, content: { [LATER]: { state: 'overwritten', by } } }));
    expect(decision).toMatchObject({ verdict: 'drifted', reason: 'overwritten', overwrittenBy: by[0] });
    expect(decision).toHaveProperty(
      'sentence',
      expect.stringContaining('3333333 by alice set apps/payments'),
    );
  });

  test('only newer deployments of the same key took it away: superseded', () => {
    const by = [overwrite({ newer: true }), overwrite({ newer: true, path: 'b.yaml' })];
    const decision = decide(situation({ shown: later, content: { [LATER]: { state: 'overwritten', by } } }));
    expect(decision).toMatchObject({ verdict: 'superseded', reason: 'superseded' });
  });

  test('one of several that took it away is not a newer deployment: drifted, and that one is named', () => {
    const by = [overwrite({ author: 'bob' }), overwrite({ newer: true })];
    const decision = decide(situation({ shown: later, content: { [LATER]: { state: 'overwritten', by } } }));
    expect(decision).toMatchObject({ verdict: 'drifted', overwrittenBy: { author: 'bob' } });
  });

  test('a lost place that no commit explains is drifted, and nobody is named for it', () => {
    const by = [overwrite({ newer: true })];
    const unexplained = ['web.yaml, image.tag, holds 1, not 2'];
    const content = { [LATER]: { state: 'overwritten', by, unexplained } } as const;
    const decision = decide(situation({ shown: later, content }));
    expect(decision).toMatchObject({
      verdict: 'drifted',
      sentence: 'The change was overwritten: web.yaml, image.tag, holds 1, not 2.',
    });
    expect(decision).not.toHaveProperty('overwrittenBy');
  });

  test('overwritten by nobody that could be found is drifted, never superseded', () => {
    const decision = decide(
      situation({ shown: later, content: { [LATER]: { state: 'overwritten', by: [] } } }),
    );
    expect(decision).toMatchObject({ verdict: 'drifted' });
  });

  test('content that cannot be read is waited for', () => {
    const input = situation({ shown: later, content: { [LATER]: { unavailable: 'Git is away' } } });
    expect(decide(input)).toMatchObject({ type: 'wait', why: 'Git is away', unavailable: true });
  });

  test('the revision of our source counts, not that of the first one', () => {
    const sources = [{ chart: 'api' }, { ref: 'values' }];
    const comparedTo = { sources, destination: {} };
    const status = { sync: { status: 'Synced', revisions: ['1.2.3', OURS], comparedTo } };
    const input = situation({ shown: { spec: { sources, destination: {} }, status }, sourceIndex: 1 });
    expect(decide(input)).toMatchObject({ verdict: 'live' });
    expect(decide({ ...input, sourceIndex: 0 })).toMatchObject({
      type: 'ask',
      evidence: 'content',
      revision: '1.2.3',
    });
  });

  test('of a hydrated source the dry commit counts; where another rendered commit is compared with, what that one was made of', () => {
    const hydrator = (hydratedSHA: string) => ({
      revision: RENDERED,
      spec: { sourceHydrator: {} },
      status: { sourceHydrator: { lastSuccessfulOperation: { drySHA: LATER, hydratedSHA } } },
    });
    expect(decide(situation({ shown: hydrator(RENDERED) }))).toMatchObject({ type: 'ask', revision: LATER });
    expect(decide(situation({ shown: hydrator(BEFORE) }))).toMatchObject({ type: 'ask', revision: RENDERED });
  });

  test('an expected revision needs no edits, but the whole application', () => {
    const expectation = { type: 'revision', revision: OURS } as const;
    expect(decide(situation({ expectation, resources: null }))).toMatchObject({
      verdict: 'live',
      sentence: 'payments is Synced and Healthy at 2222222. No image was checked: a `revision` names none.',
      messages: [],
    });
    expect(decide(situation({ expectation, shown: { health: 'Degraded' } }))).toMatchObject({
      clause: 'healthy',
    });
  });

  test('an expected revision says what was not looked at: what the application generates', () => {
    const expectation = { type: 'revision', revision: OURS } as const;
    const child = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', status: 'Synced' };
    const resources = ['a', 'b'].map((name) => ({ ...child, namespace: 'argocd', name }));
    expect(decide(situation({ expectation, shown: { resources }, resources: null }))).toMatchObject({
      verdict: 'live',
      messages: [
        'What Application argocd/a and 1 more generates was not looked at: name the applications that it generates in `applications`, or give the `change`.',
      ],
    });
  });

  test('a change without an edit for this application proves nothing', () => {
    expect(decide(situation({ edits: [] }))).toMatchObject({
      verdict: 'unknown',
      reason: 'nothing-to-verify',
    });
  });
});
