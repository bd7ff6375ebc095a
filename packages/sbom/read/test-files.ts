import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from '@sluice/core/errors';
import type { Sbom } from '../types.ts';
import { readSbom } from './read.ts';

export const folder = mkdtempSync(join(tmpdir(), 'sluice-sbom-'));
// Several files of tests share this module in one process: what ends with the first of them is not theirs alone.
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

let count = 0;
export function fileOf(content: unknown): string {
  count += 1;
  const path = join(folder, `${count}.json`);
  writeFileSync(
    path,
    typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
  );
  return path;
}

export const read = (content: unknown): Promise<Sbom> => readSbom(fileOf(content), 'sbom.json');

/** The error that reading it ends with. */
export async function errorOf(content: unknown): Promise<SluiceError> {
  const error = await read(content).catch((thrown: unknown) => thrown);
  if (!(error instanceof SluiceError)) throw new Error(`no error of ours: ${String(error)}`);
  return error;
}

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
export const statement = (predicate: unknown, predicateType = 'https://cyclonedx.org/bom') => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'shop', digest: { sha256: '00' } }],
  predicateType,
  predicate,
});
export const envelope = (payload: unknown) => ({
  payload: base64(payload),
  payloadType: 'application/vnd.in-toto+json',
  signatures: [{ sig: 'MEUCIQ==' }],
});
export const bundle = (payload: unknown) => ({
  mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  verificationMaterial: { certificate: { rawBytes: 'MIIC' } },
  dsseEnvelope: envelope(payload),
});
