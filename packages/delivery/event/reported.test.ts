import type { Change } from '@sluice/gitops/change';
import { describe, expect, it } from 'vitest';
import type { Report } from './report.ts';
import { isAbout, isNamed, reportedVerdict } from './reported.ts';

const ours = 'a'.repeat(40);
const older = 'b'.repeat(40);
const place = { type: 'helm-value', path: 'image.tag', holds: 'tag' } as const;
const change: Change = {
  ...{ schema: 'sluice.change.v1', repository: 'https://github.example/acme/gitops', branch: 'main' },
  ...{ commit: ours, base: older },
  files: [
    {
      path: 'apps/shop/production/values.yaml',
      edits: [{ place, from: '1', to: '2', image: 'registry.example/shop:2' }],
    },
  ],
};
const report: Report = {
  argocd: 'https://argocd.example',
  ...{ application: 'argocd/shop', repository: 'git@github.example:acme/gitops.git' },
  ...{
    path: 'apps/shop/production',
    revision: ours,
    syncedRevision: ours,
    sync: 'Synced',
    health: 'Healthy',
  },
  ...{
    healthSince: 100_000,
    phase: 'Succeeded',
    images: ['registry.example/shop:2', 'sidecar:7'],
    at: 110_000,
  },
};
const settings = { settleMs: 10_000, degradedGraceMs: 60_000, registryAliases: [] };
const judge = (more: Partial<Report> = {}, of: Change = change) =>
  reportedVerdict({ change: of, report: { ...report, ...more }, holds: (one) => one === ours, settings });

describe('what a notification proves', () => {
  it('is live where it states every clause', () => expect(judge()).toEqual({ type: 'live' }));

  it.each([
    ['contained', 'an older revision', { revision: older }],
    ['synced', 'OutOfSync', { sync: 'OutOfSync' }],
    ['operation', 'an operation that runs', { phase: 'Running' }],
    ['operation', 'no operation', { phase: undefined }],
    ['operation', 'an operation of an older revision', { syncedRevision: older }],
    ['operation', 'an operation of no revision', { syncedRevision: undefined }],
    ['healthy', 'Progressing', { health: 'Progressing' }],
    ['healthy', 'Healthy for less than settle', { healthSince: 100_001 }],
    ['healthy', 'Healthy since nobody knows when', { healthSince: undefined }],
    ['running', 'no image', { images: [] }],
    [
      'running',
      'the old image beside the new one',
      { images: ['registry.example/shop:2', 'registry.example/shop:1'] },
    ],
    ['running', 'the image of another registry', { images: ['shop:2'] }],
  ])('lacks %s where it tells of %s', (clause, _, more) =>
    expect(judge(more)).toEqual({ type: 'open', missing: [clause] }));

  it('lacks the effect of an edit that is of no image', () => {
    const edits = [{ place, from: 1, to: 2 }];
    const scaled = { ...change, files: [{ path: 'apps/shop/production/values.yaml', edits }] };
    expect(judge({}, scaled)).toEqual({ type: 'open', missing: ['running'] });
  });

  it('is a failure where the sync of the change failed, and not where that of an older revision did', () => {
    expect(judge({ phase: 'Failed' })).toMatchObject({ type: 'failed' });
    expect(judge({ phase: 'Error', syncedRevision: older })).toMatchObject({ type: 'open' });
  });

  it('is a failure where it is Degraded for longer than the grace, with the change running', () => {
    expect(judge({ health: 'Degraded', at: 160_000 })).toMatchObject({ type: 'failed' });
    expect(judge({ health: 'Degraded', at: 159_999 })).toMatchObject({ type: 'open' });
    expect(judge({ health: 'Degraded', at: 160_000, images: ['registry.example/shop:1'] }).type).toBe('open');
  });
});

describe('whom a notification is about', () => {
  it('is the application of the folder of the changed files', () =>
    expect(isAbout(report, change, [])).toBe(true));

  it.each([
    ['another environment of the repository', { path: 'apps/shop/staging' }],
    ['a folder whose name only begins the same', { path: 'apps/shop/prod' }],
    ['the whole repository', { path: '.' }],
    ['another repository', { repository: 'https://github.example/acme/other' }],
  ])('is not that of %s', (_, more) => expect(isAbout({ ...report, ...more }, change, [])).toBe(false));

  it('is the one that the workflow names, wherever it is rendered from', () => {
    const elsewhere = { ...report, path: 'overlays' };
    expect(isAbout(elsewhere, change, ['shop'])).toBe(true);
    expect(isAbout(elsewhere, change, ['argocd/shop'])).toBe(true);
    expect(isAbout(report, change, ['other/shop', 'hop'])).toBe(false);
  });

  it('is each that fits a pattern, as where Argo CD is asked', () => {
    for (const pattern of ['sh*', '*', 'argo*/shop', '*/s*p']) expect(isNamed(report, pattern)).toBe(true);
    for (const pattern of ['s*x', 'other-*/shop', 'argocd/*s']) expect(isNamed(report, pattern)).toBe(false);
    expect(isAbout({ ...report, path: 'overlays' }, change, ['sh*'])).toBe(true);
  });
});
