import { type Distribution, ecosystemOf, isReleaseOf } from './distros.ts';
import { type Asked, inLowerCase, type Known, known, pathOf } from './known.ts';
import type { Purl } from './purl.ts';

/** By the names that the advisories of a distribution have for it; none where two distributions are said. */
export function ofDistribution(given: Asked, distribution: Distribution): readonly Known[] {
  // Names of RPMs have capitals (`ImageMagick`), those of the others have not.
  const asked = given.purl.type === 'rpm' ? given : { ...given, purl: inLowerCase(given.purl) };
  const { purl } = asked;
  const written = purl.qualifiers.get('distro');
  // Two distributions, of which each has its own fixes: nobody knows which is right.
  if (written !== undefined && !isReleaseOf(distribution, written)) return [];
  const besides = isReleaseOf(distribution, asked.distro ?? '') ? asked.distro : undefined;
  const ecosystem = ecosystemOf(distribution, written ?? besides);
  const [self] = known(asked, ecosystem, [purl.name]);
  if (self === undefined) return [];
  const version = withEpoch(self.version, purl, distribution);
  const own: Known = {
    ...self,
    path: pathOf(purl),
    qualifiers: ['distro'],
    ...(version === undefined ? {} : { version }),
  };
  const source = distribution.namedBy === 'package' ? undefined : sourceOf(asked);
  if (source === undefined) return [isUnsaid(asked, distribution) ? { ...own, lacksSource: true } : own];
  const built: Known = {
    ...own,
    ...source,
    ...versionOfSource(source.version, purl, own, distribution),
  };
  return distribution.namedBy === 'source' || built.name === own.name ? [built] : [own, built];
}

/** Whether nobody says what the source is of a package that may be named by it. */
const isUnsaid = ({ purl, component }: Asked, { namedBy }: Distribution): boolean =>
  namedBy !== 'package' && component.saysSource !== true && purl.qualifiers.get('arch') !== 'source';

/** Trivy and others put the epoch of a version beside it. Where records have none, one that is written would come after all of them. */
function withEpoch(version: string | undefined, purl: Purl, { hasEpoch }: Distribution): string | undefined {
  if (version === undefined) return undefined;
  if (hasEpoch !== true) return purl.type === 'rpm' ? version.replace(EPOCH, '') : version;
  const epoch = purl.qualifiers.get('epoch') ?? '0';
  return EPOCH.test(version) || !/^[1-9]\d*$/.test(epoch) ? version : `${epoch}:${version}`;
}

const EPOCH = /^\d+:/;

/** That of the source. Of an RPM its epoch is not said; where the package has the same version, it is the package's. */
function versionOfSource(
  version: string | undefined,
  purl: Purl,
  own: Known,
  { hasEpoch }: Distribution,
): Pick<Known, 'version'> {
  const isOfPackage = purl.type === 'rpm' && version === own.version?.replace(EPOCH, '');
  if (version === undefined || isOfPackage) return own.version === undefined ? {} : { version: own.version };
  return { version: hasEpoch === true ? version : version.replace(EPOCH, '') };
}

/** Where OSV-SCALIBR writes the source, by type of purl: `purl/purl.go` of google/osv-scalibr. */
const SOURCES: ReadonlyMap<string, string> = new Map([
  ['apk', 'origin'],
  ['deb', 'source'],
  ['rpm', 'sourcerpm'],
]);

/**
 * The source package, by which most distributions name what is affected: `upstream` of Syft (`openssl`, `openssl@3.0.11`,
 * `openssl-1.1.1k-7.el8.src.rpm`), or what the component says. Where nobody says it, source and package have the same name.
 */
function sourceOf({ purl, component }: Asked): { name: string; version?: string } | undefined {
  const { qualifiers } = purl;
  const upstream = qualifiers.get('upstream') || qualifiers.get(SOURCES.get(purl.type) ?? '');
  if (upstream === undefined || upstream === '') return component.source;
  // Without the epoch, which the name of a file does not have.
  const [, source = '', built] = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(upstream) ?? [];
  if (built !== undefined) return { name: source, version: built };
  const [name = '', version = qualifiers.get('sourceversion')] = upstream.split('@');
  return version === undefined || version === '' ? { name } : { name, version };
}
