import { describe, expect, it } from 'vitest';
import { parseReport, readReport } from './report.ts';

const sha = 'a'.repeat(40);
const told = {
  argocd: 'https://argocd.example',
  ...{ schema: 'sluice.notification.v1', application: 'shop', namespace: 'argocd', path: 'apps/shop' },
  ...{ repository: 'https://github.example/acme/gitops.git', revision: sha, syncedRevision: sha },
  ...{ sync: 'Synced', health: 'Healthy', healthSince: '2026-01-01T00:00:00Z', phase: 'Succeeded' },
  ...{ images: ['registry.example/shop:2@sha256:ab'], at: '2026-01-01T00:00:20Z' },
};

describe('a report', () => {
  it('is read from a text', () =>
    expect(parseReport(JSON.stringify(told))).toMatchObject({ application: 'argocd/shop', revision: sha }));

  it.each([
    ['of another schema', { schema: 'sluice.change.v1' }],
    ['with Markdown for a name', { application: '**shop**' }],
    ['with a branch for a revision', { revision: 'main' }],
    ['with a sentence for a health', { health: 'Healthy\n::error::x' }],
    ['with a command for an image', { images: ['a:1\n::set-output name=x::y'] }],
    ['with more images than an application has', { images: Array(1001).fill('a:1') }],
    ['of no time', { at: 'now' }],
    ['without an application', { application: undefined }],
    ['of no Argo CD', { argocd: undefined }],
    ['of an Argo CD without a URL', { argocd: '' }],
    ['of an Argo CD with Markdown', { argocd: 'https://a.example/[x](y)' }],
    ['with a number for a repository', { repository: 7 }],
  ])('%s is none', (_, more) => expect(readReport({ ...told, ...more })).toBeUndefined());

  it.each([
    ['', 'nothing'],
    ['{', 'no JSON'],
    ['null', 'null'],
    ['[]', 'a list'],
    [`"${'x'.repeat(70_000)}"`, 'more than GitHub takes'],
    ['{"__proto__": {"schema": "sluice.notification.v1"}}', 'a prototype'],
  ])('is none in %# (%s)', (content) => expect(parseReport(content)).toBeUndefined());

  it('says nothing of what it leaves out', () => {
    const { healthSince, phase, syncedRevision, images, ...little } = told;
    expect(readReport(little)).toMatchObject({ healthSince: undefined, phase: undefined, images: [] });
    expect([healthSince, phase, syncedRevision, images]).toHaveLength(4);
  });
});
