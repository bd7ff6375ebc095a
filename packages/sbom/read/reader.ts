import type { Json, JsonRecord } from '../json.ts';
import type { Sbom } from '../types.ts';
import type { Place } from './place.ts';

/** Reads one format, entry by entry, in whatever order its sections come. */
export interface Reader {
  /** An entry of one of its sections. */
  entry(section: string, value: Json, place: Place): void;
  /** The document itself, with or without its sections. Throws with all that is wrong in it. */
  finish(document: JsonRecord, place: Place | undefined): Sbom;
}

/** The lists of which there may be very many entries, by the formats that have them. */
export const CYCLONEDX_SECTIONS = ['components', 'dependencies'] as const;
export const SPDX2_SECTIONS = ['packages', 'relationships', 'documentDescribes'] as const;
export const SPDX3_SECTIONS = ['@graph'] as const;
export const SECTIONS: readonly string[] = [...CYCLONEDX_SECTIONS, ...SPDX2_SECTIONS, ...SPDX3_SECTIONS];
