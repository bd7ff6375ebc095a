import { loadAll } from 'js-yaml';

/** The documents that a renderer printed. */
export type Rendered = readonly unknown[];

export interface Difference {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

export const readRendered = (text: string): Rendered => loadAll(text);

/** Every value that differs, with its path. */
export function differences(from: unknown, to: unknown, path = ''): readonly Difference[] {
  if (isMap(from) && isMap(to)) {
    const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
    return [...keys].flatMap((key) => differences(from[key], to[key], `${path}.${key}`));
  }
  return Object.is(from, to) ? [] : [{ path, from, to }];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
