import { SluiceError } from '@sluice/core/errors';
import { isDigest } from '@sluice/oci/manifest';
import type { LocalImage } from './builders/types.ts';
import type { Gate } from './gate.ts';
import { remoteOf } from './push.ts';
import type { BuildStage } from './stages.ts';
import { lastWords } from './words-of-log.ts';

interface Given {
  readonly image: LocalImage;
  readonly stage: BuildStage;
}

/**
 * The image that is given: what the builder's own storage has under that name, as an earlier step may have put it there; else what the
 * registry has under it now, pulled by its digest, so that a tag that moves meanwhile changes nothing.
 */
export async function givenImage({ inputs, world, builder }: Gate): Promise<Given> {
  const given = inputs.image;
  if (given === undefined) throw new SluiceError('internal', 'internal-error', 'No image is given.');
  const { name, repository, reference } = given;
  if (await builder.holds(name)) {
    const digest = isDigest(reference) ? reference : '';
    const image = digest === '' ? name : `${repository}@${digest}`;
    return { image: { name, isList: false }, stage: { type: 'given', image, isPulled: false, digest } };
  }
  const { openRegistry } = await import('@sluice/gitops/images/registry');
  const client = await openRegistry(inputs, world);
  const digest = await client.digest({ repository, reference });
  const remote = remoteOf(repository, digest);
  const ended = await builder.pull(remote);
  if (ended.code !== 0)
    throw new SluiceError(
      'platform',
      'image-not-there',
      `${builder.name} could not pull ${name}: ${lastWords(ended)}.`,
      {
        hint: 'Check the name of the image, and log the builder in to its registry by a step before.',
      },
    );
  return {
    image: { name: remote.reference, isList: false },
    stage: { type: 'given', image: remote.reference, isPulled: true, digest },
  };
}
