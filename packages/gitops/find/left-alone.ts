import type { ImageEntry } from '../entries.ts';
import { canonicalRepository } from '../reference.ts';
import type { ImageSite, LeftAlone } from './site.ts';

/** What of a file is left alone although it seems to be about one of the images, each said once. */
export function leftAlone(
  sites: readonly ImageSite[],
  entries: readonly ImageEntry[],
  defaultRegistry: string,
): { readonly reason: LeftAlone['reason']; readonly message: string }[] {
  const about = sites.filter(
    (site): site is LeftAlone =>
      site.type === 'left-alone' && entries.some((entry) => isAbout(site, entry, defaultRegistry)),
  );
  return [...new Map(about.map(({ reason, message }) => [message, { reason, message }])).values()];
}

function isAbout({ about }: LeftAlone, entry: ImageEntry, defaultRegistry: string): boolean {
  if ('reference' in about) return canonicalRepository(about.reference, defaultRegistry) === entry.repository;
  const name = RegExp.escape(entry.reference.repository);
  return new RegExp(`(?<![\\w.-])${name}(?![\\w./-])`).test(about.text);
}
