import { isDeepStrictEqual } from 'node:util';
import { listOf, type Mapping, mapping } from './shape.ts';

/** The legs of `strategy.matrix`; none for an empty one, with which GitHub fails the job. */
export function expandMatrix(matrix: Mapping): readonly Mapping[] {
  const { include, exclude, ...axes } = matrix;
  const names = Object.keys(axes);
  const all: Mapping[] = names.length === 0 ? [] : [{}];
  const product = Object.entries(axes).reduce<readonly Mapping[]>(
    (legs, [name, values]) =>
      legs.flatMap((leg) => listOf(values).map((value) => ({ ...leg, [name]: value }))),
    all,
  );
  const excluded = listOf(exclude).map((one) => mapping(one, 'exclude'));
  const kept = product.filter((leg) => !excluded.some((one) => agrees(one, leg, Object.keys(one))));
  const added = listOf(include).map((one) => mapping(one, 'include'));
  // An entry extends every leg whose own values it does not change; values of an earlier entry it may change.
  const fits = (entry: Mapping, leg: Mapping): boolean =>
    agrees(
      entry,
      leg,
      Object.keys(entry).filter((key) => names.includes(key)),
    );
  const extended = kept.map((leg) => Object.assign({ ...leg }, ...added.filter((entry) => fits(entry, leg))));
  return [...extended, ...added.filter((entry) => !kept.some((leg) => fits(entry, leg)))];
}

const agrees = (entry: Mapping, leg: Mapping, keys: readonly string[]): boolean =>
  keys.every((key) => isDeepStrictEqual(entry[key], leg[key]));
