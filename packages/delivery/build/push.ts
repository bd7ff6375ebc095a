import { SluiceError } from '@sluice/core/errors';
import { addressOf } from '@sluice/oci/address';
import type { RegistryClient } from '@sluice/oci/client';
import type { Builder, LocalImage, Remote } from './builders/types.ts';
import type { PushStage } from './stages.ts';
import { lastWords } from './words-of-log.ts';

export interface PushOrder {
  readonly image: LocalImage;
  readonly repository: string;
  readonly tag: string;
  /** The digest of the configuration of what was tried; undefined where it was not looked at. */
  readonly config: string | undefined;
  /** A folder for files of its own. */
  readonly folder: string;
}

export function remoteOf(repository: string, reference: string): Remote {
  const separator = reference.includes(':') ? '@' : ':';
  return {
    reference: `${repository}${separator}${reference}`,
    isLoopback: addressOf(repository).origin.startsWith('http:'),
  };
}

/** Pushes what was tried, and reads back that the registry has it: under the tag the digest that was pushed, and in it the same image. */
export async function pushImage(
  builder: Pick<Builder, 'name' | 'push'>,
  openClient: () => Promise<RegistryClient>,
  { image, repository, tag, config, folder }: PushOrder,
): Promise<PushStage> {
  const begun = performance.now();
  const remote = remoteOf(repository, tag);
  const { reference } = remote;
  const { ended, digest } = await builder.push(image, remote, folder);
  if (ended.code !== 0) return { type: 'failed', reference, words: lastWords(ended), lines: ended.lines };
  if (digest === undefined)
    return {
      type: 'failed',
      reference,
      words: `${builder.name} does not say what it has pushed`,
      lines: ended.lines,
    };
  try {
    const client = await openClient();
    const found = await client.digest({ repository, reference: tag });
    if (found !== digest)
      return { type: 'differs', reference, words: `${found} is under its tag, and ${digest} was pushed` };
    const configs =
      config === undefined ? undefined : await client.configs({ repository, reference: digest });
    if (configs !== undefined && config !== undefined && !configs.includes(config))
      return {
        type: 'differs',
        reference,
        words: `what was pushed is not the image ${config} that was tried`,
      };
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code === 'cancelled') throw error;
    return {
      type: 'failed',
      reference,
      words: `it could not be read back: ${error.message.replace(/\.$/, '')}`,
      lines: ended.lines,
    };
  }
  return { type: 'pushed', reference, repository, digest, ms: performance.now() - begun };
}
