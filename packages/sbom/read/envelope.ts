import { isRecord, type Json, type JsonRecord, list, text } from '../json.ts';
import { DocumentError } from './json-builder.ts';
import { type Place, under } from './place.ts';
import { SECTIONS } from './reader.ts';

/** What an SBOM may be wrapped in, by the name under which the next one lies. */
export const WRAPPERS: readonly string[] = ['dsseEnvelope', 'predicate', 'sbom', 'SPDX'];

/** A bundle holds an envelope, that a statement, that the SBOM; more is not an attestation of one. */
const MOST = 4;

/** The innermost document, and how it is reached. */
export interface Unwrapped {
  readonly document: JsonRecord;
  readonly place: Place | undefined;
  /** The names that lead to it; none of them leads into a text. */
  readonly path: readonly string[];
  /** Encoded inside of it is another document. */
  readonly inner?: { readonly bytes: Uint8Array; readonly place: Place };
  /** What the statement around it says that it is: `https://cyclonedx.org/bom`. */
  readonly attests?: string;
}

/**
 * Takes an SBOM out of what it is handed round in: a Sigstore bundle (`dsseEnvelope`), a DSSE envelope (`payload`, base64), an
 * in-toto statement (`predicate`), the answer of GitHub's dependency graph (`sbom`), BuildKit's (`SPDX`). No signature is checked here.
 */
export function unwrap(value: Json, start?: Place): Unwrapped {
  let document = value;
  let place = start;
  const path: string[] = [];
  let attests: string | undefined;
  for (let layers = 0; isRecord(document) && layers < MOST; layers += 1) {
    const inner = encoded(document, place);
    if (inner !== undefined) {
      if (isSbom(document)) throw severalDocuments();
      refuseBesides(document);
      return { document, place, path, inner };
    }
    attests = text(document.predicateType) ?? attests;
    const wrapper = isSbom(document)
      ? undefined
      : WRAPPERS.find((name) => isRecord((document as JsonRecord)[name]));
    if (wrapper === undefined) break;
    refuseBesides(document);
    document = document[wrapper];
    place = under(place, wrapper);
    path.push(wrapper);
  }
  if (!isRecord(document)) throw new DocumentError('the document is no object');
  return { document, place, path, ...(attests === undefined ? {} : { attests }) };
}

/** What is not in what is wrapped would not be read. */
function refuseBesides(document: JsonRecord): void {
  if (SECTIONS.some((section) => list(document[section]).length > 0)) throw severalDocuments();
}

export const severalDocuments = (): DocumentError => new DocumentError('it holds more than one document');

const isSbom = (document: JsonRecord): boolean =>
  ['bomFormat', 'spdxVersion', '@context'].some((name) => Object.hasOwn(document, name));

/** A payload in base64; or a predicate that is text, as cosign writes one that it could not read. */
function encoded(document: JsonRecord, up: Place | undefined): Unwrapped['inner'] {
  const payload = text(document.payload);
  if (payload !== undefined && Object.hasOwn(document, 'payloadType')) {
    const place = under(up, 'payload');
    // Node skips what is no base64; so what it takes for the whole must be as long as the whole.
    if (!/^[\w+/-]*={0,2}\s*$/.test(payload)) throw new DocumentError('its `payload` is no base64');
    return { bytes: Buffer.from(payload, 'base64'), place };
  }
  const predicate = text(document.predicate);
  return predicate === undefined
    ? undefined
    : { bytes: Buffer.from(predicate), place: under(up, 'predicate') };
}
