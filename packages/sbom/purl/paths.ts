import type { Sbom } from '../types.ts';

/** As many ways as a person reads to a package. */
const PATHS = 3;
/** Whoever is this far down is shown with its first and last steps. */
const LONGEST = 12;

/** Finds the shortest paths from the roots to a component, by what people read. */
export type PathsTo = (ref: string) => readonly (readonly string[])[];

/** Searches when it is first asked: most packages are never asked about. */
export function pathsOf(sbom: Sbom): PathsTo {
  let searched: ((ref: string) => readonly (readonly string[])[]) | undefined;
  return (ref) => {
    searched ??= searchPaths(sbom);
    return searched(ref);
  };
}

function searchPaths(sbom: Sbom): PathsTo {
  const components = new Map(sbom.components.map((component) => [component.ref, component]));
  const reachedBy = search(sbom, components);
  const labelOf = (ref: string): string => {
    const { name, version } = components.get(ref) ?? { name: ref };
    return version === undefined ? name : `${name}@${version}`;
  };
  const upwards = (from: string): string[] => {
    const path: string[] = [];
    for (let here: string | undefined = from; here !== undefined; here = reachedBy.get(here)?.[0]) {
      path.push(labelOf(here));
    }
    return path.reverse();
  };
  return (ref) => (reachedBy.get(ref) ?? []).map((from) => shortened([...upwards(from), labelOf(ref)]));
}

/**
 * Who reached each first, the nearest to a root first: one search over the whole graph, breadth first, in time and memory of its size.
 * Only who is nearer to a root than the other leads on, so that no path goes round.
 */
function search(sbom: Sbom, known: ReadonlyMap<string, unknown>): ReadonlyMap<string, readonly string[]> {
  const depths = new Map<string, number>(sbom.roots.map((ref) => [ref, 0]));
  const reachedBy = new Map<string, string[]>();
  const queue = [...sbom.roots];
  const reach = (from: string, to: string, depth: number) => {
    if (!depths.has(to)) queue.push(to);
    const nearest = depths.get(to) ?? depth;
    depths.set(to, nearest);
    const reached = reachedBy.get(to);
    if (nearest < depth) return;
    if (reached === undefined) reachedBy.set(to, [from]);
    else if (reached.length < PATHS) reached.push(from);
  };
  for (let next = 0; next < queue.length; next += 1) {
    const from = queue[next] ?? '';
    const depth = (depths.get(from) ?? 0) + 1;
    for (const to of sbom.dependsOn.get(from) ?? []) if (known.has(to)) reach(from, to, depth);
  }
  return reachedBy;
}

const shortened = (path: readonly string[]): readonly string[] =>
  path.length <= LONGEST ? path : [...path.slice(0, LONGEST / 2), '…', ...path.slice(-LONGEST / 2)];
