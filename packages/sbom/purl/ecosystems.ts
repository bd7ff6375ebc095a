import { alpine, debian, ubuntu } from './distros.ts';
import type { Purl } from './purl.ts';

/** A package as OSV knows it. */
export interface Known {
  readonly ecosystem: string;
  readonly name: string;
  readonly version?: string;
  /** The qualifiers without which the purl would name another package. */
  readonly qualifiers: readonly string[];
}

type Rule = (purl: Purl, label: string) => Known | undefined;

const joined = (purl: Purl, by: string): string => [...purl.namespace, purl.name].join(by);

const known = (ecosystem: string, name: string, purl: Purl, qualifiers: readonly string[] = []): Known => ({
  ecosystem,
  name,
  ...(purl.version === undefined ? {} : { version: purl.version }),
  qualifiers,
});

const slashed =
  (ecosystem: string): Rule =>
  (purl) =>
    known(ecosystem, joined(purl, '/'), purl);

/** https://peps.python.org/pep-0503/#normalized-names: OSV has PyPI's names so. */
const python: Rule = (purl) => known('PyPI', purl.name.replace(/[-_.]+/g, '-').toLowerCase(), purl);

const maven: Rule = (purl) =>
  purl.namespace.length === 0 ? undefined : known('Maven', `${purl.namespace.join('.')}:${purl.name}`, purl);

/** Packages of a distribution: of which release is in `distro`; OSV names those of Debian, Ubuntu and Alpine after their source. */
function distribution(release: (distro: string) => string | undefined): Rule {
  return (purl) => {
    const ecosystem = release(purl.qualifiers.get('distro') ?? '');
    if (ecosystem === undefined) return undefined;
    const [source = '', version] = (purl.qualifiers.get('upstream') ?? '').split('@');
    const found = known(ecosystem, source === '' ? purl.name : source, purl, ['distro', 'upstream']);
    return version === undefined || version === '' ? found : { ...found, version };
  };
}

const DISTRIBUTIONS: ReadonlyMap<string, Rule> = new Map([
  ['deb/debian', distribution(debian)],
  ['deb/ubuntu', distribution(ubuntu)],
  ['apk/alpine', distribution(alpine)],
]);

const TYPES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['cargo', slashed('crates.io')],
  ['gem', slashed('RubyGems')],
  ['golang', slashed('Go')],
  ['maven', maven],
  ['npm', slashed('npm')],
  ['nuget', slashed('NuGet')],
  ['pypi', python],
]);

/** What OSV calls it; undefined where it has no name for it. `label` is what the component calls itself. */
export function knownPackage(purl: Purl, label: string): Known | undefined {
  const rule =
    DISTRIBUTIONS.get(`${purl.type}/${purl.namespace.join('/').toLowerCase()}`) ?? TYPES.get(purl.type);
  return rule?.(purl, label);
}
