/**
 * What belongs together because it shares a name, directly or through others, in the order in which the first of each stands. Names are
 * compared as they are. Its effort grows with the number of names, however they are chained.
 */
export function connected<T>(
  all: readonly T[],
  namesOf: (one: T) => readonly string[],
): readonly (readonly T[])[] {
  if (all.length === 1) return [all];
  const parents = new Map<string, string>();
  const rootOf = (name: string): string => {
    let root = name;
    for (let next = parents.get(root); next !== undefined && next !== root; next = parents.get(root))
      root = next;
    // Next time the way is short.
    for (let here = name; here !== root; ) {
      const next = parents.get(here) ?? root;
      parents.set(here, root);
      here = next;
    }
    return root;
  };
  for (const one of all) {
    const [first, ...others] = namesOf(one);
    if (first === undefined) continue;
    const root = rootOf(first);
    parents.set(root, root);
    for (const name of others) parents.set(rootOf(name), root);
  }
  const groups = Map.groupBy(all, (one) => {
    const [first] = namesOf(one);
    return first === undefined ? one : rootOf(first);
  });
  return [...groups.values()];
}
