import type { ExecResult } from '@sluice/core/exec';
import { at, isRecord, kindOf, list, text } from '../json.ts';
import { count } from '../page/words.ts';
import type { Advisory, Match, Package, Rating, Source } from '../types.ts';
import { type Answered, answered, refuseMore } from './answered.ts';
import { isOfDistribution, type System, type Systems, systemOf } from './distribution.ts';
import {
  answerError,
  databaseError,
  failedError,
  lastWords,
  readJson,
  runScanner,
  type ScannerPorts,
} from './scanner.ts';
import { refOf, scannerSbom, sourcePurl, typeOf } from './scanner-sbom.ts';
import { cvssOf, firstLine } from './scanner-words.ts';

const PROGRAM = 'trivy';
const NO_DATABASE =
  /vulnerability DB|DB error|failed to download|init error|--skip-db-update|OCI artifact|database error/i;
const HINT =
  'Run `trivy image --download-db-only` in a step before, or let trivy reach the place where its database is.';
/** Where its database is and how it gets it; none of those that hide findings. */
const VARIABLES = /^TRIVY_(?:CACHE_DIR|OFFLINE_SCAN|USERNAME|PASSWORD|REGISTRY_TOKEN|INSECURE|\w*DB_\w+)$/;

/** trivy on PATH, and its own database. It lists every package that it has looked at: all others are unmatched. */
export function trivySource(ports: ScannerPorts): Source {
  return async (packages) => {
    const { sent, unsent, system } = sortOut(packages);
    const left = unsent.map((entry) => ({ package: entry, why: 'unknown-ecosystem' as const }));
    if (sent.length === 0) return { ...answered({ matches: [], left }), source: PROGRAM, warnings: [] };
    ports.log.info(`Running trivy over ${count(sent.length, 'package')}`);
    const result = await runScanner(ports, {
      program: PROGRAM,
      files: {
        'sbom.cdx.json': scannerSbom(sent, sourcePurl, componentsOf(system)),
        ignore: '',
        'trivy.yaml': '',
      },
      // Its folder has no `.trivyignore` and no `trivy.yaml`; both are named, so that a later version looks nowhere else.
      args: (path) => [
        ...['sbom', '--format=json', '--list-all-pkgs', '--scanners=vuln', '--exit-code=0'],
        ...[`--config=${path('trivy.yaml')}`, `--ignorefile=${path('ignore')}`, path('sbom.cdx.json')],
      ],
      variables: VARIABLES,
    });
    if (result.code !== 0) throw failure(result);
    const report = readReport(readJson(PROGRAM, result), sent, UNKNOWN_RELEASE.test(result.stderr));
    const both = answered({ ...report, left: [...left, ...report.left] });
    const day = await databaseDate(ports);
    return { ...both, source: `trivy, database of ${day}`, day, warnings: [] };
  };
}

interface Sorted {
  readonly sent: readonly Package[];
  readonly unsent: readonly Package[];
  readonly system?: System;
}

/**
 * It matches packages of a distribution only beside the component that says which one that is and in what release, takes one of
 * these, and lists those of another, or of no release, as if it had matched them. Of several distributions none is sent.
 */
function sortOut(packages: readonly Package[]): Sorted {
  const known = new Map<Package, System>();
  const systems = new Map<string, System>();
  for (const entry of packages) {
    const system = isOfDistribution(entry) && !isModular(entry) ? systemOf(entry, SYSTEMS) : undefined;
    if (system === undefined) continue;
    known.set(entry, system);
    systems.set(JSON.stringify(system), system);
  }
  const [only] = systems.size === 1 ? systems.values() : [];
  const isSent = (entry: Package): boolean =>
    isOfDistribution(entry) ? only !== undefined && known.has(entry) : LIBRARIES.has(typeOf(entry));
  return {
    sent: packages.filter(isSent),
    unsent: packages.filter((entry) => !isSent(entry)),
    ...(only !== undefined && { system: only }),
  };
}

const componentsOf = (system: System | undefined): readonly object[] =>
  system === undefined ? [] : [{ type: 'operating-system', 'bom-ref': 'system', ...system }];

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

/** What it says of a release that it does not know (`eosl` of pkg/detector/ospkg): it may have nothing of it. */
const UNKNOWN_RELEASE = /This OS version is not on the EOL list/;

