import { isDeepStrictEqual } from 'node:util';
import { formatPath, type Step } from '@sluice/gitops/path';
import { type ImageReference, readReference } from '@sluice/gitops/reference';
import type { Step as FieldStep } from '../evidence/fields.ts';
import { at, type Json, text } from '../json.ts';
import type { ValueAt } from '../value-at.ts';
import { valueAt } from '../value-at.ts';
import type { Want } from './types.ts';

/** A path of a rendered difference, in the grammar of places. */
export function pathOf(steps: readonly FieldStep[]): string {
  const path: Step[] = [];
  for (const step of steps) {
    const last = path.at(-1);
    if (typeof step === 'string' || last === undefined || last.select !== undefined) {
      path.push({ key: typeof step === 'object' ? step.name : String(step) });
    } else {
      const select = typeof step === 'number' ? { index: step } : { field: 'name', text: step.name };
      path.splice(-1, 1, { ...last, select });
    }
  }
  return formatPath(path);
}

/** Whether the spec of an Application holds what is wanted of it. */
export function holdsWant(spec: Json, want: Want): boolean {
  if (want.at === undefined)
    return want.image === undefined || namesVersion(JSON.stringify(spec) ?? '', want.image);
  const found = valueAt({ spec }, want.at);
  if (want.like !== undefined) return found !== undefined && new RegExp(want.like).test(String(found));
  return sameValue(found, want.to);
}

/** A field that is left out is an empty one; a number in a template becomes a text. */
export function sameValue(found: Json, wanted: Json): boolean {
  if (typeof wanted === 'object' && wanted !== null) return isDeepStrictEqual(found, wanted);
  return typeof found !== 'object' && String(found ?? '') === String(wanted ?? '');
}

/** Whether a text has the tag or the digest of an image as a whole word. */
export function namesVersion(content: string, image: string): boolean {
  const { tag, digest }: Partial<ImageReference> = readReference(image) ?? {};
  return [digest ?? tag].some(
    (word) => word !== undefined && new RegExp(`(?<![\\w.-])${RegExp.escape(word)}(?![\\w.-])`).test(content),
  );
}

/** `spec.source.targetRevision`, as a person reads it. */
export const describeAt = ({ path, within }: ValueAt): string =>
  within === undefined ? path : `${path} ${within}`;

export const shortValue = (value: Json): string => {
  const said = value === undefined ? 'not set' : typeof value === 'string' ? value : JSON.stringify(value);
  return (said ?? '').length > 80 ? `${(said ?? '').slice(0, 80)}…` : (said ?? '');
};

export const nameOf = (object: Json): string => text(at(object, 'metadata', 'name')) ?? '';
