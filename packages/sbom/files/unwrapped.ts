import { at, isRecord, type JsonRecord, text } from '../json.ts';
import { type Notes, readJson } from './parsed.ts';

/**
 * What an attestation is about: the predicate of an in-toto statement, which may be in a DSSE envelope, which may be in a Sigstore
 * bundle. No signature is checked: who gives the file as input answers for it. Undefined, and a problem, where what is inside is
 * broken; a document that is not wrapped is itself.
 */
export function unwrapped(document: JsonRecord, notes: Notes): JsonRecord | undefined {
  const inBundle = at(document, 'dsseEnvelope');
  const envelope = isRecord(inBundle) ? inBundle : document;
  const payload = text(envelope.payload);
  if (payload === undefined || text(envelope.payloadType) === undefined) return predicateOf(document, notes);
  const statement = readJson(Buffer.from(payload, 'base64').toString('utf8'), notes);
  return statement && predicateOf(statement, notes);
}

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
function predicateOf(document: JsonRecord, notes: Notes): JsonRecord | undefined {
  if (text(document.predicateType) === undefined) return document;
  const { predicate } = document;
  if (isRecord(predicate)) return predicate;
  notes.add('`predicate` is missing, or not an object');
  return undefined;
}
