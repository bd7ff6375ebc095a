import { visible } from '@sluice/core/visible';
import { at, isRecord, type Json, type JsonRecord, list } from '../json.ts';
import type { Sbom } from '../types.ts';
import { cycloneDxReader } from './cyclonedx.ts';
import { severalDocuments, type Unwrapped, unwrap } from './envelope.ts';
import { DocumentError } from './json-builder.ts';
import { type Place, under } from './place.ts';
import { CYCLONEDX_SECTIONS, type Reader, SECTIONS, SPDX2_SECTIONS } from './reader.ts';
import { refuseRepeated } from './repeated.ts';
import { spdx2Reader } from './spdx2.ts';
import { isSpdx3, spdx3Reader } from './spdx3.ts';
import { decode, fitsWhole } from './whole.ts';

/** Takes the entries of a document as they come, before its format may be known, and then the rest of it. */
export interface Gatherer {
  entry(path: readonly string[], value: Json, index: number): void;
  finish(rest: Json): Sbom;
}

type Format = 'cyclonedx' | 'spdx2' | 'spdx3';

/** The sections of each format have other names, so each entry goes to the one reader that knows it. */
export function startGathering(file: string, start?: Place): Gatherer {
  const readers: Record<Format, Reader> = {
    cyclonedx: cycloneDxReader(file),
    spdx2: spdx2Reader(file),
    spdx3: spdx3Reader(file),
  };
  let wrapped: string | undefined;
  return {
    entry(path, value, index) {
      const section = path.at(-1) ?? '';
      const around = path.slice(0, -1);
      wrapped ??= around.join('.');
      if (wrapped !== around.join('.')) throw severalDocuments();
      let place = start;
      for (const name of path) place = under(place, name);
      readers[formatOf(section)].entry(section, value, under(place, index));
    },
    finish(rest) {
      const { document, place, path, inner, attests } = unwrap(rest, start);
      if (wrapped !== undefined && (inner !== undefined || wrapped !== path.join('.'))) {
        throw severalDocuments();
      }
      if (inner !== undefined) return readInner(inner.bytes, file, inner.place);
      return readers[formatOfDocument(document, attests)].finish(document, place);
    },
  };
}

const formatOf = (section: string): Format =>
  includes(CYCLONEDX_SECTIONS, section) ? 'cyclonedx' : includes(SPDX2_SECTIONS, section) ? 'spdx2' : 'spdx3';

const includes = (names: readonly string[], name: string): boolean => names.includes(name);

function formatOfDocument(document: JsonRecord, attests: string | undefined): Format {
  if (document.bomFormat === 'CycloneDX') return 'cyclonedx';
  if (Object.hasOwn(document, 'spdxVersion')) return 'spdx2';
  if (isSpdx3(document)) return 'spdx3';
  const found = attests === undefined ? '' : `, but attests ${visible(attests.slice(0, 200))}`;
  throw new DocumentError(`it is neither CycloneDX nor SPDX${found}`, 'other');
}

/**
 * Reads what a file holds: one document, or several of which one is an SBOM, as `gh attestation download` and `cosign download attestation`
 * write one in a line, and as GitHub's API lists `attestations`.
 */
export function readDocuments(documents: readonly Json[], file: string): Sbom {
  const [only, ...others] = documents.flatMap(listed);
  if (others.length === 0) return readValue(only, file);
  const sboms = [only, ...others].flatMap((document) => {
    try {
      return readValue(document, file);
    } catch (error) {
      if (error instanceof DocumentError && error.kind === 'other') return [];
      throw error;
    }
  });
  const [sbom, ...more] = sboms;
  if (sbom === undefined)
    throw new DocumentError(`none of its ${others.length + 1} documents is an SBOM`, 'other');
  if (more.length > 0)
    throw new DocumentError(`it holds ${sboms.length} SBOMs, where each has to be in a file of its own`);
  return sbom;
}

const listed = (document: Json): readonly Json[] =>
  isRecord(document) && Array.isArray(document.attestations)
    ? document.attestations.map((attestation) => at(attestation, 'bundle'))
    : [document];

/** Reads a document that was parsed as a whole. */
function readValue(value: Json, file: string, start?: Place): Sbom {
  const gatherer = startGathering(file, start);
  const { document, path, inner }: Unwrapped = unwrap(value, start);
  if (inner === undefined) {
    for (const section of SECTIONS) {
      for (const [index, entry] of list(document[section]).entries())
        gatherer.entry([...path, section], entry, index);
    }
  }
  return gatherer.finish(value);
}

/** Reads a document that lies inside of another. */
function readInner(bytes: Uint8Array, file: string, place: Place): Sbom {
  if (!fitsWhole(bytes)) throw new DocumentError('what is wrapped in it holds too much', 'too-large');
  let value: Json;
  try {
    value = JSON.parse(decode(bytes));
  } catch (error) {
    throw new DocumentError('what is wrapped in it is no JSON', 'broken', { cause: error });
  }
  refuseRepeated(bytes);
  return readValue(value, file, place);
}
