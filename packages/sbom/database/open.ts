import { grouped } from '@sluice/core/grouped';
import type { Scan, Source } from '../types.ts';
import { incomplete } from './errors.ts';
import { filesOf } from './files.ts';
import { LIMITS } from './limits.ts';
import { recordsOf } from './records.ts';
import { type Selected, selectFor } from './selection.ts';

/**
 * OSV records of a file (one record, a list of them, or one after another), of a zip, or of a folder of these. They are read
 * when packages are asked about, one at a time. Throws a SluiceError where there is nothing to read; the source throws one
 * for a broken record, and where no record tells of an ecosystem that a package is from.
 */
export async function openDatabase(path: string, limits = LIMITS): Promise<Source> {
  const files = await filesOf(path, limits.files);
  return async (packages) => {
    const selection = selectFor(packages, limits);
    for await (const record of recordsOf(files, limits)) selection.add(record);
    const selected = selection.result();
    if (selected.missing.length > 0) throw incomplete(path, selected.missing);
    return scanOf(selected);
  };
}

function scanOf({ matches, unmatched, unanswered, records, newest }: Selected): Scan {
  const day = dayOf(newest);
  return {
    matches,
    unmatched,
    unanswered,
    source: `OSV database${day === undefined ? '' : ` of ${day}`}, ${grouped(records)} ${records === 1 ? 'record' : 'records'}`,
    ...(day !== undefined && { day }),
    warnings: [],
  };
}

/** Go's own database has year 1 for what was never changed. */
const dayOf = (time: number): string | undefined =>
  time > 0 && time < 8.64e15 ? new Date(time).toISOString().slice(0, 10) : undefined;
