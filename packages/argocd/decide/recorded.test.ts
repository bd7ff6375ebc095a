import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { at, items, type Json, text } from '../json.ts';
import { type Application, parseApplication } from '../observation.ts';
import { decide } from './decide.ts';
import { remember } from './history.ts';
import { spec } from './spec.ts';
import { imageEdit, situation } from './testing.ts';
import type { DecisionInput, ManagedResource } from './types.ts';

/** Answers of a real Argo CD 3.2.11; they lie beside the repository, not in it. */
const folder = new URL('../../../../shared/recipes/argocd/recorded/', import.meta.url);
const here = existsSync(folder);
const read = (name: string): Json => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
const body = (name: string): Json => at(read(name), 'response', 'body');

/** The application as recorded, seen first when it was last written and again `later` seconds after, its revision holding ours. */
function seen(application: Application, later: number, fields: Partial<DecisionInput> = {}): DecisionInput {
  const { reconciledAt = 0, health, operationState: state } = application;
  const written = Math.max(reconciledAt, health.since ?? 0, state?.finishedAt ?? 0, state?.startedAt ?? 0);
  const revision = application.sync.revisions[0] ?? '';
  const first = { application, takenAt: written + 1000 };
  const observed = { application, takenAt: written + 1000 + later * 1000 };
  const template = situation();
  return {
    ...template,
    expectation: { type: 'revision', revision },
    settings: { ...template.settings, scope: 'application' },
    baseline: { serverTime: reconciledAt - 10_000, localTime: reconciledAt - 10_000, unwell: [] },
    refreshedAt: reconciledAt,
    now: observed.takenAt,
    observed,
    history: remember(remember(undefined, first), observed),
    evidence: { content: new Map([[revision, { state: 'contained' }]]) },
    ...fields,
  };
}

/** The same with a change of the Deployment `web`, whose objects show the image, or what is given. */
function seenChanged(
  application: Application,
  image: string,
  resources: readonly ManagedResource[],
): DecisionInput {
  const input = seen(application, 100);
  const revision = application.sync.revisions[0] ?? '';
  const place = {
    type: 'container',
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'web',
    list: 'containers',
    container: 'web',
  } as const;
  const change = situation({ edits: [imageEdit(place, image)] }).expectation;
  return {
    ...input,
    settings: { ...input.settings, scope: 'changed' },
    expectation: change,
    evidence: {
      ...input.evidence,
      resources: { revision, reconciledAt: application.reconciledAt, takenAt: input.now, items: resources },
      uncached: { revision, items: resources },
    },
  };
}

function managedResources(name: string): readonly ManagedResource[] {
  return items(at(body(name), 'items')).map((item) => ({
    group: text(at(item, 'group')) ?? '',
    kind: text(at(item, 'kind')) ?? '',
    namespace: text(at(item, 'namespace')) ?? '',
    name: text(at(item, 'name')) ?? '',
    target: JSON.parse(text(at(item, 'targetState')) ?? 'null'),
    live: JSON.parse(text(at(item, 'liveState')) ?? 'null'),
  }));
}

const WAIT = (clause: string) => ({ type: 'wait', clause });
const FAILED = (reason: string) => ({ verdict: 'failed', reason });

describe.skipIf(!here)('recorded answers of a real Argo CD, a hundred seconds later', () => {
  test.each([
    ['app-healthy-synced', { verdict: 'live' }],
    ['app-notified-annotation', { verdict: 'live' }],
    ['app-progressing', WAIT('healthy')],
    ['app-suspended-paused', WAIT('healthy')],
    ['app-multisource-synced', WAIT('healthy')],
    ['app-selfhealed', WAIT('healthy')],
    ['app-healthy-synced-autosync', WAIT('healthy')],
    ['app-degraded', FAILED('degraded')],
    ['app-outofsync-missing', FAILED('needs-sync')],
    ['app-outofsync-drift', FAILED('needs-sync')],
    ['app-outofsync-prune-skipped', FAILED('needs-sync')],
    ['app-after-dryrun-sync', FAILED('needs-sync')],
    ['app-outofsync-window-deny', WAIT('synced')],
    ['app-sync-running-hook', WAIT('synced')],
    ['app-sync-running-retry-scheduled', WAIT('operation')],
    ['app-sync-running-blocked-by-window', WAIT('synced')],
    ['app-terminating-stuck-in-window', WAIT('synced')],
    ['app-sync-failed-hook', FAILED('operation-failed')],
    ['app-sync-failed-apply', FAILED('operation-failed')],
    ['app-sync-failed-unknown-kind', FAILED('operation-failed')],
    ['app-syncerror-autosync', FAILED('operation-failed')],
    ['app-sync-error-comparison', FAILED('comparison-error')],
    ['app-comparisonerror-missing-path', FAILED('comparison-error')],
    ['app-comparisonerror-missing-repo', { type: 'act', action: 'refresh', clause: 'fresh' }],
    ['app-comparisonerror-bad-manifest', FAILED('comparison-error')],
  ])('%s', (name, expected) => {
    expect(decide(seen(parseApplication(body(name)), 100))).toMatchObject(expected);
  });

  test('an application that was compared with its own spec passes clause 6', () => {
    for (const name of [
      'app-healthy-synced',
      'app-multisource-synced',
      'app-degraded',
      'app-sync-failed-hook',
    ]) {
      const input = seen(parseApplication(body(name)), 100);
      if ('unavailable' in input.observed) throw new Error('not observed');
      const { observed } = input;
      expect(spec.check({ ...input, observed, application: observed.application })).toBeUndefined();
    }
  });

  test("a live image that was patched behind Argo CD's back is drift, by the real managed-resources", () => {
    const application = parseApplication(body('app-outofsync-drift'));
    const resources = managedResources('managed-resources-drift');
    expect(decide(seenChanged(application, 'registry.example.com/web:1.1.0', resources))).toMatchObject({
      verdict: 'drifted',
      reason: 'live-drift',
      messages: [
        'Deployment apps/web container web runs registry.example.com/web:9.9.9, not registry.example.com/web:1.1.0',
      ],
    });
    expect(decide(seenChanged(application, 'registry.example.com/web:2.0.0', resources))).toMatchObject({
      verdict: 'not-effective',
    });
  });

  test('the images of the recorded dry run prove nothing', () => {
    const application = parseApplication(body('app-after-dryrun-sync'));
    const target = {
      spec: {
        template: { spec: { containers: [{ name: 'web', image: 'registry.example.com/web:1.0.0' }] } },
      },
    };
    const resources = [{ group: 'apps', kind: 'Deployment', namespace: 'wh', name: 'web', target }];
    expect(decide(seenChanged(application, 'registry.example.com/web:1.0.0', resources))).toMatchObject(
      WAIT('running'),
    );
  });

  test('the recorded lost refresh, which returned 200, is asked for again', () => {
    const lost = read('refresh-lost');
    const commit = text(at(lost, 'commitB')) ?? '';
    const pushed = Date.parse('2026-11-21T02:54:17Z');
    const application = parseApplication(at(lost, 'responses', 'second', 'body'));
    const now = pushed + 8000;
    const input = seen(application, 0, {
      expectation: { type: 'revision', revision: commit },
      baseline: { serverTime: pushed, localTime: pushed, unwell: [] },
      refreshedAt: pushed,
      now,
      observed: { application, takenAt: now },
    });
    expect(decide(input)).toMatchObject({ type: 'act', action: 'refresh', clause: 'fresh' });
  });
});
