import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import { configMap, deployment, seconds, situation } from './testing.ts';

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

  describe('and all of the application is in scope', () => {
    const settings = { scope: 'application' } as const;
    const shown = {
      sync: 'OutOfSync',
      automated: { selfHeal: true },
      resources: [deployment(), configMap({ status: 'OutOfSync' })],
    };
    const key = { group: '', kind: 'ConfigMap', namespace: 'payments', name: 'settings' };
    const baseline = { ...situation().baseline, unwell: [{ ...key, sync: 'OutOfSync' } as const] };

    test('what was OutOfSync before the change, and is nothing of it, is a warning', () => {
      expect(decide(situation({ shown, baseline, settings }))).toMatchObject({
        verdict: 'live',
        messages: [
          'ConfigMap payments/settings is OutOfSync, as before the change; it is not part of the change.',
        ],
      });
    });

    test('what was Synced since is waited for', () => {
      const earlier = [
        { at: 20, shown },
        { at: 40, shown: { ...shown, sync: 'Synced', resources: [deployment(), configMap()] } },
        { at: 60, shown },
      ];
      // Long enough for it to have settled.
      expect(decide(situation({ at: 100, shown, baseline, settings, earlier }))).toMatchObject({
        type: 'wait',
      });
    });

    test('an application that is OutOfSync by nothing that it lists is waited for', () => {
      const hidden = { ...shown, resources: [deployment(), configMap()] };
      expect(decide(situation({ shown: hidden, baseline, settings }))).toMatchObject({ type: 'wait' });
    });

    test('whoever asked for a sync of everything gets it, once', () => {
      const always = { ...settings, sync: 'always' } as const;
      expect(decide(situation({ shown, baseline, settings: always }))).toMatchObject({ action: 'sync' });
      const ourSync = { requestedAt: seconds(20), result: 'accepted' } as const;
      expect(decide(situation({ shown, baseline, settings: always, ourSync }))).toMatchObject({
        verdict: 'live',
      });
    });

    test('what is OutOfSync since the change is waited for', () => {
      expect(decide(situation({ shown, settings }))).toMatchObject({ type: 'wait' });
    });

    test('what Argo CD leaves out of account is not told by what was OutOfSync before', () => {
      const unknown = { ...shown, sync: 'Unknown' };
      expect(decide(situation({ shown: unknown, baseline, settings }))).toMatchObject({ type: 'wait' });
    });
  });
});
