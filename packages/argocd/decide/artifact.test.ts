import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import {
  IMAGE,
  imageEdit,
  managed,
  OLD_IMAGE,
  OURS,
  operated,
  type Situation,
  seconds,
  situation,
} from './testing.ts';
import type { ContentEvidence, Expectation } from './types.ts';

const DIGEST = `sha256:${'d'.repeat(64)}`;
const source = { repoURL: 'oci://registry.example/acme/payments', path: '.', targetRevision: 'production' };
const chart = { repoURL: 'https://charts.example', chart: 'payments', targetRevision: '1.x' };

/** An application that is rendered from an artifact, Synced and Healthy at this revision. */
function decided(of: object, revision: string, state: ContentEvidence['state'], more: Situation = {}) {
  const found: ContentEvidence = state === 'overwritten' ? { state, by: [] } : { state };
  return decide(
    situation({
      ...more,
      content: { [revision]: found },
      shown: {
        ...{ revision, spec: { source: of }, operationState: operated({ revision }) },
        status: {
          sync: {
            ...{ status: 'Synced', revision },
            comparedTo: {
              source: of,
              destination: { server: 'https://kubernetes.default.svc', namespace: 'payments' },
            },
          },
        },
        ...more.shown,
      },
    }),
  );
}

const expected = (revision: string): Expectation => ({ type: 'revision', revision });

describe('a source that is no Git repository', () => {
  test.each([
    ['an artifact at its digest', source, DIGEST],
    ['a chart at its version', chart, '1.4.2'],
  ])('%s is live, and what was not read is said', (_, of, revision) => {
    expect(decided(of, revision, 'contained', { expectation: expected(revision) })).toMatchObject({
      verdict: 'live',
      messages: [expect.stringContaining('was not read: its revision is the proof')],
    });
  });

  test('a version of Git is a name, which says nothing of what was compared', () => {
    const git = { repoURL: 'https://git.example/gitops', path: 'a', targetRevision: '1.4.2' };
    expect(decided(git, '1.4.2', 'contained', { expectation: expected(OURS) })).toMatchObject({
      ...{ type: 'wait', clause: 'contained', unavailable: true },
    });
  });

  test('another digest may still become ours', () => {
    expect(
      decided(source, DIGEST, 'behind', { expectation: expected(`sha256:${'e'.repeat(64)}`) }),
    ).toMatchObject({
      ...{ type: 'act', action: 'refresh' },
    });
  });

  test('a change of an image is proven by what is rendered and runs', () => {
    expect(decided(source, DIGEST, 'unreadable')).toMatchObject({
      verdict: 'live',
      sentence: `payments runs the change: its images are rendered from ${DIGEST}, and the cluster shows it.`,
      messages: [expect.stringContaining('the objects that are rendered from it')],
      proof: [{ seen: 'live-state' }],
    });
  });

  test('what does not render to it may be from before it: it is waited for, not judged', () => {
    const resources = [managed(OLD_IMAGE, OLD_IMAGE)];
    const look = { resources, refreshedAt: seconds(45) };
    expect(decided(source, DIGEST, 'unreadable', look)).toMatchObject({
      ...{ type: 'act', action: 'refresh', clause: 'effective' },
    });
    expect(decided(source, DIGEST, 'unreadable', { resources, refreshedAt: seconds(55) })).toMatchObject({
      ...{ type: 'wait', clause: 'effective', why: expect.stringContaining('does not render to the change') },
    });
  });

  const value = { place: { type: 'value', document: 0, path: 'replicas' }, from: 1, to: 2 } as const;
  const there = { ...imageEdit(), from: IMAGE };
  test.each([
    ['a value of no image', [value], 'the change is of no image'],
    ['a value beside an image that changes', [imageEdit(), value], 'not all of the change is of images'],
    ['a value beside an image that was there', [there, value], 'not all of the change is of images'],
    ['an image that was there', [there], 'its images were there before it'],
  ])('%s cannot be seen in it: unknown', (_, edits, why) => {
    expect(decided(source, DIGEST, 'unreadable', { edits })).toMatchObject({
      ...{ verdict: 'unknown', reason: 'nothing-to-verify', missing: ['effective'] },
      sentence: `The content of oci://registry.example/acme/payments cannot be read, and ${why}: nothing shows whether it is in there.`,
    });
  });

  test('an image that changes shows the artifact, also of one that was there', () => {
    const tagged = imageEdit({ type: 'kustomize-image', name: 'registry.example/api', field: 'newTag' });
    expect(decided(source, DIGEST, 'unreadable', { edits: [there, tagged] })).toMatchObject({
      verdict: 'live',
    });
  });
});
