import { orderBy } from './order.ts';
import { compareSemVer, parseSemVer, type SemVer } from './semver.ts';

/*
 * The toolchain's and the standard library's own versions (https://go.dev/doc/toolchain#version): `go1.21rc2`,
 * with a vendor's suffix that does not count. The Go vulnerability database writes that one `1.21.0-rc.2`.
 */
const toolchain = /^(?:go)?([0-9]+(?:\.[0-9]+){1,2})(?:(beta|rc)([0-9]+))?(?:[-+ ].*)?$/;

function parse(text: string): SemVer | undefined {
  const semver = parseSemVer(text);
  if (semver) return semver;
  const [whole, numbers = '', word, number = ''] = toolchain.exec(text) ?? [];
  if (whole === undefined || !(text.startsWith('go') || word)) return undefined;
  return { numbers: numbers.split('.'), prerelease: word ? [word, number] : [], build: [] };
}

/**
 * Modules as golang.org/x/mod/semver orders them, with and without `v`: a pseudo-version
 * (https://go.dev/ref/mod#pseudo-versions) is a pre-release like any other, `+incompatible` and `+dirty` do not count.
 */
export const go = orderBy(parse, compareSemVer);
