import type { ExecResult } from '@sluice/core/exec';
import { at, isRecord, kindOf, list, text } from '../json.ts';
import { ecosystemOf, nameKey } from '../osv/ecosystem.ts';
import type { OsvRecord } from '../osv/record.ts';
import { count } from '../page/words.ts';
import type { Match, Package, Source } from '../types.ts';
import { type Answered, answered, type Left, refuseMore } from './answered.ts';
import { cannotTell, matchOf, readRecord } from './osv-record-match.ts';
import { baseOf, databaseFolder, missing, proveDatabases } from './osv-scanner-database.ts';
import { answerError, failedError, readJson, runScanner, type ScannerPorts } from './scanner.ts';
import { groupBy, scannerSbom, sourcePurl } from './scanner-sbom.ts';

const PROGRAM = 'osv-scanner';
/** Nothing found, and something found; all others are errors (docs/output.md of google/osv-scanner, "Return Codes"). */
const GOOD = [0, 1];

/**
 * osv-scanner on PATH, version 2, without network, over its offline databases. It is held to have scanned only where it says
 * that it has loaded the database of each ecosystem, and where it lists the package.
 */
export function osvScannerSource(ports: ScannerPorts): Source {
  return async (packages) => {
    if (packages.length === 0)
      return { ...answered({ matches: [], left: [] }), source: PROGRAM, warnings: [] };
    const folder = databaseFolder(ports.env);
    const ecosystems = [...new Set(packages.map(({ ecosystem }) => baseOf(ecosystem)))];
    const oldest = await proveDatabases(folder, packages);
    ports.log.info(`Running osv-scanner over ${count(packages.length, 'package')}`);
    const result = await runScanner(ports, {
      program: PROGRAM,
      // Without a configuration of ours it takes osv-scanner.toml, which hides findings, from beside the SBOM and above.
      files: { 'sbom.cdx.json': scannerSbom(packages, sourcePurl), 'osv-scanner.toml': '' },
      args: (path) => [
        ...['scan', 'source', '--offline', `--local-db-path=${folder}`, '--format=json'],
        ...['--all-packages', '--all-vulns', `--config=${path('osv-scanner.toml')}`],
        ...['--lockfile', path('sbom.cdx.json')],
      ],
      variables: /^$/,
    });
    proveLoaded(result, ecosystems);
    const report = readReport(readJson(PROGRAM, result), packages);
    const day = oldest.toISOString().slice(0, 10);
    return {
      ...answered(report),
      ...{ day, warnings: [] },
      source: `osv-scanner, databases of ${day} (${ecosystems.join(', ')})`,
    };
  };
}

/** Both its exit code and what it says: where one database has a finding, it ends with 1 though another one could not be loaded. */
function proveLoaded(result: ExecResult, ecosystems: readonly string[]): void {
  const failed = /could not load db for (.+?) ecosystem: (.*)/.exec(result.stderr);
  if (failed !== null) throw missing(failed[1] ?? '', failed[2] ?? '');
  if (!GOOD.includes(result.code)) throw failedError(PROGRAM, result);
  const silent = ecosystems.find(
    (ecosystem) => !result.stderr.includes(`Loaded ${ecosystem} local db from `),
  );
  if (silent !== undefined) throw missing(silent, 'it does not say that it has loaded it');
}

function readReport(json: unknown, packages: readonly Package[]): Answered {
  const results = at(json, 'results');
  if (!Array.isArray(results)) throw answerError(PROGRAM, `\`results\` is ${kindOf(results)}`);
  const waiting = groupBy(packages, ({ ecosystem, name, version }) => keyOf(ecosystem, name, version));
  const seen = new Set<Package>();
  const matches: Match[] = [];
  for (const listed of results.flatMap((result: unknown) => list(at(result, 'packages')))) {
    const found = packagesOf(waiting, listed);
    const vulnerabilities = list(at(listed, 'vulnerabilities')).map(recordOf);
    if (found.length === 0 && vulnerabilities.length > 0) {
      throw answerError(PROGRAM, 'it found a vulnerability of a package that it was not asked about');
    }
    for (const entry of found) {
      seen.add(entry);
      refuseMore(matches.length + vulnerabilities.length);
      for (const record of vulnerabilities) matches.push(matchOf(record, entry));
    }
  }
  const hit = new Set(matches.map((match) => match.package));
  return { matches, left: packages.flatMap((entry) => leftOf(entry, seen, hit)) };
}

/** What it does not list, it has no ecosystem for. */
function leftOf(entry: Package, seen: ReadonlySet<Package>, hit: ReadonlySet<Package>): readonly Left[] {
  if (!seen.has(entry)) return [{ package: entry, why: 'unknown-ecosystem' }];
  return !hit.has(entry) && cannotTell(entry) ? [{ package: entry, why: 'no-order' }] : [];
}

function keyOf(ecosystem: string, name: string, version: string): string {
  const known = ecosystemOf(ecosystem);
  return JSON.stringify([nameKey(known, name), known.release, version]);
}

function packagesOf(waiting: ReadonlyMap<string, readonly Package[]>, listed: unknown): readonly Package[] {
  const named = at(listed, 'package');
  if (!isRecord(named)) throw answerError(PROGRAM, `a package is ${kindOf(named)}`);
  const [ecosystem, name, version] = [text(named.ecosystem), text(named.name), text(named.version)];
  if (name === undefined) throw answerError(PROGRAM, 'a package has no name');
  return waiting.get(keyOf(ecosystem ?? '', name, version ?? '')) ?? [];
}

function recordOf(json: unknown): OsvRecord {
  const record = readRecord(json);
  if (typeof record === 'string') throw answerError(PROGRAM, record);
  return record;
}
