import { connected } from '@sluice/sbom/decide/connected';
import { nameKey } from '@sluice/sbom/decide/group';
import { SEVERITIES } from '@sluice/sbom/decide/severity';
import type { Cause } from '@sluice/sbom/decide/types';
import type { Finding } from '@sluice/sbom/types';
import type { Scanned, Target } from './scan-targets.ts';

/** A finding, and where it was found. */
export interface Place {
  readonly target: Target;
  readonly finding: Finding;
  /** Why it counts; empty where it does not. */
  readonly causes: readonly Cause[];
}

/** One vulnerability under all its names, in all places that have it. */
export interface Advisory {
  /** The name of its worst place. */
  readonly id: string;
  /** All names, in capitals. */
  readonly names: ReadonlySet<string>;
  /** Worst first. */
  readonly places: readonly Place[];
}

const namesOf = ({ id, aliases }: Finding): readonly string[] => [id, ...aliases].map(nameKey);

/** What was found anywhere, one entry for each vulnerability, worst first. Two are one that share a name, directly or through others. */
export function advisoriesOf(scanned: readonly Scanned[]): readonly Advisory[] {
  const places = scanned.flatMap((one) =>
    one.type === 'seen'
      ? one.decision.findings.map(
          (finding, at): Place => ({ target: one.target, finding, causes: one.decision.causes[at] ?? [] }),
        )
      : [],
  );
  return connected(places, ({ finding }) => namesOf(finding))
    .map(advisoryOf)
    .sort((a, b) => compare(a.places[0], b.places[0]));
}

function advisoryOf(places: readonly Place[]): Advisory {
  const sorted = places.toSorted(compare);
  return {
    id: sorted[0]?.finding.id ?? '',
    names: new Set(sorted.flatMap(({ finding }) => namesOf(finding))),
    places: sorted,
  };
}

/** What counts first, then what is exploited, then by severity; then in an order that stays the same from run to run. */
function compare(a: Place | undefined, b: Place | undefined): number {
  const [one, other] = [a, b].map((place) => (place === undefined ? [] : rank(place)));
  for (const [at, value] of (one ?? []).entries()) {
    const against = other?.[at] ?? '';
    if (value !== against) return value < against ? -1 : 1;
  }
  return 0;
}

const rank = ({ target, finding }: Place): readonly (number | string)[] => [
  finding.blocking ? 0 : 1,
  finding.exploited === true ? 0 : 1,
  SEVERITIES.indexOf(finding.severity),
  -(finding.score ?? 0),
  nameKey(finding.id),
  target.name,
  finding.package.name,
  finding.version,
];
