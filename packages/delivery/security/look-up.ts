import { SluiceError } from '@sluice/core/errors';
import type { Package, Scan, Source } from '@sluice/sbom/types';

/** What a source says of the packages of one SBOM, or why it says nothing. */
export type LookedUp = Scan | SluiceError;

/** Of a thousand SBOMs the one that the source cannot take is found with eleven. */
const MOST_FAILURES = 11;

/**
 * Looks up the packages of several SBOMs together, so that a database, or a record, is read once. Where the source refuses, halves are
 * asked about, until what it refuses stands alone: an SBOM that asks too much leaves the others their answer. Only for a source to which
 * it makes no difference what else it is asked about.
 */
export async function lookUpTogether(
  lists: readonly (readonly Package[])[],
  source: Source,
): Promise<readonly LookedUp[]> {
  const answers: LookedUp[] = [];
  let failures = 0;
  let final: SluiceError | undefined;
  // From the end, so that the first is taken first.
  const waiting = [lists];
  for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
    if (group.length === 0) continue;
    const answer: readonly Scan[] | SluiceError = final ?? (await attempt(group, source));
    if (!(answer instanceof SluiceError)) {
      failures = Number.NEGATIVE_INFINITY;
      answers.push(...answer);
      continue;
    }
    failures += 1;
    if (isFinal(answer, failures)) final = answer;
    if (final === undefined && group.length > 1) {
      const half = Math.ceil(group.length / 2);
      waiting.push(group.slice(half), group.slice(0, half));
    } else answers.push(...group.map(() => answer));
  }
  return answers;
}

/**
 * Whether anything else that is asked would end so too: without an answer to anything what fails again and again is no matter of what is
 * asked, and a broken database is broken for all.
 */
const isFinal = ({ kind, code }: SluiceError, failures: number): boolean =>
  kind === 'input' || code === 'osv-unreachable' || (code === 'osv-unavailable' && failures >= MOST_FAILURES);

async function attempt(
  group: readonly (readonly Package[])[],
  source: Source,
): Promise<readonly Scan[] | SluiceError> {
  try {
    return partsOf(await source(unionOf(group)), group);
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code === 'cancelled') throw error;
    return error;
  }
}

/** All by which a source can tell two packages apart: what one SBOM writes in an odd way is not asked in place of what another one does. */
const keyOf = ({ purl, ecosystem, name, version }: Package): string =>
  JSON.stringify([purl, ecosystem, name, version]);

const unionOf = (lists: readonly (readonly Package[])[]): readonly Package[] => [
  ...new Map(lists.flatMap((packages) => packages.map((one) => [keyOf(one), one] as const))).values(),
];

/** To each what is about its packages, as it lists them. */
function partsOf(scan: Scan, lists: readonly (readonly Package[])[]): readonly Scan[] {
  const matches = Map.groupBy(scan.matches, (match) => keyOf(match.package));
  // Of each package that was not told of there is one entry in both.
  const left = new Map(scan.unanswered.map((one, at) => [keyOf(one), scan.unmatched[at]] as const));
  return lists.map((packages) => {
    const own = packages.map((one) => [keyOf(one), one] as const);
    const untold = own.filter(([key]) => left.has(key));
    return {
      ...scan,
      matches: own.flatMap(([key, one]) =>
        (matches.get(key) ?? []).map((match) => ({ ...match, package: one })),
      ),
      unanswered: untold.map(([, one]) => one),
      unmatched: untold.flatMap(([key, one]) => {
        const said = left.get(key);
        return said === undefined ? [] : [{ ...said, file: one.files[0] ?? '' }];
      }),
    };
  });
}
