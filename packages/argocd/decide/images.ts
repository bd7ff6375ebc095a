import { readReference, sameImage } from '@sluice/gitops/reference';
import type { Expectation, Settings } from './types.ts';

/** The registry of references that name none; undefined for Docker Hub. */
export const defaultRegistryOf = (expectation: Expectation): string | undefined =>
  expectation.type === 'change' ? expectation.change.defaultRegistry : undefined;

/**
 * Whether a rendered image is the wanted one. A digest that nobody asked for pins something else, whatever tag stands before it:
 * container runtimes ignore the tag then.
 */
export function rendersImage(wanted: string, rendered: string, defaultRegistry?: string): boolean {
  const strayDigest =
    readReference(wanted)?.digest === undefined && readReference(rendered)?.digest !== undefined;
  return !strayDigest && sameImage(wanted, rendered, defaultRegistry);
}

/** Whether a live image is the wanted one, also under the names that admission gives it. */
export function runsImage(
  wanted: string,
  live: string,
  aliases: Settings['registryAliases'],
  defaultRegistry?: string,
): boolean {
  return (
    sameImage(wanted, live, defaultRegistry) ||
    aliases.some(({ from, to }) => {
      const rest = live.startsWith(to) ? live.slice(to.length) : undefined;
      const whole = rest !== undefined && (to.endsWith('/') || /^[/:@]/.test(rest));
      return whole && sameImage(wanted, from + rest, defaultRegistry);
    })
  );
}
