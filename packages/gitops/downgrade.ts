import type { SemVer } from 'semver';
import compare from 'semver/functions/compare.js';
import parse from 'semver/functions/parse.js';

/** `1.27`, `v1.27.3`, `1.27.3-rc.1`: at least one dot, so that build numbers and commit SHAs made of digits are none. */
const VERSION = /^v?(\d+)\.(\d+)(?:\.(\d+))?(-[0-9A-Za-z.-]+)?$/;
/** What comes before a release; other suffixes (`-alpine`) name a variant, which is neither older nor newer. */
const PRERELEASE = /^(?:alpha|beta|rc|pre|preview|dev|snapshot|canary|next|m|ea)[.-]?\d*/i;

function version(tag: string): SemVer | null {
  const [, major, minor, patch = '0', suffix = ''] = VERSION.exec(tag) ?? [];
  return major === undefined ? null : parse(`${major}.${minor}.${patch}${suffix}`);
}

/** Whether `wanted` is an older semantic version than `found`; false where either is none. */
export function isDowngrade(found: string, wanted: string): boolean {
  const old = version(found);
  const next = version(wanted);
  if (old === null || next === null) return false;
  const main = next.compareMain(old);
  if (main !== 0) return main < 0;
  const comparable = [old, next].every(
    ({ prerelease }) => prerelease.length === 0 || PRERELEASE.test(prerelease.join('.')),
  );
  return comparable && compare(next, old) < 0;
}
