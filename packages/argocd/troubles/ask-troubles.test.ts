import { describe, expect, test } from 'vitest';
import type { ArgoCD } from '../api/port.ts';
import { argocdWith, notAsked } from '../api/test-argocd.ts';
import { parseEvent, parseNode } from '../api/tree.ts';
import { decide } from '../decide/decide.ts';
import { atDeadline } from '../decide/ending.ts';
import { deployment, type Shown, situation } from '../decide/testing.ts';
import type { Verdict } from '../decide/types.ts';
import type { Sources } from '../evidence/evidence.ts';
import { withTroubles } from './ask-troubles.ts';

const degraded: Shown = {
  health: 'Degraded',
  resources: [deployment({ health: { status: 'Degraded', message: 'exceeded its progress deadline' } })],
};
const input = situation({ shown: degraded, at: 200, earlier: [{ at: 60, shown: degraded }] });
const failed = atDeadline(decide(input), input);

const owner = { group: 'apps', kind: 'Deployment', namespace: 'payments', name: 'api' };
const tree = [
  { ...owner, uid: 'd', health: { status: 'Degraded' } },
  {
    ...{ kind: 'Pod', namespace: 'payments', name: 'api-1', uid: 'p', parentRefs: [{ ...owner, uid: 'd' }] },
    info: [{ name: 'Status Reason', value: 'CrashLoopBackOff' }],
    health: { status: 'Degraded', message: 'back-off 10s restarting failed container=app' },
  },
].map(parseNode);
const events = [parseEvent({ type: 'Warning', reason: 'FailedMount', message: 'secret "db" not found' })];

const told = (verdict: Verdict, answers: Partial<ArgoCD>): Promise<Verdict> => {
  const argocd = argocdWith(answers);
  const { application } = 'application' in input.observed ? input.observed : { application: undefined };
  if (application === undefined) throw new Error('nothing was observed');
  const selected = { argocd, application, sourceIndex: 0, source: { repoURL: '', raw: {} }, paths: [] };
  const clock = { now: () => 0, sleep: async () => {} };
  const { expectation } = input;
  const repository: Sources['repository'] = Object.create(null);
  return withTroubles(verdict, input, { argocd, clock, selected, expectation, repository });
};

describe('what the objects say joins a bad verdict', () => {
  test('the most telling its sentence, the others its messages; verdict and reason stay', async () => {
    const verdict = await told(failed, { tree: async () => tree, events: async () => events });
    expect(verdict).toEqual({
      ...failed,
      sentence:
        'Deployment payments/api is Degraded: exceeded its progress deadline. Pod payments/api-1: CrashLoopBackOff: back-off restarting failed container=app.',
      messages: ['Pod payments/api-1: FailedMount: secret "db" not found.'],
    });
  });

  test.each<[string, Partial<ArgoCD>]>([
    ['the tree cannot be read', { tree: notAsked }],
    ['there is nothing in it', { tree: async () => [] }],
    ['it holds nothing that is known', { tree: async () => [{}, null, 'x'].map(parseNode) }],
  ])('and stays as it is where %s', async (_, answers) => {
    expect(await told(failed, answers)).toEqual(failed);
  });

  test('without events where these cannot be read', async () => {
    const verdict = await told(failed, { tree: async () => tree, events: notAsked });
    expect(verdict.sentence).toContain('CrashLoopBackOff');
    expect(verdict.messages).toEqual([]);
  });

  test.each<[string, Partial<Verdict>]>([
    ['live', { verdict: 'live', reason: 'proven', missing: [] }],
    ['drifted', { verdict: 'drifted', reason: 'overwritten', missing: ['contained'] }],
    ['late because Git was not seen', { verdict: 'timed-out', reason: 'timed-out', missing: ['fresh'] }],
  ])('nothing is asked for what is %s', async (_, verdict) => {
    const asked: string[] = [];
    const tree = async () => {
      asked.push('tree');
      return [];
    };
    await told({ ...failed, ...verdict }, { tree });
    expect(asked).toEqual([]);
  });
});
