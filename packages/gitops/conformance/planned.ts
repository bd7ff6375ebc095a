import { isDeepStrictEqual } from 'node:util';
import { parseAssignment, parseImageEntry } from '../entries.ts';
import type { PlanRequest } from '../find/edit-plan.ts';
import { planEdits } from '../find/plan-edits.ts';
import { canonicalReference, parseReference } from '../reference.ts';
import { type Case, compare, list, type Runner, record, text } from './cases.ts';

/** The registry of references in the file that name none. Where the wanted images have the same one, it may as well be Docker Hub. */
export function registryOf(one: Case): string {
  const { defaultRegistry, imagesDefaultRegistry } = record(one.options);
  return defaultRegistry === imagesDefaultRegistry ? 'docker.io' : text(defaultRegistry) || 'docker.io';
}

/** Plans a case's one file. */
export function plan(
  path: string,
  one: Case,
  request: Omit<PlanRequest, 'files'>,
): { after: string; failed: string[]; updated: string[] } {
  const before = text(one.input);
  const planned = planEdits({
    files: new Map([[path, before]]),
    allowDowngrade: true,
    defaultRegistry: registryOf(one),
    ...request,
  });
  return {
    after: planned.files[0]?.after ?? before,
    failed: [...planned.problems, ...planned.missing].map(({ message }) => message),
    updated: planned.images
      .filter(({ status }) => status === 'updated')
      .map(({ image }) => parseImageEntry(image).image),
  };
}

/** A case with `images` for one file: its text counts, and where the case tells them the images that were updated. */
export function images(path: string, extra: (one: Case) => Omit<PlanRequest, 'files'> = () => ({})): Runner {
  return (one) => {
    const entries = list(one.images).map((image) => parseImageEntry(text(image)));
    const { after, failed, updated } = plan(path, one, { entries, ...extra(one) });
    const expected = list(one.expectedUpdated).map((image) =>
      canonicalReference(parseReference(text(image)), registryOf(one)),
    );
    if (one.expectedUpdated !== undefined && !isDeepStrictEqual(updated.toSorted(), expected.toSorted()))
      return `updated ${updated.join(', ')}; ${failed.join('; ')}`;
    return compare(one, after, failed);
  };
}

/** Values at the paths of other tools: every step but a `\.` ends at a dot. */
export function assignments(path: string, updates: readonly (readonly [string, unknown])[]): Runner {
  return (one) => {
    try {
      const lines = updates.map(([key, value]) =>
        parseAssignment(
          `${path} ${key}${typeof value === 'string' ? `=${value}` : `:=${JSON.stringify(value)}`}`,
        ),
      );
      const { after, failed } = plan(path, one, { assignments: lines, named: new Set([path]) });
      return compare(one, after, failed);
    } catch (error) {
      return compare(one, text(one.input), [String(error)]);
    }
  };
}
