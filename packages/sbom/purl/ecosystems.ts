import { DISTRIBUTIONS } from './distros.ts';
import { type Asked, inLowerCase, type Known, known, pathOf } from './known.ts';
import { ofDistribution } from './of-distribution.ts';

type Rule = (asked: Asked) => readonly Known[];

/**
 * Namespace and name as the component itself writes them, where that differs in capitals only and the purl has none: many writers put Go
 * modules and npm packages into purls in lower case (as purl-spec wants it), and OSV knows them as they are: `github.com/BurntSushi/toml`, `JSONStream`.
 */
function asNamed({ purl, component }: Asked): readonly string[] {
  const path = pathOf(purl).join('/');
  return component.name === path ? pathOf(purl) : withCapitals(path, component.name).split('/');
}

/** The one of two that has capitals, where they differ in that alone; else the first. */
function withCapitals(path: string, name: string): string {
  const lower = path.toLowerCase();
  return path === lower && name.toLowerCase() === lower ? name : path;
}

const lowered =
  (rule: Rule): Rule =>
  (asked) =>
    rule({ ...asked, purl: inLowerCase(asked.purl) });

const whole =
  (ecosystem: string): Rule =>
  (asked) =>
    known(asked, ecosystem);

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
  const { purl, component } = asked;
  const isSame = component.name.toLowerCase() === purl.name.toLowerCase();
  const spellings = new Set([isSame ? component.name : purl.name, purl.name]);
  return [...spellings].flatMap((name) => known(asked, 'NuGet', [name]));
};

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
  const all = [...pathOf(purl), ...purl.subpath].join('/');
  if (purl.namespace.length === 0 && (purl.name === 'stdlib' || purl.name === 'std'))
    return standardLibrary(asked);
  if (purl.subpath.length === 0) return known(asked, 'Go', path);
  if (component.name.toLowerCase() === all.toLowerCase())
    return known(asked, 'Go', withCapitals(all, component.name).split('/'));
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
  ['bitnami', lowered(unscoped('Bitnami'))],
  ['cargo', unscoped('crates.io')],
  // https://getcomposer.org/doc/04-schema.md#name: in lower case, and so OSV's API knows them.
  ['composer', lowered(whole('Packagist'))],
  ['conan', unscoped('ConanCenter')],
  ['cran', unscoped('CRAN')],
  ['gem', gem],
  ['github', github],
  ['githubactions', githubActions],
  ['golang', go],
  ['hackage', unscoped('Hackage')],
  ['hex', lowered(whole('Hex'))],
  ['julia', unscoped('Julia')],
  ['maven', maven],
  ['npm', named('npm')],
  ['nuget', nuget],
  ['opam', unscoped('opam')],
  ['pub', lowered(unscoped('Pub'))],
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
