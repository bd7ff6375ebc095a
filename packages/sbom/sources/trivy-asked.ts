import { formatPurl, parsePurl } from '../purl/purl.ts';
import type { Package } from '../types.ts';
import { orderOf } from '../versions/orders.ts';
import type { Left } from './answered.ts';
import { isOfDistribution, type System, type Systems, systemOf } from './distribution.ts';
import { typeOf } from './scanner-sbom.ts';
import { probesOf } from './trivy-probes.ts';

/** One component of the bill that trivy is given. */
export interface Asked {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  /** Of its purl. */
  readonly type: string;
  /** For which packages it stands; a probe may stand for none. */
  readonly entries: readonly Package[];
}

/** What trivy is asked about, and of which packages it could not tell. */
export interface Bill {
  /** Those that are sent; each stands in `asked` by every name that trivy's database may have for it. */
  readonly sent: readonly Package[];
  readonly asked: readonly Asked[];
  readonly left: readonly Left[];
  readonly system?: System;
}

/**
 * It matches packages of a distribution only beside the component that says which one that is and in what release, takes one of
 * these, and lists those of another, or of no release, as if it had matched them. Of several distributions none is sent.
 */
export function billOf(packages: readonly Package[]): Bill {
  const systems = new Map<string, System>();
  for (const entry of packages) {
    const system = knownSystem(entry);
    if (system !== undefined) systems.set(JSON.stringify(system), system);
  }
  const [only] = systems.size === 1 ? systems.values() : [];
  const sent: Package[] = [];
  const left: Left[] = [];
  for (const entry of packages) {
    const why = whyNotSent(entry, only);
    if (why === undefined) sent.push(entry);
    else left.push({ package: entry, why });
  }
  return {
    ...{
      sent,
      left,
      asked: merged([...sent.flatMap((entry) => asksFor(entry, only)), ...probesFor(sent, only)]),
    },
    ...(only !== undefined && { system: only }),
  };
}

/** Of two components that are the same, trivy tells of one what it finds. */
function merged(asked: readonly Asked[]): readonly Asked[] {
  const byName = new Map<string, Asked>();
  for (const one of asked) {
    const key = JSON.stringify([one.name, one.purl]);
    const same = byName.get(key)?.entries ?? [];
    byName.set(key, { ...one, entries: [...same, ...one.entries] });
  }
  return [...byName.values()];
}

const knownSystem = (entry: Package): System | undefined =>
  isOfDistribution(entry) && !isModular(entry) ? systemOf(entry, SYSTEMS) : undefined;

function whyNotSent(entry: Package, system: System | undefined): Left['why'] | undefined {
  if (!isOfDistribution(entry)) return LIBRARIES.has(typeOf(entry)) ? undefined : 'unknown-ecosystem';
  if (system === undefined || knownSystem(entry) === undefined) return 'unknown-ecosystem';
  // It drops a version that it cannot read, says so to nobody, and lists the package all the same.
  return orderOf(entry.ecosystem)?.isVersion(entry.version) === false ? 'no-order' : undefined;
}

/**
 * The families of pkg/fanal/types/const.go in aquasecurity/trivy of which it has something by what it is told here. Not Rocky Linux: its
 * entries are of an architecture each, and no package has one here.
 */
const SYSTEMS: Systems = {
  AlmaLinux: 'alma',
  Alpine: 'alpine',
  Debian: 'debian',
  Ubuntu: 'ubuntu',
  Wolfi: 'wolfi',
};

/** A package of a module of AlmaLinux: without its label, which no package has here, trivy skips it and lists it all the same. */
const isModular = ({ version }: Package): boolean => version.includes('.module_el');

/** The types of purl for which `NewDriver` in pkg/detector/library/driver.go has a driver, in every version: others it lists, and finds nothing. */
const LIBRARIES: ReadonlySet<string> = new Set([
  ...['bitnami', 'cargo', 'composer', 'conan', 'gem', 'golang', 'hex', 'maven', 'npm', 'nuget', 'pub'],
  ...['pypi', 'swift'],
]);

/** One package by each name that the database may have for it; the first is its own. */
function asksFor(entry: Package, system: System | undefined): readonly Asked[] {
  const type = typeOf(entry);
  const ask = { version: entry.version, type, entries: [entry] };
  const purl = parsePurl(entry.purl);
  if (purl === undefined) return [{ ...ask, name: entry.name, purl: entry.purl }];
  if (system !== undefined && isOfDistribution(entry)) {
    return [{ ...ask, name: entry.name, purl: systemPurl(entry, type, system) }];
  }
  // The version is read from the purl, which may have it otherwise: `go1.21.0` of the standard library.
  const own = { ...purl, version: entry.version };
  const others = new Set(SPELLINGS[type]?.(entry.name));
  others.delete(entry.name);
  return [
    { ...ask, name: entry.name, purl: formatPurl(own, []) },
    ...[...others].map((name) => ({ ...ask, name, purl: formatPurl({ ...own, name }, []) })),
  ];
}

/**
 * By its source, as the database has it, under the name that trivy has for the distribution: newer versions leave out those of
 * another namespace. Of an RPM it reads the epoch beside the version alone.
 */
function systemPurl({ name, version }: Package, type: string, system: System): string {
  const [, epoch = '', rest = version] = (type === 'rpm' && /^(\d+):(.*)$/s.exec(version)) || [];
  const qualifiers = new Map([['epoch', epoch]]);
  const purl = { type, namespace: [system.name], name, version: rest, qualifiers, subpath: [] };
  return formatPurl(purl, ['epoch']);
}

/** More than names have between their parts; a hostile one may have any number. */
const SIGNS = 8;

/**
 * The database has names as its advisories write them. In lower case and with `-` for `_` trivy compares those of PyPI by itself, but a
 * dot stays (`NormalizePkgName` of pkg/vulnsrc/vulnerability in aquasecurity/trivy-db): `jaraco.context`. Those of NuGet have their
 * capitals in older versions of it, and those of crates either sign.
 */
const SPELLINGS: Readonly<Record<string, (name: string) => readonly string[]>> = {
  cargo: (name) => [name.replaceAll('_', '-'), name.replaceAll('-', '_')],
  nuget: (name) => [name.toLowerCase()],
  pypi: withDots,
};

/** `a-b-c` → `a.b-c`, `a.b.c`, `a-b.c`: dots up to one of the signs, or from it on. */
function withDots(name: string): readonly string[] {
  const parts = name.split('-');
  const spelled = (isDot: (sign: number) => boolean) =>
    parts.reduce((all, part, sign) => `${all}${isDot(sign) ? '.' : '-'}${part}`);
  return Array.from({ length: Math.min(parts.length - 1, SIGNS) }, (_, at) => [
    spelled((sign) => sign <= at + 1),
    spelled((sign) => sign > at),
  ]).flat();
}

/** For each type that is asked about; for npm always, of which every database has something. */
function probesFor(sent: readonly Package[], system: System | undefined): readonly Asked[] {
  const types = new Set(['npm', ...sent.map(typeOf)]);
  return [...types].flatMap((type) =>
    probesOf(type, system).map((probe) => ({ ...probe, type, entries: [] })),
  );
}
