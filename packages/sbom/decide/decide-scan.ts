import type { ScanReason } from '../reasons.ts';
import type { Finding } from '../types.ts';
import { applyAllowList } from './allow.ts';
import { causesOf, type Open, threatOf } from './cause.ts';
import { countsOf } from './counts.ts';
import { compareText, type Group, groupMatches, nameKey, packageKey } from './group.ts';
import { identitiesOf } from './identity.ts';
import { compareJudged, type Judged } from './order.ts';
import { rateWorst } from './severity.ts';
import type { Expired, ScanDecision, ScanInput, ScanVerdict } from './types.ts';
import { type Unlooked, unlooked } from './unlooked.ts';
import { applyVex } from './vex.ts';
import { ageWarnings, settingsWarnings, threatWarnings } from './warnings.ts';

/**
 * What is to be said of a scan. `clean` only where every SBOM had packages of which the source has told, no more than `maxUnmatched` were
 * not, nothing that was found counts, and no entry of the allow-list has expired. What was found is `vulnerable`, whatever else
 * could not be told.
 */
export function decideScan(input: ScanInput): ScanDecision {
  const identities = identitiesOf(input.sboms);
  const vex = applyVex(input.vex, identities);
  const allowList = applyAllowList(input.allow, identities, input.today);
  const base = input.base && new Set(input.base.map(packageKey));
  const judged = groupMatches(input.scan.matches)
    .map((group) => {
      const notAffected = vex.clears(group);
      const allowed = allowList.allows(group, notAffected === undefined);
      const isNew = base && !base.has(packageKey(group.package));
      return judge(input, group, { notAffected, allowed, isNew });
    })
    .sort(compareJudged);
  const expired = allowList.expired();
  const unmatched = [...input.unmatched, ...input.scan.unmatched];
  const counts = countsOf(judged, input.packages.length, unmatched.length);
  const left = unlooked(input, unmatched.length);
  const ruled = verdictOf(judged, expired, left);
  /** By the verdict, which names none of several SBOMs. */
  const isSaid = (reason: ScanReason): boolean =>
    reason === ruled.reason && !(reason === 'nothing-to-scan' && input.sboms.length > 1);
  return {
    ...ruled,
    isWhole: left.length === 0,
    findings: judged.map(({ finding }) => finding),
    causes: judged.map(({ causes }) => causes),
    unmatched,
    counts,
    problems: [...left.filter(({ reason }) => !isSaid(reason)).map(({ what }) => what), ...expired],
    warnings: [
      ...input.scan.warnings,
      ...allowList.notes(),
      ...vex.warnings(),
      ...threatWarnings(judged, input),
      ...settingsWarnings(input),
      ...ageWarnings(input),
    ],
  };
}

interface Said {
  readonly notAffected: string | undefined;
  readonly allowed: string | undefined;
  readonly isNew: boolean | undefined;
}

function judge(input: ScanInput, group: Group, { notAffected, allowed, isNew }: Said): Judged {
  const { advisories, package: found } = group;
  const because = notAffected ?? allowed;
  const url = advisories.find((advisory) => advisory.url !== undefined)?.url;
  const open: Open = {
    id: group.id,
    aliases: group.aliases,
    package: { name: found.name, ecosystem: found.ecosystem, purl: found.purl },
    version: found.version,
    ...rateWorst(advisories, input.score),
    fixed: group.fixed,
    paths: found.paths,
    status: statusOf(notAffected, allowed),
    ...(because !== undefined && { because }),
    summary: advisories.find(({ summary }) => summary !== '')?.summary ?? '',
    ...(url !== undefined && { url }),
    ...(isNew !== undefined && { isNew }),
    ...upstreamOf(group),
    ...threatOf(group, input),
  };
  const causes = causesOf(open, input);
  const waits = causes.length > 0 && input.settings.onlyFixed && open.fixed.length === 0;
  const finding = { ...open, ...(waits && { waits }), blocking: causes.length > 0 && !waits };
  return { finding, causes: waits ? [] : causes, waits };
}

/** The vulnerabilities that it puts together, but for those that are names of it. */
function upstreamOf({ id, aliases, advisories }: Group): Pick<Finding, 'upstream'> {
  const names = new Set([id, ...aliases].map(nameKey));
  const others = new Map<string, string>();
  for (const name of advisories.flatMap(({ upstream = [] }) => upstream)) {
    if (!names.has(nameKey(name))) others.set(nameKey(name), name);
  }
  return others.size === 0 ? {} : { upstream: [...others.values()].toSorted(compareText) };
}

/** That a package is not affected says more than that it is allowed. */
function statusOf(notAffected: string | undefined, allowed: string | undefined): Finding['status'] {
  if (notAffected !== undefined) return 'not-affected';
  return allowed === undefined ? 'open' : 'allowed';
}

type Ruled = { readonly verdict: ScanVerdict; readonly reason: ScanReason };

function verdictOf(judged: readonly Judged[], expired: readonly Expired[], left: readonly Unlooked[]): Ruled {
  const causes = new Set(judged.flatMap((one) => one.causes));
  if (causes.has('exploited') || causes.has('epss')) return { verdict: 'vulnerable', reason: 'exploited' };
  if (causes.has('severity')) return { verdict: 'vulnerable', reason: 'at-threshold' };
  if (causes.size > 0) return { verdict: 'vulnerable', reason: 'unknown-severity' };
  // What was allowed, and is no longer, was seen.
  if (expired.some(({ hides }) => hides.length > 0))
    return { verdict: 'vulnerable', reason: 'expired-allowance' };
  const [obstacle] = left;
  if (obstacle !== undefined) return { verdict: 'could-not-scan', reason: obstacle.reason };
  if (expired.length > 0) return { verdict: 'could-not-scan', reason: 'expired-allowance' };
  return { verdict: 'clean', reason: judged.length === 0 ? 'nothing-found' : 'none-counts' };
}
