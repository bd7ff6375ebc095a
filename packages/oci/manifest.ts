/** What points at content: its digest and size. */
export interface Descriptor {
  readonly digest: string;
  readonly size: number;
}

/** What a manifest says, as far as it matters here. */
export type Manifest =
  | { readonly type: 'image'; readonly config: Descriptor; readonly annotations: Labels }
  | {
      readonly type: 'index';
      readonly image: Descriptor | undefined;
      /** All of them, whatever their platform. */
      readonly images: readonly Descriptor[];
      readonly annotations: Labels;
    };

export type Labels = Readonly<Record<string, string>>;

/** https://github.com/opencontainers/image-spec/blob/v1.1.0/media-types.md, and Docker's before it. */
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

export function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

/** Reads the JSON of a manifest, by its shape as its `mediaType` may be absent; undefined where it is none. */
export function readManifest(value: unknown): Manifest | undefined {
  const { manifests, config, annotations, schemaVersion } = fields(value);
  if (schemaVersion !== 2) return undefined;
  if (Array.isArray(manifests)) {
    const images = manifests.filter(isImage);
    return {
      type: 'index',
      image: chooseImage(images),
      images: images.flatMap((entry) => readDescriptor(entry) ?? []),
      annotations: readLabels(annotations),
    };
  }
  const descriptor = readDescriptor(config);
  if (descriptor === undefined) return undefined;
  return { type: 'image', config: descriptor, annotations: readLabels(annotations) };
}

/** Builders add attestations of the platform unknown/unknown. */
const isImage = (entry: unknown): boolean => fields(fields(entry).platform).os !== 'unknown';

/** linux/amd64, else the first that runs anywhere. */
function chooseImage(images: readonly unknown[]): Descriptor | undefined {
  const usual = images.find((entry) => {
    const { os, architecture } = fields(fields(entry).platform);
    return os === 'linux' && architecture === 'amd64';
  });
  return readDescriptor(usual ?? images[0]);
}

function readDescriptor(value: unknown): Descriptor | undefined {
  const { digest, size } = fields(value);
  if (typeof digest !== 'string' || !isDigest(digest)) return undefined;
  return typeof size === 'number' && size >= 0 ? { digest, size } : undefined;
}

/** What an image's configuration says of its build. */
export function readConfig(value: unknown): {
  readonly labels: Labels;
  readonly created: string | undefined;
} {
  const { created, config } = fields(value);
  return {
    labels: readLabels(fields(config).Labels),
    created: typeof created === 'string' ? created : undefined,
  };
}

function readLabels(value: unknown): Labels {
  return Object.fromEntries(
    Object.entries(fields(value)).flatMap(([name, text]) => (typeof text === 'string' ? [[name, text]] : [])),
  );
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
