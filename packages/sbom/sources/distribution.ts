import type { Package } from '../types.ts';

/** The names that a scanner has for distributions, by OSV's. */
export type Systems = Readonly<Record<string, string>>;

/** A distribution in one release. */
export interface System {
  readonly name: string;
  /** Empty where there are no releases. */
  readonly version: string;
}

/** Whether it is of a distribution: scanners know such packages only beside the release that they are of. */
export const isOfDistribution = ({ purl }: Package): boolean => /^pkg:(?:apk|deb|rpm)\//.test(purl);

/** Distributions without releases. */
const ROLLING: ReadonlySet<string> = new Set(['Wolfi', 'Chainguard']);

/** The distribution that a package is of; undefined where the scanner does not know it, or the release is not told: it would find nothing. */
export function systemOf({ ecosystem }: Pick<Package, 'ecosystem'>, systems: Systems): System | undefined {
  const [base = '', ...rest] = ecosystem.split(':');
  const name = systems[base];
  const version = rest.find((part) => /^v?\d/.test(part))?.replace(/^v/, '');
  if (name === undefined || (version === undefined && !ROLLING.has(base))) return undefined;
  return { name, version: version ?? '' };
}
