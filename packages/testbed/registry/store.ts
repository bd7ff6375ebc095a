import { createHash } from 'node:crypto';

/** What a push makes: one image, or with `platforms` an index over one image each. */
export interface PushOptions {
  readonly tags: readonly string[];
  /** Of the image's configuration. */
  readonly labels?: Readonly<Record<string, string>>;
  /** RFC 3339; the configuration has none where it is absent. */
  readonly created?: string;
  /** `linux/amd64`, `linux/arm64/v8`. */
  readonly platforms?: readonly string[];
  /** OCI's media types (default) or those of Docker, schema 2. */
  readonly format?: 'oci' | 'docker';
  /** Annotations of the manifest, or of the index. */
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Content {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

export interface Repository {
  readonly tags: Map<string, string>;
  readonly manifests: Map<string, Content>;
  readonly blobs: Map<string, Content>;
}

export const TYPES = {
  oci: {
    manifest: 'application/vnd.oci.image.manifest.v1+json',
    index: 'application/vnd.oci.image.index.v1+json',
    config: 'application/vnd.oci.image.config.v1+json',
  },
  docker: {
    manifest: 'application/vnd.docker.distribution.manifest.v2+json',
    index: 'application/vnd.docker.distribution.manifest.list.v2+json',
    config: 'application/vnd.docker.container.image.v1+json',
  },
} as const;

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

function keep(where: Map<string, Content>, mediaType: string, value: object): Descriptor {
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = digestOf(bytes);
  where.set(digest, { bytes, mediaType });
  return { mediaType, digest, size: bytes.length };
}

/** Puts an image under its tags; gives the digest of what a tag leads to. */
export function pushImage(repository: Repository, options: PushOptions): string {
  const { platforms, annotations, format = 'oci' } = options;
  const types = TYPES[format];
  const images = (platforms ?? ['linux/amd64']).map((platform) => {
    const [os = 'linux', architecture = 'amd64', variant] = platform.split('/');
    const config = keep(repository.blobs, types.config, {
      architecture,
      os,
      ...(options.created === undefined ? {} : { created: options.created }),
      // Each tag its own image, as a build gives it, also where two have the same labels.
      config: { Labels: options.labels ?? {}, Env: [`TAGS=${options.tags.join(',')}`] },
      rootfs: { type: 'layers', diff_ids: [] },
    });
    const manifest = keep(repository.manifests, types.manifest, {
      schemaVersion: 2,
      mediaType: types.manifest,
      config,
      layers: [],
      ...(annotations !== undefined && platforms === undefined ? { annotations } : {}),
    });
    return { ...manifest, platform: { os, architecture, ...(variant === undefined ? {} : { variant }) } };
  });
  const [only] = images;
  const top =
    platforms === undefined && only !== undefined
      ? only
      : keep(repository.manifests, types.index, {
          schemaVersion: 2,
          mediaType: types.index,
          manifests: images,
          ...(annotations === undefined ? {} : { annotations }),
        });
  for (const tag of options.tags) repository.tags.set(tag, top.digest);
  return top.digest;
}
