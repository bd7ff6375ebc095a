// `node test/bench/sbom.ts [components] [records]`: sbom-scan over a database of many ecosystems, beside osv-scanner over the same files.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { archive } from '@sluice/testbed/osv/archive';
import { generate } from '@sluice/testbed/osv/generate';
import { runBundle } from '@sluice/testbed/runner';
import { goVersion } from '../e2e/rig/build.ts';
import { buildScanner } from '../e2e/rig/scanners.ts';

const action = path.resolve(import.meta.dirname, '../../actions/sbom-scan');
const peakMemory = path.join(import.meta.dirname, 'peak-memory.mjs');
/** osv-scanner compares each package with each record of its ecosystem: it takes minutes. */
const LIMIT_MS = 1_800_000;

export interface SbomReport {
  readonly components: number;
  readonly records: number;
  readonly findings: number;
  readonly ms: number;
  /** Bytes. */
  readonly memory: number;
  /** Milliseconds; absent where there is no Go to build osv-scanner. */
  readonly osvScanner?: number;
}

/** One scan, then osv-scanner's of the same bill by the same archives. */
export async function measureSbom(
  { components = 50_000, records = 20_000 }: { components?: number; records?: number },
  say: (line: string) => void,
): Promise<SbomReport> {
  const workspace = mkdtempSync(path.join(tmpdir(), 'sluice-sbom-'));
  try {
    writeFiles(workspace, components, records);
    const ours = await scan(workspace);
    const go = await goVersion();
    if (go === undefined) return { components, records, ...ours };
    const program = path.join(await buildScanner('osv-scanner', go, say), 'osv-scanner');
    return { components, records, ...ours, osvScanner: await theirs(program, workspace) };
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

function writeFiles(workspace: string, components: number, records: number): void {
  const generated = generate({ components, records, seed: 7 });
  writeFileSync(path.join(workspace, 'shop.cdx.json'), generated.sbom);
  for (const [ecosystem, all] of generated.records) {
    const folder = path.join(workspace, 'database', 'osv-scalibr', ecosystem);
    mkdirSync(folder, { recursive: true });
    const files = all.map((record) => ({ name: `${record.id}.json`, content: JSON.stringify(record) }));
    writeFileSync(path.join(folder, 'all.zip'), archive(files));
  }
}

async function scan(workspace: string): Promise<Pick<SbomReport, 'findings' | 'ms' | 'memory'>> {
  const file = path.join(workspace, 'peak');
  const run = await runBundle({
    ...{ action, workspace, timeout: LIMIT_MS },
    inputs: { sbom: 'shop.cdx.json', source: 'database', database: 'database' },
    env: { NODE_OPTIONS: `--import=${peakMemory}`, PEAK_MEMORY: file },
  });
  if (run.outputs.verdict !== 'vulnerable') {
    throw new Error(`sbom-scan ended with ${run.outputs.verdict}. Its log:\n${run.log.slice(-5000)}`);
  }
  const memory = Number(readFileSync(file, 'utf8')) * 1024;
  return { findings: Number(run.outputs.findings), ms: run.ms, memory };
}

async function theirs(program: string, workspace: string): Promise<number> {
  const begun = performance.now();
  const child = spawn(
    program,
    [
      ...['scan', 'source', '--offline', '--local-db-path=database', '--format=json'],
      ...['--output-file=theirs.json', '--lockfile=shop.cdx.json'],
    ],
    { cwd: workspace, stdio: 'ignore', timeout: LIMIT_MS },
  );
  const [code] = await once(child, 'close');
  const ms = performance.now() - begun;
  if (code !== 1) throw new Error(`osv-scanner ended with ${code}`);
  return ms;
}

/** Most memory, in bytes. */
export const LARGEST_SCAN = 500e6;

/** Not slower than osv-scanner, in the memory that it may have. */
export const isScanMet = ({ ms, memory, osvScanner = Number.POSITIVE_INFINITY }: SbomReport): boolean =>
  ms <= osvScanner && memory < LARGEST_SCAN;

/** The report as a line. */
export function describeSbom({ osvScanner, ...report }: SbomReport): string {
  const { components, records, findings, ms, memory } = report;
  const seconds = (value: number) => `${(value / 1000).toFixed(1)} s`;
  const other =
    osvScanner === undefined
      ? 'osv-scanner is built with Go, and there is none'
      : `osv-scanner ${seconds(osvScanner)}`;
  const size = `${components} components, ${records} records, ${findings} findings`;
  return `SBOM: ${size}: ${seconds(ms)}, ${(memory / 1e6).toFixed(0)} MB; ${other}`;
}

if (import.meta.main) {
  const [components = 50_000, records = 20_000] = process.argv.slice(2).map(Number);
  const report = await measureSbom({ components, records }, console.log);
  console.log(describeSbom(report));
  process.exitCode = isScanMet(report) ? 0 : 1;
}
