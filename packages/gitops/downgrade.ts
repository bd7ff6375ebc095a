import compare from 'semver/functions/compare.js';
import { readVersion } from './version.ts';

/** What comes before a release; other suffixes (`-alpine`) name a variant, which is neither older nor newer. */
const PRERELEASE = /^(?:alpha|beta|rc|pre|preview|dev|snapshot|canary|next|m|ea)[.-]?\d*/i;

/** Whether `wanted` is an older semantic version than `found`; false where either is none. */
export function isDowngrade(found: string, wanted: string): boolean {
  const old = readVersion(found);
  const next = readVersion(wanted);
  if (old === null || next === null) return false;
  const main = next.compareMain(old);
  if (main !== 0) return main < 0;
  const comparable = [old, next].every(
    ({ prerelease }) => prerelease.length === 0 || PRERELEASE.test(prerelease.join('.')),
  );
  return comparable && compare(next, old) < 0;
}
