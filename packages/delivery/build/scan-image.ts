import { lstat, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '@sluice/core/errors';
import type { LocalImage } from './builders/types.ts';
import type { Gate } from './gate.ts';
import { readSaved } from './image/layout.ts';
import { makeSbom, saveImage } from './make-sbom.ts';
import type { SbomStage, ScanStage } from './stages.ts';

export interface ScannedImage {
  readonly sbom?: SbomStage;
  readonly scan: ScanStage;
  /** The digest of the image's configuration. */
  readonly config?: string;
}

/** The SBOM of an image, and what sbom-scan says of it. An error of these is what it says, and no error of the run: the rest was seen. */
export async function scanImage(
  { inputs, world, builder, ports, platform }: Gate,
  image: LocalImage,
): Promise<ScannedImage> {
  const file = inputs['sbom-file'] ?? 'build-gate.cdx.json';
  const putBack = inputs['dry-run'] ? await keep(join(ports.root, file)) : undefined;
  let known: { sbom?: SbomStage; config?: string } = {};
  try {
    const layout = join(ports.folder, 'layout');
    await saveImage(builder, image, layout);
    const saved = await readSaved(layout, platform);
    known = { config: saved.config };
    const sbom = await makeSbom(saved, layout, nameOf(inputs, world), file, ports);
    known = { ...known, sbom };
    world.log.info(`${sbom.file}: ${sbom.source}`);
    const { runSbomScan } = await import('@sluice/sbom/run');
    const outcome = await runSbomScan({ ...inputs, sbom: [file] }, world);
    return { ...known, scan: { type: 'scanned', outcome } };
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code === 'cancelled') throw error;
    return { ...known, scan: { type: 'failed', message: error.message, hint: error.hint ?? '' } };
  } finally {
    await putBack?.();
  }
}

/** What the scan calls the image: as it is given or pushed, else as its repository. */
const nameOf = (inputs: Gate['inputs'], { context }: Gate['world']): string =>
  inputs.image?.name ?? inputs['push-to'] ?? (context.repository || 'image');

/** Gives back what makes a file again what it is now. What is no file, a link as well, is not written to, and so is left. */
async function keep(path: string): Promise<() => Promise<void>> {
  const isFile = async () => (await lstat(path).catch(() => undefined))?.isFile() === true;
  const content = (await isFile()) ? await readFile(path) : undefined;
  return async () => {
    if (content !== undefined) await writeFile(path, content);
    else if (await isFile()) await rm(path);
  };
}
