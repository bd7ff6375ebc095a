import { createHash } from 'node:crypto';
import type { Change, ChangedFile, Edit } from '../change.ts';

/**
 * `sha256:…` over what a deployment would change: repository, branch, and for each file its edits. Not over the commit that it
 * is planned on, so that an unrelated commit leaves the plan as it was approved. Order of files and keys does not count.
 */
export function planDigest(plan: Pick<Change, 'repository' | 'branch' | 'files'>): string {
  const files = plan.files
    .map(({ path, edits }: ChangedFile) => ({ path, edits: edits.map(editKey).toSorted() }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const text = JSON.stringify({ repository: plan.repository, branch: plan.branch, files });
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function editKey({ place, from, to }: Edit): string {
  const sorted = Object.fromEntries(Object.entries(place).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify([sorted, from, to]);
}
