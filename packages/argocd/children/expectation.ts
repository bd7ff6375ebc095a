import type { Change, Edit } from '@sluice/gitops/change';
import type { Scalar } from '@sluice/gitops/scalar';
import type { Expectation } from '../decide/types.ts';
import type { Json } from '../json.ts';
import type { Generated, Want } from './types.ts';
import { describeAt } from './values.ts';

/** What must be live in a generated Application: each image in every container of its repository, and what else its spec must hold. */
export function expectationOf(change: Change, generated: Generated): Expectation {
  const edits = generated.wants.map((want) => ({ path: generated.by, edit: editOf(want) }));
  return { type: 'change', change, edits, generated };
}

/** Nothing tells which container the value of a spec is for: as of a values file, its repository does. */
function editOf({ at, was, to, image }: Want): Edit {
  const path = at === undefined ? 'spec' : describeAt(at);
  const values = { from: scalar(was), to: scalar(to) };
  return image === undefined
    ? { place: { type: 'value', document: 0, path }, ...values }
    : { place: { type: 'helm-value', path, holds: 'reference' }, ...values, image };
}

const scalar = (value: Json): Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : value === undefined || value === null
      ? null
      : JSON.stringify(value);
