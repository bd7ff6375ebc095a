import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '@sluice/core/run';
import type { ScanDecision } from './decide/types.ts';
import { readGiven } from './files/given.ts';
import { findFiles } from './input-files.ts';
import type { ScanInputs } from './inputs.ts';
import { type Packages, packagesOf } from './packages.ts';
import { annotate, brokenLines } from './page/annotations.ts';
import { oneLine } from './page/foreign.ts';
import { findingLines, unmatchedLines } from './page/log-lines.ts';
import { type ScanOutcome, type ScanReport, scanOutcome } from './page/outcome.ts';
import { count } from './page/words.ts';
import { readSbom } from './read/read.ts';
import { heldBack } from './sarif/held-back.ts';
import { scanSboms } from './scan-sboms.ts';
import { sourceOf } from './source-of.ts';
import type { Package, Sbom } from './types.ts';

/** sbom-scan: reads the SBOMs, looks their packages up, decides, says what was found. */
export async function runSbomScan(inputs: ScanInputs, world: World): Promise<ScanOutcome> {
  const root = realpathSync(world.context.workspace ?? '.');
  const files = filesOf(inputs, root);
  const given = await readGiven(files, root, brokenLines(world.log));
  const sboms = await readAll(files.sbom, root);
  const base = inputs['base-sbom'].length === 0 ? undefined : await readAll(files.base, root);
  const listed = packagesOf(sboms);
  world.log.info(readLine(sboms, listed));
  const source = await sourceOf(inputs, world, root);
  const against = { source, given, inputs, clock: world.clock };
  const { decision: decided, source: where, unanswered } = await scanSboms(sboms, listed, against, base);
  const unwritten = inputs.sarif === undefined ? undefined : whyUnwritten(decided, listed, unanswered);
  const decision = withWarning(
    decided,
    unwritten && `${oneLine(inputs.sarif ?? '')} was not written: ${unwritten}.`,
  );
  const report: ScanReport = {
    ...{ decision, sboms, source: where, threshold: inputs['severity-threshold'] },
    isCompared: base !== undefined,
    ...(inputs['max-unmatched'] === undefined ? {} : { maxUnmatched: inputs['max-unmatched'] }),
    allowList: inputs['allow-list'] ?? '',
    setAside: listed.setAside.map(({ why }) => why),
  };
  const sarif = unwritten === undefined ? await written(report, inputs, listed.packages, world, root) : '';
  const outcome = scanOutcome(report, sarif);
  tell(report, world);
  // Of one that fails the verdict's annotation is in the log.
  if (outcome.verdict === 'clean') world.log.info(outcome.summary);
  return outcome;
}

/** `sbom.cdx.json (CycloneDX 1.6): 12 packages to look up, 1 component that cannot be, 3 that are no packages` */
function readLine(sboms: readonly Sbom[], { packages, unmatched, setAside }: Packages): string {
  const files = sboms.map(({ file, format }) => `${oneLine(file)} (${format})`).join(', ');
  const parts = [
    `${count(packages.length, 'package')} to look up`,
    ...(unmatched.length === 0 ? [] : [`${count(unmatched.length, 'component')} that cannot be`]),
    ...(setAside.length === 0
      ? []
      : [count(setAside.length, 'component that is no package', 'components that are no packages')]),
  ];
  return `${files}: ${parts.join(', ')}`;
}

/** All files that the inputs name, those of patterns in order. */
export function filesOf(
  inputs: Pick<ScanInputs, 'sbom' | 'base-sbom' | 'vex' | 'kev' | 'epss' | 'database' | 'allow-list'> & {
    /** What is written: none of those that are read. */
    readonly sarif?: string | undefined;
  },
  root: string,
) {
  const { kev, epss, database, 'allow-list': allowList } = inputs;
  const one = (input: string, file: string | undefined) => ({
    input,
    given: file === undefined ? [] : [file],
  });
  const [sbom = [], base = [], vex = []] = findFiles(
    [
      { input: 'sbom', given: inputs.sbom, missing: 'sbom-not-found' },
      { input: 'base-sbom', given: inputs['base-sbom'], missing: 'sbom-not-found', besides: 'sbom' },
      { input: 'vex', given: inputs.vex, missing: 'vex-broken' },
      one('kev', kev),
      one('epss', epss),
      one('database', database),
      one('allow-list', allowList),
    ],
    root,
    inputs.sarif,
  );
  return { sbom, base, vex, kev, epss, allowList };
}

/** One after the other: a single one may take much of the memory while it is read. */
async function readAll(files: readonly string[], root: string): Promise<readonly Sbom[]> {
  const sboms: Sbom[] = [];
  for (const file of files) sboms.push(await readSbom(join(root, file), file));
  return sboms;
}

/** Why a SARIF file that was asked for is not written, whatever was found; undefined where it may be. */
function whyUnwritten(
  { isWhole }: ScanDecision,
  { unmatched }: Packages,
  unanswered: readonly Package[],
): string | undefined {
  return isWhole
    ? heldBack(unmatched, unanswered)
    : 'not everything was looked up, and it would close the alerts of what was not';
}

const withWarning = (decision: ScanDecision, warning: string | undefined): ScanDecision =>
  warning === undefined ? decision : { ...decision, warnings: [...decision.warnings, warning] };

/** The SARIF file, where one is to be written. */
async function written(
  { decision, sboms }: ScanReport,
  inputs: ScanInputs,
  packages: readonly Package[],
  world: World,
  root: string,
): Promise<string> {
  const { sarif } = inputs;
  if (sarif === undefined || inputs['dry-run']) return '';
  const { writeSarif } = await import('./sarif/write-sarif.ts');
  const files = new Map(packages.map((one) => [keyOf(one), one.files]));
  const { omitted } = await writeSarif(sarif, root, {
    findings: decision.findings,
    filesOf: (finding) => files.get(keyOf({ ...finding.package, version: finding.version })) ?? [],
    scanned: sboms.map(({ file }) => file),
    named: inputs.sbom,
  });
  if (omitted > 0)
    world.log.warning(
      `${oneLine(sarif)} lacks ${count(omitted, 'finding')}, the least severe: GitHub takes no larger file.`,
    );
  return sarif;
}

const keyOf = ({ ecosystem, name, version }: Pick<Package, 'ecosystem' | 'name' | 'version'>): string =>
  JSON.stringify([ecosystem, name, version]);

function tell({ decision, threshold }: ScanReport, { log }: World): void {
  const { counts } = decision;
  if (counts.findings > 0)
    log.group?.(`${count(counts.findings, 'finding')}, worst first`, findingLines(decision, threshold));
  if (counts.unmatched > 0)
    log.group?.(
      `${count(counts.unmatched, 'component')} that could not be looked up`,
      unmatchedLines(decision),
    );
  annotate(decision, log);
}
