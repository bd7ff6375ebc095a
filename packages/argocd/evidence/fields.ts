import { isRecord, type Json } from '../json.ts';

/** A key of an object, the index in a list, or the item of a list that has this `name`. */
export type Step = string | number | { readonly name: string };

/** A field that has another value; `undefined` where there is none. */
export interface FieldDifference {
  readonly path: readonly Step[];
  readonly before: Json;
  readonly after: Json;
}

/** The innermost fields in which two values differ; items of lists are held together by their `name`, where all have one. */
export function fieldDifferences(
  before: Json,
  after: Json,
  path: readonly Step[] = [],
): readonly FieldDifference[] {
  // Kubernetes takes `null` for none.
  const [was, is] = [before ?? undefined, after ?? undefined];
  const pairs = pairsOf(was, is);
  if (pairs !== undefined) {
    return pairs.flatMap(([step, a, b]) => fieldDifferences(a, b, [...path, step]));
  }
  return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ path, before: was, after: is }];
}

type Pair = readonly [Step, Json, Json];

function pairsOf(was: Json, is: Json): readonly Pair[] | undefined {
  const [a, b] = [was ?? emptyLike(is), is ?? emptyLike(was)];
  if (isRecord(a) && isRecord(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].map((key) => [key, a[key], b[key]]);
  }
  if (!Array.isArray(a) || !Array.isArray(b)) return undefined;
  const [old, now] = [byName(a), byName(b)];
  if (old !== undefined && now !== undefined) {
    return [...new Set([...old.keys(), ...now.keys()])].map((name) => [
      { name },
      old.get(name),
      now.get(name),
    ]);
  }
  return a.length === b.length ? a.map((one, index) => [index, one, b[index]]) : undefined;
}

/** What is new or gone is taken apart like the rest; an empty object has no parts, and differs from none. */
function emptyLike(other: Json): Json {
  if (isRecord(other) && Object.keys(other).length > 0) return {};
  return Array.isArray(other) && other.length > 0 ? [] : undefined;
}

function byName(list: readonly Json[]): ReadonlyMap<string, Json> | undefined {
  const named = list.flatMap((item): [string, Json][] =>
    isRecord(item) && typeof item.name === 'string' ? [[item.name, item]] : [],
  );
  const found = new Map(named);
  return found.size === list.length ? found : undefined;
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: Json, path: readonly Step[]): Json {
  let here = value;
  for (const step of path) here = inside(here, step);
  return here ?? undefined;
}

function inside(value: Json, step: Step): Json {
  if (typeof step === 'string')
    return isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  if (!Array.isArray(value)) return undefined;
  if (typeof step === 'number') return value[step];
  return value.find((item) => isRecord(item) && item.name === step.name);
}

/** `spec.containers[name=app].env[0]`. */
export const describePath = (path: readonly Step[]): string =>
  path
    .map((step) => {
      if (typeof step === 'string') return `.${step}`;
      return typeof step === 'number' ? `[${step}]` : `[name=${step.name}]`;
    })
    .join('')
    .replace(/^\./, '');

/** Whether an object of the cluster still has, in this field, what was before the change and not what came with it. */
export function showsBefore({ path, before, after }: FieldDifference, object: Json): boolean {
  const found = valueAt(object, path);
  if (after === undefined) return found !== undefined && leavesNothing(path) && holds(found, before, path);
  if (before === undefined) return found === undefined && !isEmpty(after);
  return holds(found, before, path) && !holds(found, after, path);
}

/** Whether an object of the cluster has, in this field, what came with the change. */
export function showsAfter({ path, after }: FieldDifference, object: Json): boolean {
  const found = valueAt(object, path);
  return after === undefined ? found === undefined : holds(found, after, path);
}

const FREE_MAPS: readonly Step[] = ['data', 'binaryData', 'labels', 'annotations', 'nodeSelector'];

/** Nothing gives these a default: other fields that Git no longer names may rightly keep the value that they had. */
function leavesNothing(path: readonly Step[]): boolean {
  const [parent, last] = path.slice(-2);
  return FREE_MAPS.some((one) => one === parent) || (typeof parent === 'object' && last === 'name');
}

/** What Kubernetes leaves out of what it stores. */
const isEmpty = (value: Json): boolean =>
  value === '' || value === 0 || value === false || (typeof value === 'object' && size(value) === 0);

const size = (value: Json): number =>
  isRecord(value) || Array.isArray(value) ? Object.keys(value).length : 0;

/** Whether a stored value is the wanted one; it may have more fields, by defaults. */
function holds(found: Json, wanted: Json, path: readonly Step[]): boolean {
  if (isRecord(wanted)) {
    return (
      isRecord(found) &&
      Object.entries(wanted).every(([key, value]) => holds(found[key] ?? undefined, value ?? undefined, path))
    );
  }
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(found) &&
      found.length === wanted.length &&
      wanted.every((value, index) => holds(found[index], value, path))
    );
  }
  if (found === undefined || wanted === undefined || typeof found === 'object') return found === wanted;
  return String(found) === String(wanted) || (isQuantity(path) && sameQuantity(found, wanted));
}

const QUANTITIES: readonly Step[] = ['resources', 'limits', 'requests', 'hard', 'sizeLimit', 'capacity'];
const isQuantity = (path: readonly Step[]): boolean => QUANTITIES.some((one) => path.includes(one));

/** Kubernetes stores `1000m` as `1`: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
function sameQuantity(a: Json, b: Json): boolean {
  const [one, other] = [quantity(a), quantity(b)];
  return one !== undefined && other !== undefined && Math.abs(one - other) <= 1e-12 * Math.abs(one);
}

function quantity(value: Json): number | undefined {
  const match = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([numkKMGTPE]?)(i?)$/.exec(String(value));
  if (match === null) return undefined;
  const [, amount = '', unit = '', binary = ''] = match;
  const power = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'].indexOf(unit === 'K' ? 'k' : unit) - 3;
  return Number(amount) * (binary === '' ? 1000 : 1024) ** power;
}
