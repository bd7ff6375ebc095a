import { at, type Json, text } from '../json.ts';
import type { Rating } from '../types.ts';

const VECTORS = ['CVSS_V2', 'CVSS_V3', 'CVSS_V4'] as const;

/** The scores of https://ossf.github.io/osv-schema/#severity-field; a type that has no vector (`Ubuntu`) gives a word. */
export function ratingsOf(severity: readonly Json[]): readonly Rating[] {
  return severity.flatMap((entry) => {
    const value = text(at(entry, 'score'));
    if (value === undefined) return [];
    const type = VECTORS.find((vector) => vector === at(entry, 'type')) ?? 'word';
    return [{ type, value }];
  });
}

/**
 * The words that databases have for it: GitHub's in `database_specific` of the record, others' in
 * `ecosystem_specific` or `database_specific` of a package.
 */
export function wordsOf(holder: Json): readonly Rating[] {
  return ['database_specific', 'ecosystem_specific'].flatMap((key) => {
    const value = text(at(holder, key, 'severity'));
    return value === undefined ? [] : [{ type: 'word', value } as const];
  });
}
