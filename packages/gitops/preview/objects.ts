import { dump, loadAll } from 'js-yaml';
import { unifiedDiff } from '../page/diff.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface RenderedDiff {
  /** How many objects differ. */
  readonly count: number;
  /** A unified diff, object by object; nothing of a Secret's data is in it. */
  readonly text: string;
}

/** What differs between two streams of Kubernetes objects, whatever their order. Throws where one is no YAML. */
export function diffObjects(before: string, after: string): RenderedDiff {
  const old = byKey(before);
  const now = byKey(after);
  const nodes = { left: MOST_NODES };
  const parts = pairs(old, now).flatMap(([name, one, other]) => {
    const part = unifiedDiff(name, show(one, undefined, nodes), show(other, one, nodes));
    return part === '' ? [] : [part];
  });
  return { count: parts.length, text: parts.join('\n') };
}

function byKey(stream: string): ReadonlyMap<string, Fields> {
  const objects = loadAll(stream).flatMap(itemsOf);
  return new Map(objects.map((object, index) => [keyOf(object, index), object]));
}

/** A `List` stands for its items. */
function itemsOf(value: unknown): readonly Fields[] {
  if (!isFields(value)) return [];
  const { kind, items } = value;
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)
    ? items.flatMap(itemsOf)
    : [value];
}

function keyOf({ apiVersion, kind, metadata }: Fields, index: number): string {
  const { namespace, name, generateName } = Object(metadata);
  const group = String(apiVersion ?? '').replace(/(^|\/)v\d\w*$/, '');
  const named = name ?? (generateName === undefined ? `#${index}` : `${generateName}#${index}`);
  return [group, kind, namespace, named]
    .filter((part) => part !== undefined && part !== '')
    .map((part) => String(part).replace(/\s+/g, ' '))
    .join('/');
}

/** Of a name that kustomize makes of a content, everything but the hash of that content. */
const HASHED = /-[a-z0-9]{10}$/;

type Objects = ReadonlyMap<string, Fields>;
type Pair = readonly [name: string, before: Fields | undefined, after: Fields | undefined];

/** Both states of each object: of the same name, or else of the same name but for a hash of its content. */
function pairs(old: Objects, now: Objects): readonly Pair[] {
  const renamed = new Map(
    [...old.keys()].flatMap((key) => {
      const twin = now.has(key) ? undefined : twinOf(key, old, now);
      return twin === undefined ? [] : [[key, twin] as const];
    }),
  );
  const twins = new Set(renamed.values());
  const added = [...now.keys()].filter((key) => !old.has(key) && !twins.has(key));
  return [...old.keys(), ...added].map((key) => [key, old.get(key), now.get(renamed.get(key) ?? key)]);
}

function twinOf(key: string, old: Objects, now: Objects): string | undefined {
  if (!HASHED.test(key)) return undefined;
  const stem = key.replace(HASHED, '');
  return [...now.keys()].find(
    (name) => !old.has(name) && HASHED.test(name) && name.replace(HASHED, '') === stem,
  );
}

/** Aliases may multiply without end; what renderers make of real charts stays far below. */
const MOST_NODES = 1_000_000;

interface Budget {
  left: number;
}

function show(object: Fields | undefined, earlier: Fields | undefined, nodes: Budget): string {
  if (object === undefined) return '';
  return dump(hide(object, earlier, nodes), { lineWidth: -1, noRefs: true });
}

const HIDDEN = '(hidden)';
/** kubectl keeps the whole object in it, a Secret's data too. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** The object without the data of a Secret, also of one inside of it; a value that is another one than before is said to be. */
function hide(value: unknown, earlier: unknown, nodes: Budget): unknown {
  nodes.left -= 1;
  if (nodes.left < 0) throw new RangeError('it holds too many values');
  if (Array.isArray(value)) {
    const others: readonly unknown[] = Array.isArray(earlier) ? earlier : [];
    return value.map((one: unknown, index) => hide(one, others[index], nodes));
  }
  if (!isFields(value)) return value;
  const old = isFields(earlier) ? earlier : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (name === LAST_APPLIED) return [name, HIDDEN];
      const isData = value.kind === 'Secret' && (name === 'data' || name === 'stringData');
      return [name, isData ? hideData(inner, old?.[name]) : hide(inner, old?.[name], nodes)];
    }),
  );
}

function hideData(data: unknown, earlier: unknown): unknown {
  if (!isFields(data)) return HIDDEN;
  const old = isFields(earlier) ? earlier : {};
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => {
      const isOther = Object.hasOwn(old, name) && old[name] !== value;
      return [name, isOther ? `${HIDDEN}, another value than before` : HIDDEN];
    }),
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
