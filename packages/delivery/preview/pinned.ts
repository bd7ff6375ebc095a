import type { World } from '@sluice/core/run';
import { openRegistry } from '@sluice/gitops/images/registry';
import { canonicalRepository, formatReference } from '@sluice/gitops/reference';
import type { PreviewInputs } from './inputs.ts';

type Given = Pick<PreviewInputs, 'image' | 'resolve-digests' | 'registry-credentials' | 'default-registry'>;

/**
 * The inputs with a digest beside the tag of the image, where `resolve-digests` wants that: so a template gets the same text for the same
 * image, whether a build has just pushed it or a label came later. Throws a SluiceError where the registry does not tell.
 */
export async function pinned<I extends Given>(inputs: I, world: World): Promise<I> {
  const { image } = inputs;
  if (!inputs['resolve-digests'] || image?.tag === undefined || image.digest !== undefined) return inputs;
  const registry = await openRegistry(inputs, world);
  const repository = canonicalRepository(image, inputs['default-registry']);
  const digest = await registry.digest({ repository, reference: image.tag });
  world.log.info(`${formatReference(image)} has the digest ${digest}`);
  return { ...inputs, image: { ...image, digest } };
}
