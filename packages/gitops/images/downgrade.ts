import compare from 'semver/functions/compare.js';
import { readVersion } from './version.ts';

/** What comes before a release; other suffixes (`-alpine`, `-ea1f3c2`) name a variant, which is neither older nor newer. */
const PRERELEASE = /^(?:alpha|beta|rc|pre|preview|dev|snapshot|canary|next|m|ea)(?:[.-]?\d+)?(?:[.-]|$)/i;

/** Whether `wanted` is an older semantic version than `found`; false where versions do not tell. */
export function isDowngrade(found: string, wanted: string): boolean {
  const order = compareTags(found, wanted);
  return order !== undefined && order > 0;
}

/** How two tags compare as semantic versions; undefined where one is none, or both are variants of one version (`1.4.2-3f9a1c2`). */
export function compareTags(one: string, other: string): number | undefined {
  const [first, second] = [readVersion(one), readVersion(other)];
  if (!first || !second) return undefined;
  const main = first.compareMain(second);
  if (main !== 0) return main;
  const comparable = [first, second].every(
    ({ prerelease }) => prerelease.length === 0 || PRERELEASE.test(prerelease.join('.')),
  );
  return comparable || first.version === second.version ? compare(first, second) : undefined;
}
