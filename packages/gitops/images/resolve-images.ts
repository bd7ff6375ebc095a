import { SluiceError } from '@sluice/core/errors';
import type { Log } from '@sluice/core/log';
import type { RegistryClient } from '@sluice/oci/client';
import type { ImageEntry } from '../entries.ts';
import type { BumpInputs } from '../inputs.ts';
import { canonicalReference, formatReference, type ImageReference } from '../reference.ts';
import { builtAt } from './build-facts.ts';
import { newestOf, type Policy, selectTag } from './policy.ts';
import { openRegistry, type RegistryWorld } from './registry.ts';

/** Two or three requests each: more would take long, and use up what Docker Hub gives anyone in six hours. */
const MOST_CANDIDATES = 200;
const AT_ONCE = 8;

/**
 * The inputs with a tag in place of each policy and, with `resolve-digests`, a digest beside each tag. Asks the registries, and nobody
 * where nothing is to be asked. Throws a SluiceError where one of them cannot be told; then nothing is planned.
 */
export async function resolveImages<I extends BumpInputs>(inputs: I, world: RegistryWorld): Promise<I> {
  const pins = inputs['resolve-digests'];
  const isOpen = ({ policy, reference }: ImageEntry) =>
    policy !== undefined || (pins && reference.digest === undefined);
  if (!inputs.images.some(isOpen)) return inputs;
  const registry = await openRegistry(inputs, world);
  const images: ImageEntry[] = [];
  for (const entry of inputs.images) {
    const resolved = isOpen(entry) ? await resolveEntry(entry, pins, registry, world.log) : entry;
    if (resolved.resolved !== undefined) world.log.info(`${entry.text} -> ${resolved.resolved}`);
    images.push(resolved);
  }
  return { ...inputs, images };
}

async function resolveEntry(
  entry: ImageEntry,
  pins: boolean,
  registry: RegistryClient,
  log: Log,
): Promise<ImageEntry> {
  const { policy, ...known } = entry;
  const { repository } = entry;
  const tag = policy === undefined ? entry.reference.tag : await chooseTag(entry, policy, registry, log);
  const digest =
    pins && tag !== undefined ? await registry.digest({ repository, reference: tag }) : undefined;
  const reference: ImageReference = {
    ...entry.reference,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
  return { ...known, reference, image: canonicalReference(reference), resolved: formatReference(reference) };
}

async function chooseTag(
  { text, repository }: ImageEntry,
  policy: Policy,
  registry: RegistryClient,
  log: Log,
): Promise<string> {
  const tags = await registry.tags(repository);
  const selection = selectTag(policy, tags);
  switch (selection.type) {
    case 'tag':
      return selection.tag;
    case 'unusable':
      throw undecided(text, selection.why);
    case 'none': {
      const message = `No tag of ${repository} fits ${policy.text}: none of ${tags.length}.`;
      throw new SluiceError('input', 'no-tag-for-policy', message, {
        hint: `Check ${JSON.stringify(text)} in \`images\`, and that the image was pushed before this step.`,
      });
    }
    case 'candidates':
      return newest({ text, repository }, selection.tags, registry, log);
  }
}

async function newest(
  { text, repository }: Pick<ImageEntry, 'text' | 'repository'>,
  tags: readonly string[],
  registry: RegistryClient,
  log: Log,
): Promise<string> {
  if (tags.length > MOST_CANDIDATES) {
    throw undecided(
      text,
      `it lets ${tags.length} tags through, and of at most ${MOST_CANDIDATES} the registry is asked when they were built`,
    );
  }
  const dated: { tag: string; built: number }[] = [];
  const undated: string[] = [];
  for (let start = 0; start < tags.length; start += AT_ONCE) {
    await Promise.all(
      tags.slice(start, start + AT_ONCE).map(async (tag) => {
        const built = await builtOf(registry, repository, tag);
        if (built === undefined) undated.push(tag);
        else dated.push({ tag, built });
      }),
    );
  }
  const chosen = newestOf(dated);
  if (chosen === undefined) {
    const message = `None of the ${tags.length} images of ${repository} that ${JSON.stringify(text)} means says when it was built.`;
    throw new SluiceError('input', 'no-tag-for-policy', message, {
      hint: 'Build them with the label org.opencontainers.image.created, or choose by `semver:`, `numeric:` or `alphabetical:`.',
    });
  }
  if (undated.length > 0) {
    log.warning(
      `${text}: ${undated.sort().slice(0, 10).join(', ')}${undated.length > 10 ? ' and others' : ''} do not say when they were built, and were passed over.`,
    );
  }
  return chosen;
}

/** What is no image, such as a signature or a chart, was built at no time. */
async function builtOf(
  registry: RegistryClient,
  repository: string,
  tag: string,
): Promise<number | undefined> {
  try {
    return builtAt(await registry.facts({ repository, reference: tag }));
  } catch (error) {
    // A tag may go between two questions.
    if (error instanceof SluiceError && ['registry-answer', 'image-not-in-registry'].includes(error.code))
      return undefined;
    throw error;
  }
}

function undecided(text: string, why: string): SluiceError {
  return new SluiceError('input', 'policy-undecided', `${JSON.stringify(text)} cannot decide: ${why}.`, {
    hint: 'Make the regular expression narrower: anchor it with ^ and $, and let only the tags through that may be deployed.',
  });
}
