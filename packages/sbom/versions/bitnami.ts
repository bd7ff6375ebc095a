import { compareDigits, orderBy } from './order.ts';
import { compareSemVer, parseSemVer, type SemVer } from './semver.ts';

interface Version {
  readonly of: SemVer;
  readonly revision: string;
}

/** A number after the last hyphen; in semver it would be a pre-release. */
const REVISION = /-([0-9]+)$/;

/** What is packaged, without how often: `6.1.0` of `6.1.0-3`. Advisories have it so. */
export const withoutRevision = (version: string): string => version.replace(REVISION, '');

function parse(text: string): Version | undefined {
  const of = parseSemVer(withoutRevision(text));
  return of === undefined ? undefined : { of, revision: REVISION.exec(text)?.[1] ?? '' };
}

/** https://github.com/bitnami/vulndb: semver, after which Bitnami counts its own builds of a version. */
export const bitnami = orderBy(
  parse,
  (a, b) => compareSemVer(a.of, b.of) || compareDigits(a.revision, b.revision),
  // Revision 0 is none; what is left may end in a number after a hyphen again.
  { reduced: (version, stated) => (REVISION.test(stated) ? version : `${withoutRevision(version)}-0`) },
);
