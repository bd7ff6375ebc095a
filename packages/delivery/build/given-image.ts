import { SluiceError } from '@sluice/core/errors';
import { isDigest } from '@sluice/oci/manifest';
import type { LocalImage } from './builders/types.ts';
import type { Gate } from './gate.ts';
import type { GivenImage } from './inputs.ts';
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
export async function givenImage(gate: Gate): Promise<Given> {
  const { inputs, builder } = gate;
  const given = inputs.image;
  if (given === undefined) throw new SluiceError('internal', 'internal-error', 'No image is given.');
  const id = await builder.idOf(given.name);
  return id === undefined ? pulled(gate, given) : held(gate, given, id);
}

/**
 * A runner that is kept may have an old image under a tag that was pushed again since: it is tried only where the registry has no other, or
 * was not to be asked, which is said.
 */
async function held(gate: Gate, given: GivenImage, id: string): Promise<Given> {
  const { name, repository, reference } = given;
  const image: LocalImage = { name, isList: false };
  const stage = { type: 'given', image: name, isPulled: false, digest: '' } as const;
  if (isDigest(reference))
    return { image, stage: { ...stage, image: `${repository}@${reference}`, digest: reference } };
  if (!given.hasRegistry) return { image, stage: { ...stage, uncompared: 'its name has no registry' } };
  const there = await inRegistry(gate, given).catch((error: unknown) => {
    if (!(error instanceof SluiceError) || error.code === 'cancelled') throw error;
    return error.message.replace(/\.$/, '');
  });
  if (typeof there === 'string') return { image, stage: { ...stage, uncompared: there } };
  if (!there.ids.includes(id))
    throw new SluiceError(
      'platform',
      'image-differs',
      `The copy of ${name} in the storage of ${gate.builder.name} is not what its registry has under that tag (${there.digest}).`,
      {
        hint: 'Give the image by its digest; or, where the copy is the one to try, under a name that no registry has, as `localhost/shop:pr`.',
      },
    );
  return {
    image,
    stage: { ...stage, image: `${repository}@${there.digest}`, digest: there.digest },
  };
}

/** What a registry has under a name, and all ids that builders keep that under: of its configurations, or of itself. */
async function inRegistry({ inputs, world }: Gate, { repository, reference }: GivenImage) {
  const { openRegistry } = await import('@sluice/gitops/images/registry');
  const client = await openRegistry(inputs, world, { tries: 1 });
  const digest = await client.digest({ repository, reference });
  return { digest, ids: [digest, ...(await client.configs({ repository, reference: digest }))] };
}

async function pulled({ inputs, world, builder }: Gate, given: GivenImage): Promise<Given> {
  const { name, repository, reference } = given;
  const { openRegistry } = await import('@sluice/gitops/images/registry');
  const client = await openRegistry(inputs, world);
  const digest = await client.digest({ repository, reference });
  const remote = remoteOf(repository, digest);
  const stage = { type: 'given', image: remote.reference, digest } as const;
  const image: LocalImage = { name: remote.reference, isList: false };
  // Under another tag, perhaps: it is nothing that this run has to remove.
  if ((await builder.idOf(remote.reference)) !== undefined)
    return { image, stage: { ...stage, isPulled: false } };
  const ended = await builder.pull(remote);
  if (ended.code !== 0)
    throw new SluiceError(
      'platform',
      'image-not-there',
      `${builder.name} could not pull ${name}: ${lastWords(ended)}.`,
      {
        hint: 'Check the name of the image, and log the builder in to its registry: by `registry-credentials`, or by a step before.',
      },
    );
  return { image, stage: { ...stage, isPulled: true } };
}
