import { SluiceError } from '@sluice/core/errors';

export interface ImageReference {
  readonly registry?: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

export const DOCKER_HUB = 'docker.io';
const DOCKER_HUB_ALIASES = new Set([
  DOCKER_HUB,
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
]);

const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const TAG = /^\w[\w.-]{0,127}$/;
const COMPONENT = /^[A-Za-z0-9]+(?:(?:\.|_|__|-+)[A-Za-z0-9]+)*$/;
const HOST = /^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::\d{1,5})?$/;

/**
 * Reads `[registry[:port]/]repository[:tag][@digest]` as registries do; undefined where the text is none.
 * The first part is a registry when it has a dot or a port or is `localhost`.
 */
export function readReference(text: string): ImageReference | undefined {
  const [beforeDigest = '', digest, ...rest] = text.split('@');
  if (rest.length > 0 || (digest !== undefined && !DIGEST.test(digest))) return undefined;
  const colon = beforeDigest.lastIndexOf(':');
  const tagged = colon > beforeDigest.lastIndexOf('/');
  const name = tagged ? beforeDigest.slice(0, colon) : beforeDigest;
  const tag = tagged ? beforeDigest.slice(colon + 1) : undefined;
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  const split = splitRegistry(name);
  if (split.registry !== undefined && !HOST.test(split.registry)) return undefined;
  if (!split.repository.split('/').every((component) => COMPONENT.test(component))) return undefined;
  return { ...split, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

function splitRegistry(name: string): { registry?: string; repository: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isRegistry = /[.:]/.test(first) || first.toLowerCase() === 'localhost';
  return isRegistry ? { registry: first, repository: name.slice(slash + 1) } : { repository: name };
}

/**
 * What a reference calls its image, in its own spelling, or as kustomize writes it (`name=newName:tag`): that stays when the version
 * changes. Of other text the whole.
 */
export function imageName(text: string): string {
  const equals = text.indexOf('=');
  if (equals > 0) return text.slice(0, equals);
  const [beforeDigest = ''] = text.split('@');
  const colon = beforeDigest.lastIndexOf(':');
  return colon > beforeDigest.lastIndexOf('/') ? beforeDigest.slice(0, colon) : beforeDigest;
}

/** As `readReference`, but text that is no reference is an input error. */
export function parseReference(text: string): ImageReference {
  const reference = readReference(text);
  if (reference !== undefined) return reference;
  throw new SluiceError('input', 'invalid-input', `${JSON.stringify(text)} is not an image reference`, {
    hint: 'Write it as repository:tag, repository:tag@sha256:… or repository@sha256:….',
  });
}

/** One spelling for every name of a repository: `nginx` is `docker.io/library/nginx`. Only the registry's case is folded. */
export function canonicalRepository(reference: ImageReference, defaultRegistry = DOCKER_HUB): string {
  const host = (reference.registry ?? defaultRegistry).toLowerCase();
  const registry = DOCKER_HUB_ALIASES.has(host) ? DOCKER_HUB : host;
  const official = registry === DOCKER_HUB && !reference.repository.includes('/');
  return `${registry}/${official ? 'library/' : ''}${reference.repository}`;
}

/** Whether two references name the same repository, whatever their tags. */
export function sameRepository(a: ImageReference, b: ImageReference, defaultRegistry = DOCKER_HUB): boolean {
  return canonicalRepository(a, defaultRegistry) === canonicalRepository(b, defaultRegistry);
}

/** The reference as text, in its own spelling. */
export function formatReference(reference: ImageReference): string {
  const { registry, repository, tag, digest } = reference;
  const name = registry === undefined ? repository : `${registry}/${repository}`;
  return `${name}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** The reference with the canonical repository: what a change carries as `image`. */
export function canonicalReference(reference: ImageReference, defaultRegistry = DOCKER_HUB): string {
  const { tag, digest } = reference;
  return `${canonicalRepository(reference, defaultRegistry)}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/**
 * Whether `found` runs what `wanted` asks for: same repository; with a digest wanted the same digest, else the same tag.
 * A tag found alone does not prove a digest that was wanted.
 */
export function sameImage(wanted: string, found: string, defaultRegistry = DOCKER_HUB): boolean {
  const want = readReference(wanted);
  const have = readReference(found);
  if (want === undefined || have === undefined || !sameRepository(want, have, defaultRegistry)) return false;
  if (want.digest !== undefined) return want.digest === have.digest;
  return impliedTag(want) === impliedTag(have);
}

function impliedTag(reference: ImageReference): string | undefined {
  return reference.tag ?? (reference.digest === undefined ? 'latest' : undefined);
}