function failure(result: ExecResult): Error {
  return NO_DATABASE.test(result.stderr)
    ? databaseError(PROGRAM, lastWords(result.stderr), HINT)
    : failedError(PROGRAM, result);
}

/** Its report does not say of when the database is, its version does: and nothing where there is none. */
async function databaseDate(ports: ScannerPorts): Promise<string> {
  const result = await runScanner(ports, {
    program: PROGRAM,
    files: { 'trivy.yaml': '' },
    args: (path) => ['version', '--format=json', `--config=${path('trivy.yaml')}`],
    variables: VARIABLES,
  });
  if (result.code !== 0) throw failedError(PROGRAM, result);
  const updated = text(at(readJson(PROGRAM, result), 'VulnerabilityDB', 'UpdatedAt'));
  if (updated === undefined || Number.isNaN(Date.parse(updated))) {
    throw databaseError(PROGRAM, 'it does not say of when it is', HINT);
  }
  return new Date(updated).toISOString().slice(0, 10);
}

function readReport(json: unknown, packages: readonly Package[], isReleaseUnknown: boolean): Answered {
  if (!isRecord(json) || json.SchemaVersion !== 2) {
    throw answerError(PROGRAM, `\`SchemaVersion\` is ${kindOf(at(json, 'SchemaVersion'))} and must be 2`);
  }
  const { Results: results } = json;
  // Go leaves out an empty list.
  if (results !== undefined && !Array.isArray(results)) {
    throw answerError(PROGRAM, `\`Results\` is ${kindOf(results)}`);
  }
  const byRef = new Map(packages.map((entry, index) => [refOf(index), entry]));
  const seen = new Set<Package>();
  const matches: Match[] = [];
  for (const result of list(results)) {
    for (const listed of list(at(result, 'Packages'))) {
      const entry = byRef.get(text(at(listed, 'Identifier', 'BOMRef')) ?? '');
      if (entry !== undefined && !(isReleaseUnknown && isOfDistribution(entry))) seen.add(entry);
    }
    for (const found of list(at(result, 'Vulnerabilities'))) {
      const entry = byRef.get(text(at(found, 'PkgIdentifier', 'BOMRef')) ?? '');
      if (entry === undefined) {
        throw answerError(PROGRAM, 'it found a vulnerability of a package that it was not asked about');
      }
      seen.add(entry);
      refuseMore(matches.length + 1);
      matches.push({ package: entry, advisory: advisoryOf(found), fixed: fixedOf(found) });
    }
  }
  const left = packages.filter((entry) => !seen.has(entry));
  return { matches, left: left.map((entry) => ({ package: entry, why: 'unknown-ecosystem' })) };
}

/** Names of other databases for the same; a notice of a distribution (`DSA-4539-1`) is about several. */
const ALIAS = /^(?:CVE|GHSA|GO|PYSEC|RUSTSEC)-/;

function advisoryOf(found: unknown): Advisory {
  const id = text(at(found, 'VulnerabilityID'));
  if (id === undefined) throw answerError(PROGRAM, 'a `VulnerabilityID` is no text');
  const word = text(at(found, 'Severity'));
  const url = text(at(found, 'PrimaryURL'));
  const aliases = list(at(found, 'VendorIDs')).flatMap((value) => text(value) ?? []);
  return {
    id,
    aliases: aliases.filter((alias) => ALIAS.test(alias) && alias !== id),
    summary: firstLine(text(at(found, 'Title')) ?? text(at(found, 'Description')) ?? ''),
    ratings: [...vectorsOf(found), ...(word === undefined ? [] : [{ type: 'word', value: word } as const])],
    ...(url?.startsWith('https://') && { url }),
  };
}

/** Of the one that it took the severity from; else of all. */
function vectorsOf(found: unknown): readonly Rating[] {
  const all = at(found, 'CVSS');
  if (!isRecord(all)) return [];
  const own = at(all, text(at(found, 'SeveritySource')) ?? '');
  return (own === undefined ? Object.values(all) : [own]).flatMap((scores) =>
    ['V2Vector', 'V3Vector', 'V40Vector'].flatMap((key) => cvssOf(text(at(scores, key)))),
  );
}

/** `1.8.4, 2.1.1` */
function fixedOf(found: unknown): readonly string[] {
  const versions = text(at(found, 'FixedVersion'))?.split(',') ?? [];
  return versions.map((version) => version.trim()).filter((version) => version !== '');
}
