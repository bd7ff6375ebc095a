import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import { configMap, deployment, situation } from './testing.ts';

describe('clause 4, synced', () => {
  test('a rendered object of the change that the application does not list is not there yet', () => {
    expect(decide(situation({ shown: { resources: [configMap()] } }))).toMatchObject({
      type: 'wait',
      clause: 'synced',
      why: 'Deployment payments/api is not there yet',
    });
  });

  test('an application whose sync is Unknown is not Synced', () => {
    const settings = { scope: 'application' } as const;
    expect(decide(situation({ shown: { sync: 'Unknown' }, settings }))).toMatchObject({ clause: 'synced' });
  });

  test('hooks have no sync status and are left to the operation', () => {
    const hook = { group: 'batch', kind: 'Job', namespace: 'payments', name: 'migrate', hook: true };
    const settings = { scope: 'application' } as const;
    expect(decide(situation({ shown: { resources: [deployment(), hook] }, settings }))).toMatchObject({
      verdict: 'live',
    });
  });
});
