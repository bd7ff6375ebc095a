import type { Component } from '../types.ts';
import { DISTRIBUTIONS, type Distribution, ecosystemOf, isReleaseOf } from './distros.ts';
import type { Purl } from './purl.ts';

/** A package as OSV knows it. */
export interface Known {
  readonly ecosystem: string;
  readonly name: string;
  readonly version?: string;
  /** Namespace and name for the canonical purl. */
  readonly path: readonly string[];
  /** The qualifiers without which the purl would name another package. */
  readonly qualifiers?: readonly string[];
}

/** A component, and what is known of all of its SBOM. */
export interface Asked {
  readonly purl: Purl;
  readonly component: Component;
  /** Of the distribution that the SBOM says its packages are of: `debian-12.5`. */
  readonly distro?: string | undefined;
}

type Rule = (asked: Asked) => readonly Known[];

const pathOf = (purl: Purl): readonly string[] => [...purl.namespace, purl.name];

const known = (
  { purl, component }: Asked,
  ecosystem: string,
  path = pathOf(purl),
  by = '/',
): readonly Known[] => {
  const version = purl.version ?? component.version;
  return [{ ecosystem, name: path.join(by), path, ...(version === undefined ? {} : { version }) }];
};

/**
 * Namespace and name as the component itself writes them, where that differs in capitals only: many writers put Go modules and npm
 * packages into purls in lower case (as purl-spec wants it), and OSV knows them as they are: `github.com/BurntSushi/toml`, `JSONStream`.
 */
function asNamed({ purl, component }: Asked): readonly string[] {
  const path = pathOf(purl).join('/');
  if (component.name === path) return pathOf(purl);
  return (component.name.toLowerCase() === path.toLowerCase() ? component.name : path).split('/');
}

const named =
  (ecosystem: string): Rule =>
  (asked) =>
    known(asked, ecosystem, asNamed(asked));

/** Only those that have no namespace: another one would be another registry's. */
const unscoped =
  (ecosystem: string): Rule =>
  (asked) =>
    asked.purl.namespace.length > 0 ? [] : known(asked, ecosystem);

/**
 * By the purl's name and by the component's, where that differs in capitals only. Ids have no case, but OSV's API knows them as their
 * advisories write them (https://github.com/google/osv.dev/issues/5292), and which of the two that is nobody tells.
 */
const nuget: Rule = (asked) => {
  if (asked.purl.namespace.length > 0) return [];
  const spellings = new Set([asNamed(asked).join('/'), asked.purl.name]);
  return [...spellings].flatMap((name) => known(asked, 'NuGet', [name]));
};

/** https://getcomposer.org/doc/04-schema.md#name: in lower case, and so OSV's API knows them. */
const composer: Rule = (asked) =>
  known(
    asked,
    'Packagist',
    pathOf(asked.purl).map((part) => part.toLowerCase()),
  );

/**
 * What a gem was built for, after its version as in the name of its file: https://guides.rubygems.org/specification-reference/#platform.
 * To an order of versions it is a pre-release, so that what an advisory starts with would not be affected.
 */
const PLATFORM =
  /-(?:java|jruby|(?:universal|x86|x86_64|x64|i[3-6]86|amd64|arm|armv\d\w*|arm64|aarch64|ppc|ppc64|ppc64le|powerpc|s390x|riscv64|mips\w*|sparc)-(?:linux|darwin|mingw|mswin|freebsd|openbsd|netbsd|solaris|aix|cygwin|java|dotnet|dalvik)[\w.-]*|x86-mingw32|mswin(?:32|64)|mingw32)$/i;

/** Longer than any version of a gem; a component may have one of any length. */
const LONGEST_VERSION = 200;

const gem: Rule = (asked) =>
  unscoped('RubyGems')(asked).map((found) =>
    found.version === undefined || found.version.length > LONGEST_VERSION
      ? found
      : { ...found, version: found.version.replace(PLATFORM, '') },
  );

/** https://peps.python.org/pep-0503/#normalized-names: OSV has PyPI's names so. */
const python: Rule = (asked) => known(asked, 'PyPI', [asked.purl.name.replace(/[-_.]+/g, '-').toLowerCase()]);

const maven: Rule = (asked) =>
  asked.purl.namespace.length === 0
    ? []
    : known(asked, 'Maven', [asked.purl.namespace.join('.'), asked.purl.name], ':');

/**
 * A Go module. Syft takes what follows the third part of its path for a subpath (`github.com/hashicorp/vault/api` →
 * `pkg:golang/github.com/hashicorp/vault@v1.0.0#api`), where purl-spec means a package in the module: the component's own name tells which,
 * and a major version is always of the path (https://go.dev/ref/mod#major-version-suffixes).
 */
