import { SluiceError } from '@sluice/core/errors';
import { visible } from '@sluice/core/visible';
import '../reasons.ts';
import { isRecord, type Json, type JsonRecord, kindOf } from '../json.ts';
import { type Place, placeText } from './place.ts';

/** As many problems are listed as a person mends before trying again; the rest is counted. */
const LISTED = 20;

/** What is wrong with one document, gathered so that all of it is said at once. */
export interface Problems {
  add(place: Place, what: string): void;
  /** Throws where there is any. */
  settle(): void;
}

export function brokenError(
  file: string,
  problems: readonly string[],
  count = problems.length,
  cause?: unknown,
): SluiceError {
  const more = count > problems.length ? [`and ${count - problems.length} more`] : [];
  return new SluiceError(
    'input',
    'sbom-broken',
    `${visible(file)} is no SBOM that can be read: ${[...problems, ...more].join('; ')}.`,
    {
      hint: 'Write it anew, as CycloneDX 1.2 to 1.7 or SPDX 2.2 to 3.0 in JSON; or report the problem to the tool that wrote it.',
      problems: [...problems],
      cause,
    },
  );
}

export function gatherProblems(file: string): Problems {
  const listed: string[] = [];
  let count = 0;
  return {
    add(place, what) {
      count += 1;
      if (listed.length < LISTED) listed.push(`${placeText(place)} ${what}`);
    },
    settle() {
      if (count > 0) throw brokenError(file, listed, count);
    },
  };
}

/** A text that need not be there. `null` is read as none: some writers put it where there is no value. */
export function optionalText(value: Json, place: Place, problems: Problems): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value === '' ? undefined : value;
  problems.add(place, `is ${kindOf(value)}, not a text`);
  return undefined;
}

/** A text that has to be there; undefined where it is not, which is a problem then. An empty one is there. */
export function requiredText(value: Json, place: Place, problems: Problems): string | undefined {
  if (typeof value === 'string') return value;
  problems.add(place, value === undefined ? 'is missing' : `is ${kindOf(value)}, not a text`);
  return undefined;
}

/** The entries of a list that need not be there. */
export function optionalList(value: Json, place: Place, problems: Problems): readonly Json[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  problems.add(place, `is ${kindOf(value)}, not a list`);
  return [];
}

/** An object that has to be one. */
export function requiredRecord(value: Json, place: Place, problems: Problems): JsonRecord | undefined {
  if (isRecord(value)) return value;
  problems.add(place, `is ${kindOf(value)}, not an object`);
  return undefined;
}
