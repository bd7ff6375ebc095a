import type { ExecResult } from '@sluice/core/exec';
import { at, text } from '../json.ts';
import { count } from '../page/words.ts';
import type { Package, Source } from '../types.ts';
import { answered, type Left } from './answered.ts';
import { databaseError, failedError, lastWords, readJson, runScanner, type ScannerPorts } from './scanner.ts';
import { scannerSbom, typeOf } from './scanner-sbom.ts';
import { billOf } from './trivy-asked.ts';
import { readReport } from './trivy-report.ts';

const PROGRAM = 'trivy';
const NO_DATABASE =
  /vulnerability DB|DB error|failed to download|init error|--skip-db-update|OCI artifact|database error/i;
const HINT =
  'Run `trivy image --download-db-only` in a step before, or let trivy reach the place where its database is.';
/** Where its database is and how it gets it; none of those that hide findings. */
const VARIABLES = /^TRIVY_(?:CACHE_DIR|OFFLINE_SCAN|USERNAME|PASSWORD|REGISTRY_TOKEN|INSECURE|\w*DB_\w+)$/;
/** Newer versions ask their maker whether there is a later one, tell of the run, and write of it behind their last words. */
const SILENT = { TRIVY_SKIP_VERSION_CHECK: 'true', TRIVY_DISABLE_TELEMETRY: 'true' };

/**
 * trivy on PATH, and its own database. It lists what it has read of the bill, whether it can look that up or not: what it does not list is
 * unmatched, and so is what its database has nothing of, as probes beside the packages tell.
 */
export function trivySource(ports: ScannerPorts): Source {
  return async (packages) => {
    const { sent, asked, left, system } = billOf(packages);
    if (sent.length === 0) return { ...answered({ matches: [], left }), source: PROGRAM, warnings: [] };
    ports.log.info(`Running trivy over ${count(sent.length, 'package')}`);
    const components =
      system === undefined ? [] : [{ type: 'operating-system', 'bom-ref': 'system', ...system }];
    const result = await runScanner(ports, {
      program: PROGRAM,
      files: {
        'sbom.cdx.json': scannerSbom(asked, ({ purl }) => purl, components),
        ignore: '',
        'trivy.yaml': '',
      },
      // Its folder has no `.trivyignore` and no `trivy.yaml`; both are named, so that a later version looks nowhere else.
      args: (path) => [
        ...['sbom', '--format=json', '--list-all-pkgs', '--scanners=vuln', '--exit-code=0'],
        ...[`--config=${path('trivy.yaml')}`, `--ignorefile=${path('ignore')}`, path('sbom.cdx.json')],
      ],
      ...{ variables: VARIABLES, fixed: SILENT },
    });
    if (result.code !== 0) throw failure(result);
    const report = readReport(readJson(PROGRAM, result), asked, result.stderr);
    const { day, version } = await versions(ports);
    if (!report.hasFound) {
      throw databaseError(PROGRAM, 'it finds nothing in packages that are known to be vulnerable', HINT);
    }
    const isLeft = new Set(report.left.map((one) => one.package));
    const preReleases = unseenIn(sent, version).filter(({ package: entry }) => !isLeft.has(entry));
    const all = [...left, ...report.left, ...preReleases];
    const { matches, warnings } = report;
    return { ...answered({ matches, left: all }), source: `trivy, database of ${day}`, day, warnings };
  };
}

/**
 * Before version 0.65 it took a pre-release of npm to be in no range that does not name one of the same version
 * (https://github.com/aquasecurity/trivy/pull/9208): what it did not find in them may be there.
 */
function unseenIn(sent: readonly Package[], version: string): readonly Left[] {
  const [, minor] = /^v?0\.(\d+)\./.exec(version) ?? [];
  if (minor === undefined || Number(minor) >= 65) return [];
  return sent
    .filter((entry) => typeOf(entry) === 'npm' && /^[^+]*-/.test(entry.version))
    .map((entry) => ({ package: entry, why: 'no-order' }));
}

/** What stands before the words of a fatal error: time and level. */
const LEVEL = /^\S+\s+FATAL\s+(?:Fatal error\s+)?/;

function failure(result: ExecResult): Error {
  return NO_DATABASE.test(result.stderr)
    ? databaseError(PROGRAM, lastWords(result.stderr).replace(LEVEL, ''), HINT)
    : failedError(PROGRAM, result);
}

/** Its report does not say of when the database is, its version does: and nothing where there is none. */
async function versions(ports: ScannerPorts): Promise<{ readonly day: string; readonly version: string }> {
  const result = await runScanner(ports, {
    program: PROGRAM,
    files: { 'trivy.yaml': '' },
    args: (path) => ['version', '--format=json', `--config=${path('trivy.yaml')}`],
    ...{ variables: VARIABLES, fixed: SILENT },
  });
  if (result.code !== 0) throw failedError(PROGRAM, result);
  const json = readJson(PROGRAM, result);
  const updated = text(at(json, 'VulnerabilityDB', 'UpdatedAt'));
  if (updated === undefined || Number.isNaN(Date.parse(updated))) {
    throw databaseError(PROGRAM, 'it does not say of when it is', HINT);
  }
  return {
    day: new Date(updated).toISOString().slice(0, 10),
    version: text(at(json, 'Version')) ?? '',
  };
}
