import { expect, test } from 'vitest';
import type { Edit } from '../change.ts';
import { planDigest } from './plan.ts';

const edit: Edit = { place: { type: 'helm-value', path: 'image.tag', holds: 'tag' }, from: '1', to: '2' };
const plan = {
  repository: 'https://github.com/acme/gitops',
  branch: 'main',
  files: [
    { path: 'a.yaml', edits: [edit] },
    { path: 'b.yaml', edits: [{ ...edit, to: '3' }] },
  ],
};

test('the digest is the same whatever the order of files and keys, and on whichever commit', () => {
  const place = { holds: 'tag', path: 'image.tag', type: 'helm-value' } as const;
  const other = {
    ...plan,
    commit: 'x',
    files: plan.files
      .toReversed()
      .map((file) => ({ ...file, edits: file.edits.map((one) => ({ ...one, place })) })),
  };
  expect(planDigest(plan)).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(planDigest(other)).toBe(planDigest(plan));
});

test.each([
  ['another repository', { ...plan, repository: 'https://github.com/acme/other' }],
  ['another branch', { ...plan, branch: 'production' }],
  ['one file less', { ...plan, files: plan.files.slice(1) }],
  [
    'another value to write',
    { ...plan, files: [{ path: 'a.yaml', edits: [{ ...edit, to: 2 }] }, ...plan.files.slice(1)] },
  ],
  [
    'another value found',
    { ...plan, files: [{ path: 'a.yaml', edits: [{ ...edit, from: '0' }] }, ...plan.files.slice(1)] },
  ],
])('the digest tells %s', (_, other) => {
  expect(planDigest(other)).not.toBe(planDigest(plan));
});