const go: Rule = (asked) => {
  const { purl, component } = asked;
  const path = asNamed(asked);
  const whole = [...pathOf(purl), ...purl.subpath].join('/');
  if (purl.namespace.length === 0 && (purl.name === 'stdlib' || purl.name === 'std'))
    return standardLibrary(asked);
  if (purl.subpath.length === 0) return known(asked, 'Go', path);
  if (component.name.toLowerCase() === whole.toLowerCase())
    return known(asked, 'Go', component.name.split('/'));
  const [first = ''] = purl.subpath;
  return known(asked, 'Go', /^v[2-9]\d*$|^v1\d+$/.test(first) ? [...path, first] : path);
};

/** `std` of cyclonedx-gomod, `stdlib` of Syft, Trivy and OSV, whose versions have neither `go` nor `v` before them. */
const standardLibrary: Rule = (asked) =>
  known(asked, 'Go', ['stdlib']).map((found) =>
    found.version === undefined ? found : { ...found, version: found.version.replace(/^(?:go|v)(?=\d)/, '') },
  );

/** `actions/cache/restore` is of the repository `actions/cache`, by which OSV knows it. */
const githubActions: Rule = (asked) => known(asked, 'GitHub Actions', pathOf(asked.purl).slice(0, 2));

/** A repository, of which OSV knows nothing by its name; Syft writes actions so. */
const github: Rule = (asked) =>
  asked.component.kind?.startsWith('github-action') ? githubActions(asked) : [];

const extension: Rule = (asked) => known(asked, 'VSCode', pathOf(asked.purl), '.');

/**
 * The ecosystems of OSV by type of purl: https://ossf.github.io/osv-schema/#defined-ecosystems and
 * https://github.com/package-url/purl-spec/tree/main/types; the same as `osv/purl_helpers.py` of osv.dev and
 * `internal/utility/purl` of osv-scanner. OSV's repository is Drupal's under `composer` all the same.
 */
const TYPES: ReadonlyMap<string, Rule> = new Map([
  ['bioconductor', unscoped('Bioconductor')],
  ['bitnami', unscoped('Bitnami')],
  ['cargo', unscoped('crates.io')],
  ['composer', composer],
  ['conan', unscoped('ConanCenter')],
  ['cran', unscoped('CRAN')],
  ['gem', gem],
  ['github', github],
  ['githubactions', githubActions],
  ['golang', go],
  ['hackage', unscoped('Hackage')],
  ['hex', named('Hex')],
  ['julia', unscoped('Julia')],
  ['maven', maven],
  ['npm', named('npm')],
  ['nuget', nuget],
  ['opam', unscoped('opam')],
  ['pub', unscoped('Pub')],
  ['pypi', python],
  ['swift', named('SwiftURL')],
  ['vscode-extension', extension],
]);

/** By all names under which OSV may know it; none where it does not. */
export function knownPackages(asked: Asked): readonly Known[] {
  const { purl } = asked;
  const distribution = DISTRIBUTIONS.get(`${purl.type}/${purl.namespace.join('/').toLowerCase()}`);
  return distribution === undefined
    ? (TYPES.get(purl.type)?.(asked) ?? [])
    : ofDistribution(asked, distribution);
}

function ofDistribution(asked: Asked, distribution: Distribution): readonly Known[] {
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
  if (source === undefined) return [own];
  const built: Known = { ...own, ...source };
  return distribution.namedBy === 'source' || built.name === own.name ? [built] : [own, built];
}

/** Trivy and others put the epoch of a version beside it. */
function withEpoch(version: string | undefined, purl: Purl, { hasEpoch }: Distribution): string | undefined {
  const epoch = purl.qualifiers.get('epoch') ?? '0';
  const isWritten = version === undefined || /^\d+:/.test(version);
  return hasEpoch !== true || isWritten || !/^[1-9]\d*$/.test(epoch) ? version : `${epoch}:${version}`;
}

/**
 * The source package, by which most distributions name what is affected: `upstream` of Syft (`openssl`, `openssl@3.0.11`,
 * `openssl-1.1.1k-7.el8.src.rpm`), or what the component says. Where nobody says it, source and package have the same name.
 */
function sourceOf({ purl, component }: Asked): { name: string; version?: string } | undefined {
  const upstream = purl.qualifiers.get('upstream');
  if (upstream === undefined || upstream === '') return component.source;
  const rpm = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(upstream);
  // The version of an RPM's source is that of the package, less its epoch.
  if (rpm !== null) return { name: rpm[1] ?? '' };
  const [name = '', version] = upstream.split('@');
  return version === undefined || version === '' ? { name } : { name, version };
}
