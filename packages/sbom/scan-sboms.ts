import type { World } from '@sluice/core/run';
import { cvssScorer } from './decide/cvss.ts';
import { decideScan } from './decide/decide-scan.ts';
import type { ScanDecision, ScanInput } from './decide/types.ts';
import type { Given } from './files/given.ts';
import type { ScanInputs } from './inputs.ts';
import { type Packages, packagesOf } from './packages.ts';
import type { Match, Package, Sbom, Source } from './types.ts';

/** The inputs that say what counts. */
export type Counting = Pick<
  ScanInputs,
  'severity-threshold' | 'only-fixed' | 'max-unmatched' | 'fail-on-kev' | 'fail-on-epss'
>;

/** Against what SBOMs are held. */
export interface Against {
  readonly source: Source;
  readonly given: Given;
  readonly inputs: Counting;
  readonly clock: World['clock'];
}

export interface ScannedSboms {
  readonly decision: ScanDecision;
  /** Where was looked, for people. */
  readonly source: string;
  /** Of which packages the source could not tell. */
  readonly unanswered: readonly Package[];
}

/** Looks up what SBOMs list, and decides. `base`: then only what it does not list counts. */
export async function scanSboms(
  sboms: readonly Sbom[],
  { packages, unmatched, warnings }: Packages,
  { source, given, inputs, clock }: Against,
  base?: readonly Sbom[],
): Promise<ScannedSboms> {
  const answer = await source(packages);
  const scan = { ...answer, warnings: [...warnings, ...answer.warnings] };
  const decision = decideScan({
    ...{ sboms, packages, unmatched, scan },
    ...(base === undefined ? {} : { base: packagesOf(base).packages }),
    ...{ allow: given.allow, vex: given.vex },
    ...(await threats(inputs, given, scan.matches)),
    settings: settingsOf(inputs),
    score: await cvssScorer(scan.matches.flatMap(({ advisory }) => advisory.ratings)),
    today: new Date(clock.now()).toISOString().slice(0, 10),
  });
  return { decision, source: scan.source, unanswered: scan.unanswered };
}

/** By which scores of EPSS are looked for. */
export const namesIn = (matches: readonly Match[]): ReadonlySet<string> =>
  new Set(
    matches.flatMap(({ advisory }) => [advisory.id, ...advisory.aliases, ...(advisory.upstream ?? [])]),
  );

async function threats(
  inputs: Counting,
  { kev, epss }: Given,
  matches: readonly Match[],
): Promise<Pick<ScanInput, 'kev' | 'epss'>> {
  const ids = namesIn(matches);
  const failsFrom = inputs['fail-on-epss'];
  return {
    ...(kev === undefined ? {} : { kev: { ...kev, fails: inputs['fail-on-kev'] } }),
    ...(epss === undefined
      ? {}
      : { epss: { ...(await epss(ids)), ...(failsFrom === undefined ? {} : { failsFrom }) } }),
  };
}

function settingsOf(inputs: Counting): ScanInput['settings'] {
  const maxUnmatched = inputs['max-unmatched'];
  return {
    threshold: inputs['severity-threshold'],
    onlyFixed: inputs['only-fixed'],
    ...(maxUnmatched === undefined ? {} : { maxUnmatched }),
  };
}
