import { readFile } from 'node:fs/promises';
import { SluiceError } from '@sluice/core/errors';
import { visible } from '@sluice/core/visible';
import type { Json } from '../json.ts';
import type { Sbom } from '../types.ts';
import { readDocument } from './document.ts';
import { brokenError } from './problems.ts';

/**
 * Reads an SBOM.
 * @param path where it lies
 * @param name what people call it: as the input has it
 * @throws SluiceError `sbom-not-found`, or `sbom-broken` with every problem and its place
 */
export async function readSbom(path: string, name = path): Promise<Sbom> {
  return readDocument(parse(await load(path, name), name), name);
}

async function load(path: string, name: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new SluiceError('input', 'sbom-not-found', `${visible(name)} cannot be read${why}.`, {
      hint: 'Check `sbom`, and that the step that writes it has run.',
      cause: error,
    });
  }
}

function parse(text: string, name: string): Json {
  try {
    return JSON.parse(text.startsWith('\u{feff}') ? text.slice(1) : text);
  } catch (error) {
    throw brokenError(name, [`it is no JSON`], 1, error);
  }
}
