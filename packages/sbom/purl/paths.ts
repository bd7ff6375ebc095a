import type { Sbom } from '../types.ts';

/** As many ways as a person reads to a package. */
const PATHS = 3;
/** Of a path that is longer than both, the first and the last steps are shown. */
const FIRST = 6;
const LAST = 6;

/** The shortest paths from the roots to a component, by what people read. */
export type PathsTo = (ref: string) => readonly (readonly string[])[];

const NONE: readonly (readonly string[])[] = [];

/** How a component was first reached from a root. */
interface Reached {
  readonly depth: number;
  /** The first few that lead to it from one step above, the one that reached it first before the others; none leads to a root. */
  by: readonly string[];
  /** The step of its path that is the last of those shown first; itself where it is no further down. */
  readonly first: string;
}

export function pathsOf(sbom: Sbom): PathsTo {
  if (sbom.roots.length === 0) return () => NONE;
  const components = new Map(sbom.components.map((component) => [component.ref, component]));
  const reached = search(sbom, components);
  const labels = new Map<string, string>();
  const labelOf = (ref: string): string => {
    const known = labels.get(ref);
    if (known !== undefined) return known;
    const { name, version } = components.get(ref) ?? { name: ref };
    const label = version === undefined ? name : `${name}@${version}`;
    labels.set(ref, label);
    return label;
  };
  /** Of the steps that lead to a component at most so many, from the top; as many steps up are taken, however deep it is. */
  const steps = (from: string | undefined, most: number): readonly string[] => {
    const found: string[] = [];
    for (let here = from; here !== undefined && found.length < most; here = reached.get(here)?.by[0]) {
      found.push(labelOf(here));
    }
    return found.reverse();
  };
  const pathOf = (from: string, to: string): readonly string[] => {
    const { depth, first } = reached.get(from) ?? { depth: 0, first: from };
    if (depth + 2 <= FIRST + LAST) return [...steps(from, FIRST + LAST), labelOf(to)];
    return [...steps(first, FIRST), '…', ...steps(from, LAST - 1), labelOf(to)];
  };
  return (ref) => reached.get(ref)?.by.map((from) => pathOf(from, ref)) ?? NONE;
}

/**
 * One search over the whole graph, breadth first, in time and memory of its size. Only who is nearer to a root than the other leads
 * on, so that no path goes round.
 */
function search(
  { roots, dependsOn }: Sbom,
  known: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, Reached> {
  const reached = new Map<string, Reached>(roots.map((ref) => [ref, { depth: 0, by: [], first: ref }]));
  const queue = [...roots];
  for (let next = 0; next < queue.length; next += 1) {
    const from = queue[next] ?? '';
    const { depth, first } = reached.get(from) ?? { depth: 0, first: from };
    for (const to of dependsOn.get(from) ?? []) {
      const before = reached.get(to);
      if (before === undefined && known.has(to)) {
        reached.set(to, { depth: depth + 1, by: [from], first: depth + 1 < FIRST ? to : first });
        queue.push(to);
      } else if (before?.depth === depth + 1 && before.by.length < PATHS && !before.by.includes(from)) {
        before.by = [...before.by, from];
      }
    }
  }
  return reached;
}
