import type { ImageFacts } from '@sluice/oci/client';
import { builtAt, sourceOf } from './build-facts.ts';

/** How one commit stands to another that may contain it. */
export type Standing = 'contained' | 'newer' | 'unrelated';

/** Asks how the commit `older` stands to `newer`, in the repository at an address; undefined where nobody can tell. */
export type CompareCommits = (source: string, older: string, newer: string) => Promise<Standing | undefined>;

/** Why the image that is wanted is older than the one in place; undefined where nothing says so. */
export async function olderBuild(
  found: ImageFacts,
  wanted: ImageFacts,
  compare: CompareCommits,
): Promise<string | undefined> {
  const [theirs, ours] = [sourceOf(found), sourceOf(wanted)];
  if (theirs.revision !== undefined && ours.revision !== undefined) {
    // Built again from the same commit: neither is older.
    if (theirs.revision === ours.revision) return undefined;
    const standing =
      ours.source !== undefined && ours.source === theirs.source
        ? await compare(ours.source, ours.revision, theirs.revision)
        : undefined;
    if (standing === 'newer') return undefined;
    if (standing === 'contained') {
      return `it was built from ${short(ours.revision)}, and what is in place from the later ${short(theirs.revision)}`;
    }
  }
  const [before, after] = [builtAt(wanted), builtAt(found)];
  if (before === undefined || after === undefined || before >= after) return undefined;
  return `it was built on ${time(before)}, and what is in place later, on ${time(after)}`;
}

const short = (revision: string) => revision.slice(0, 7);
const time = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
