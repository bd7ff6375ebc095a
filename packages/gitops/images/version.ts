import type { SemVer } from 'semver';
import parse from 'semver/functions/parse.js';

/** `1.27`, `v1.27.3`, `1.27.3-rc.1`: at least one dot, so that build numbers and commit SHAs made of digits are none. */
const VERSION = /^v?(\d+)\.(\d+)(?:\.(\d+))?(-[0-9A-Za-z.-]+)?$/;

/** The semantic version that a tag is; null where it is none. A patch that is not given is 0. */
export function readVersion(tag: string): SemVer | null {
  const [, major, minor, patch = '0', suffix = ''] = VERSION.exec(tag) ?? [];
  return major === undefined ? null : parse(`${major}.${minor}.${patch}${suffix}`);
}
