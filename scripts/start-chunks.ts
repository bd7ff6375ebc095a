import type { CodeSplittingNameFunction } from 'rolldown';
import { BUILTINS, REQUIRED_BUILTINS } from './plain-builtins.ts';

/** What the bundler knows of its modules; the part that is used here. */
type Graph = Pick<Parameters<CodeSplittingNameFunction>[1], 'getModuleInfo'>;

/** For each module that is loaded at a start: the names of the bundles that cannot start without it, as static imports lead to it. */
type Sharing = ReadonlyMap<string, readonly string[]>;

/** Characters of source that are read in the time that a further file costs. */
const FILE = 14_000;

/**
 * Puts what bundles load at their start into one file for each set of bundles, and one for each bundle: left alone, a module that is also
 * loaded late by one of them gets a file of its own, and each further file of a start costs half a millisecond. So what little a set shares
 * is in the file that all load: those of the set win more by that than the others lose. `entries`: the id of the first module of each bundle, by its name.
 */
export function startChunks(
  entries: Readonly<Record<string, string>>,
): { readonly name: CodeSplittingNameFunction; readonly debugName: string }[] {
  const all = Object.keys(entries).length;
  const first = new Set(Object.values(entries));
  const little = new Map<string, boolean>();
  let known: Sharing | undefined;

  function fileOf(id: string, graph: Graph): { readonly name: string; readonly bundles: number } | undefined {
    known ??= sharingOf(entries, graph);
    const sharing = known.get(id);
    // What is loaded late would wait for the end of the run, were it to import a file that holds the run itself.
    if (first.has(id)) return undefined;
    if (BUILTINS.test(id))
      return sharing || !REQUIRED_BUILTINS.test(id)
        ? { name: 'common', bundles: all }
        : { name: 'builtins', bundles: 0 };
    if (sharing === undefined) return undefined;
    const name = sharing.join('-');
    if (sharing.length === 1) return { name: `${name}-start`, bundles: 1 };
    const others = all - sharing.length;
    const isLittle = little.get(name) ?? sizeOf(name, known, all, graph) * others < FILE * sharing.length;
    little.set(name, isLittle);
    return isLittle ? { name: 'common', bundles: all } : { name, bundles: sharing.length };
  }

  // The largest sets come first: a group takes the dependencies of its modules with it, and those may be in a larger set.
  return Array.from({ length: all + 1 }, (_, at) => ({
    debugName: `shared by ${all - at}`,
    name: (id, graph) => {
      const file = fileOf(id, graph);
      return file?.bundles === all - at ? file.name : null;
    },
  }));
}

function sharingOf(entries: Readonly<Record<string, string>>, graph: Graph): Sharing {
  const sharing = new Map<string, string[]>();
  for (const [name, entry] of Object.entries(entries).sort()) {
    if (graph.getModuleInfo(entry) === null) throw new Error(`${entry} is not the first module of ${name}`);
    for (const id of reached([entry], graph)) sharing.set(id, [...(sharing.get(id) ?? []), name]);
  }
  return sharing;
}

/** Of the modules that exactly one set of bundles shares, with what they import and not all bundles share. */
function sizeOf(set: string, sharing: Sharing, all: number, graph: Graph): number {
  const own = [...sharing].filter(([, names]) => names.join('-') === set).map(([id]) => id);
  const sizes = [...reached(own, graph)].map((id) =>
    BUILTINS.test(id) || sharing.get(id)?.length === all ? 0 : (graph.getModuleInfo(id)?.code?.length ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** These modules and what static imports lead to from them. */
function reached(from: readonly string[], graph: Graph): ReadonlySet<string> {
  const ids = new Set(from);
  // A set hands out what is added to it meanwhile.
  for (const id of ids) for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) ids.add(imported);
  return ids;
}
