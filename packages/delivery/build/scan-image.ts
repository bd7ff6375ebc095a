import { rm } from 'node:fs/promises';
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
  let known: { sbom?: SbomStage; config?: string } = {};
  try {
    const layout = join(ports.folder, 'layout');
    await saveImage(builder, image, layout);
    const saved = await readSaved(layout, platform);
    known = { config: saved.config };
    const sbom = await makeSbom(saved, layout, inputs.image?.name ?? 'image', file, ports);
    known = { ...known, sbom };
    world.log.info(`${sbom.file}: ${sbom.source}`);
    const { runSbomScan } = await import('@sluice/sbom/run');
    const outcome = await runSbomScan({ ...inputs, sbom: [file] }, world);
    return { ...known, scan: { type: 'scanned', outcome } };
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code === 'cancelled') throw error;
    return { ...known, scan: { type: 'failed', message: error.message, hint: error.hint ?? '' } };
  } finally {
    if (inputs['dry-run']) await rm(join(ports.root, file), { force: true });
  }
}
