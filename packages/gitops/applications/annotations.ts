import type { ArgoApplication } from './application.ts';
import type { DeploymentKey } from './types.ts';

/**
 * Where both are there, ours decide: whoever moves from Octopus to Sluice adds `sluice.dev/*`, and may let the others stand.
 * Never one key of the one and another of the other.
 */
const octopus = 'argo.octopus.com/';
const prefixes = ['sluice.dev/', octopus] as const;

const keyNames = ['project', 'environment', 'tenant'] as const;
const sourceNames = [...keyNames, 'image-replace-paths', 'path'] as const;

type Annotations = Readonly<Record<string, string>>;

/** What the annotations of one source say of it. */
export interface SourceAnnotations {
  /** Absent where project or environment is. */
  readonly key?: DeploymentKey;
  /** As it stands: templates between commas. */
  readonly imageReplacePaths?: string;
  /** Whether the key is that of Octopus. */
  readonly isOctopus: boolean;
}

/**
 * The annotations of one source. A source with a name has its own, `…/project.<name>`; the plain ones belong to the only source of
 * an Application, when it has no name. A source without a name beside others has none.
 */
export function annotationsOf(application: ArgoApplication, index: number): SourceAnnotations {
  const { annotations, sources } = application;
  const name = sources[index]?.name;
  if (name === undefined && sources.length > 1) return { isOctopus: false };
  const suffix = name === undefined ? '' : `.${name}`;
  const prefix = prefixes.find((one) => keyNames.some((key) => has(annotations, `${one}${key}${suffix}`)));
  const key = prefix === undefined ? undefined : keyAt(annotations, prefix, suffix);
  const imageReplacePaths = firstOf(annotations, `image-replace-paths${suffix}`);
  return {
    ...(key === undefined ? {} : { key }),
    ...(imageReplacePaths === undefined ? {} : { imageReplacePaths }),
    isOctopus: prefix === octopus,
  };
}

function keyAt(annotations: Annotations, prefix: string, suffix: string): DeploymentKey | undefined {
  const [project, environment, tenant] = keyNames.map((key) => slug(annotations[`${prefix}${key}${suffix}`]));
  return project && environment ? { project, environment, tenant: tenant ?? '' } : undefined;
}

/** Project, environment and tenant are all equal; no tenant is equal to no tenant only. White space around them and case do not count. */
export function sameKey(a: DeploymentKey, b: DeploymentKey): boolean {
  return keyNames.every((name) => slug(a[name]) === slug(b[name]));
}

const slug = (text: string | undefined): string => (text ?? '').trim().toLowerCase();

const has = (annotations: Annotations, name: string): boolean => slug(annotations[name]) !== '';

const firstOf = (annotations: Annotations, name: string): string | undefined =>
  prefixes.map((prefix) => annotations[`${prefix}${name}`]).find((value) => slug(value) !== '');

/** The registry of references without one, as a cluster or an Application says. */
export const defaultRegistryIn = (annotations: Annotations): string | undefined =>
  firstOf(annotations, 'default-container-registry')?.trim();

/** Annotations that say nothing, because they name none of an Application's several sources. */
export function unqualifiedAnnotations({ annotations, sources }: ArgoApplication): readonly string[] {
  if (sources.length < 2) return [];
  const names = prefixes.flatMap((prefix) => sourceNames.map((name) => `${prefix}${name}`));
  return names.filter((name) => Object.hasOwn(annotations, name));
}

/** The key that they would be, were they qualified. */
export function unqualifiedKey({ annotations }: ArgoApplication): DeploymentKey | undefined {
  return prefixes.map((prefix) => keyAt(annotations, prefix, '')).find((key) => key !== undefined);
}

/** Names that several sources of an Application have: annotations cannot tell these apart. */
export function duplicateNames({ sources }: ArgoApplication): readonly string[] {
  const names = sources.flatMap(({ name }) => name ?? []);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
