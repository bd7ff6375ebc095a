import { type ObjectStore, storeOf } from './object-store.ts';

export interface TreeEntry {
  /** `100644`, `100755`, `120000`, `160000`, or `40000` for a folder. */
  readonly mode: string;
  readonly sha: string;
}

/** By path; null takes the entry away. */
export type TreeChanges = ReadonlyMap<string, TreeEntry | null>;

const FOLDER = '40000';

/** Names as bytes, one per character: Git sorts and compares them so. */
type Entries = Map<string, TreeEntry>;

/** The entries of a tree object, by name. */
export function parseTree(data: Buffer): Entries {
  const entries: Entries = new Map();
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(32, at);
    const zero = data.indexOf(0, space);
    const sha = data.toString('hex', zero + 1, zero + 21);
    entries.set(data.toString('latin1', space + 1, zero), { mode: data.toString('latin1', at, space), sha });
    at = zero + 21;
  }
  return entries;
}

function formatTree(entries: Entries): Buffer {
  const key = ([name, { mode }]: [string, TreeEntry]): string => (mode === FOLDER ? `${name}/` : name);
  const sorted = [...entries].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return Buffer.concat(
    sorted.flatMap(([name, { mode, sha }]) => [
      Buffer.from(`${mode} ${name}\0`, 'latin1'),
      Buffer.from(sha, 'hex'),
    ]),
  );
}

async function entriesOf(store: ObjectStore, tree: string | undefined): Promise<Entries> {
  const found = tree === undefined ? undefined : await store.read(tree);
  return found?.type === 'tree' ? parseTree(found.data) : new Map();
}

async function edit(
  store: ObjectStore,
  base: string | undefined,
  changes: TreeChanges,
): Promise<string | undefined> {
  const entries = await entriesOf(store, base);
  const below = new Map<string, Map<string, TreeEntry | null>>();
  for (const [path, entry] of changes) {
    const slash = path.indexOf('/');
    if (slash >= 0) {
      const name = path.slice(0, slash);
      const inner = below.get(name) ?? new Map<string, TreeEntry | null>();
      below.set(name, inner.set(path.slice(slash + 1), entry));
    } else if (entry === null) entries.delete(path);
    else entries.set(path, entry);
  }
  for (const [name, inner] of below) {
    const old = entries.get(name);
    const sha = await edit(store, old?.mode === FOLDER ? old.sha : undefined, inner);
    if (sha !== undefined) entries.set(name, { mode: FOLDER, sha });
    else if (old?.mode === FOLDER) entries.delete(name);
  }
  return entries.size === 0 ? undefined : store.write('tree', formatTree(entries));
}

/** Writes the tree that `base` (undefined: an empty one) becomes by the changes. Folders without a file disappear. Resolves with its SHA. */
export async function editTree(dir: string, base: string | undefined, changes: TreeChanges): Promise<string> {
  const store = storeOf(dir);
  const bytes = new Map([...changes].map(([path, entry]) => [Buffer.from(path).toString('latin1'), entry]));
  return (await edit(store, base, bytes)) ?? store.write('tree', new Uint8Array());
}

/** The entry at a path of a tree, or undefined. */
export async function entryAt(dir: string, tree: string, path: string): Promise<TreeEntry | undefined> {
  const store = storeOf(dir);
  let found: TreeEntry | undefined = { mode: FOLDER, sha: tree };
  for (const name of Buffer.from(path).toString('latin1').split('/')) {
    if (found?.mode !== FOLDER) return undefined;
    found = (await entriesOf(store, found.sha)).get(name);
  }
  return found;
}
