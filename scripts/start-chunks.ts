import type { CodeSplittingNameFunction } from 'rolldown';
import { bundleOf } from './action-folders.ts';

/** What the bundler knows of its modules; the part that is used here. */
type Graph = Pick<Parameters<CodeSplittingNameFunction>[1], 'getModuleInfo'>;

/**
 * Puts what bundles load at their start into one file for each set of bundles, and one for each bundle: left alone, a module that is also
 * loaded late by one of them gets a file of its own, and each further file of a start costs half a millisecond. `bundles`: how many there
 * are. The largest sets come first: a group takes the dependencies of its modules with it, and those may be in a larger set.
 */
export function startChunks(bundles: number): { readonly name: CodeSplittingNameFunction }[] {
  const known = new Map<string, ReadonlySet<string>>();
  const sizes = Array.from({ length: bundles }, (_, at) => bundles - at);
  return sizes.map((size) => ({
    name: (moduleId, graph) => {
      const sharing = bundlesOf(moduleId, graph, known);
      // What is loaded late would wait for the end of the run, were it to import a file that holds the run itself.
      if (sharing.size !== size || graph.getModuleInfo(moduleId)?.isEntry === true) return null;
      const names = [...sharing].sort().join('-');
      return size === 1 ? `${names}-start` : names;
    },
  }));
}

/** The bundles that cannot start without a module: those from which static imports lead to it. */
function bundlesOf(
  moduleId: string,
  graph: Graph,
  known: Map<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const done = known.get(moduleId);
  if (done !== undefined) return done;
  const bundles = new Set<string>();
  const seen = new Set([moduleId]);
  // A set hands out what is added to it meanwhile.
  for (const id of seen) {
    const info = graph.getModuleInfo(id);
    if (info?.isEntry === true) bundles.add(bundleOf(id));
    for (const importer of info?.importers ?? []) seen.add(importer);
  }
  known.set(moduleId, bundles);
  return bundles;
}
