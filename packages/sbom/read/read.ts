// Not its promises: they take 2 ms of a start.
import { readFileSync, statSync } from 'node:fs';
import { SluiceError } from '@sluice/core/errors';
import { visible } from '@sluice/core/visible';
import type { Sbom } from '../types.ts';
import { readDocuments, startGathering } from './gather.ts';
import { DocumentError } from './json-builder.ts';
import { brokenError } from './problems.ts';
import { refuseRepeated } from './repeated.ts';
import { decode, fitsWhole, parseDocuments, WHOLE } from './whole.ts';

/**
 * Reads an SBOM: CycloneDX 1.2 to 1.7 or SPDX 2.2 to 3.0 in JSON, bare or in an attestation, of which no signature is checked.
 * @param path where it lies
 * @param name what people call it: as the input has it
 * @throws SluiceError `sbom-not-found`; `sbom-broken` with every problem and its place; `sbom-too-large`
 */
export async function readSbom(path: string, name = path): Promise<Sbom> {
  try {
    const bytes = await load(path, name);
    if (bytes !== undefined) {
      const documents = parseDocuments(decode(bytes));
      refuseRepeated(bytes);
      return readDocuments(documents, name);
    }
    // Few runs need it.
    const { streamFile } = await import('./stream.ts');
    return await streamFile(path, startGathering(name));
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw error.kind === 'too-large'
      ? tooLargeError(name, error)
      : brokenError(name, [error.message], 1, error);
  }
}

/** The bytes of a file that is read as a whole; undefined for one that is read piece by piece. */
async function load(path: string, name: string): Promise<Uint8Array | undefined> {
  try {
    const stats = statSync(path);
    // To open a pipe waits for who writes to it.
    if (!stats.isFile()) throw notFoundError(name, 'it is no file');
    if (stats.size > WHOLE) return undefined;
    const bytes = readFileSync(path);
    return fitsWhole(bytes) ? bytes : undefined;
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    throw notFoundError(
      name,
      error instanceof Error && 'code' in error ? String(error.code) : undefined,
      error,
    );
  }
}

const notFoundError = (name: string, why: string | undefined, cause?: unknown): SluiceError =>
  new SluiceError(
    'input',
    'sbom-not-found',
    `${visible(name)} cannot be read${why === undefined ? '' : ` (${why})`}.`,
    { hint: 'Check `sbom`, and that the step that writes it has run.', cause },
  );

const tooLargeError = (name: string, error: DocumentError): SluiceError =>
  new SluiceError('input', 'sbom-too-large', `${visible(name)} is too large to be read: ${error.message}.`, {
    hint: 'Write one SBOM for each part of it, and give them all.',
    cause: error,
  });
