import type { Component } from '../types.ts';
import type { Purl } from './purl.ts';

/** A package as OSV knows it. */
export interface Known {
  readonly ecosystem: string;
  readonly name: string;
  readonly version?: string;
  /** Namespace and name for the canonical purl. */
  readonly path: readonly string[];
  /** The qualifiers without which the purl would name another package. */
  readonly qualifiers?: readonly string[];
  /** Advisories may name it by its source, which is not said. */
  readonly lacksSource?: true;
}

/** A component, and what is known of all of its SBOM. */
export interface Asked {
  readonly purl: Purl;
  readonly component: Component;
  /** Of the distribution that the SBOM says its packages are of: `debian-12.5`. */
  readonly distro?: string | undefined;
}

export const pathOf = (purl: Purl): readonly string[] => [...purl.namespace, purl.name];

export const known = (
  { purl, component }: Asked,
  ecosystem: string,
  path = pathOf(purl),
  by = '/',
): readonly Known[] => {
  const version = purl.version ?? component.version;
  return [{ ecosystem, name: path.join(by), path, ...(version === undefined ? {} : { version }) }];
};

/** Of types whose names have no capitals (https://github.com/package-url/purl-spec/tree/main/types). */
export const inLowerCase = (purl: Purl): Purl => ({
  ...purl,
  namespace: purl.namespace.map((part) => part.toLowerCase()),
  name: purl.name.toLowerCase(),
});
