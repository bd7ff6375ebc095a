import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { at, isRecord, type Json, list, text } from '@sluice/core/json';
import { samePlatform } from '../platforms.ts';
import { unreadable } from './tar.ts';

/** An image as a builder has saved it. */
export interface SavedImage {
  /** The digest of its configuration: the same in every registry, however its layers are packed. */
  readonly config: string;
  /** The tar archive of each layer, the lowest first. */
  readonly layers: readonly (() => AsyncIterable<Buffer>)[];
  /** Bills of materials that the builder attested: in-toto statements. */
  readonly attested: readonly string[];
  /** Its manifest, as an OCI index names it; undefined where it was not saved as an OCI layout. */
  readonly manifest: object | undefined;
}

/**
 * Reads a folder that holds an image as an OCI layout (https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md), or as
 * Docker before version 25 saves it. `platform`: of several images that one, else that of this machine, else the first.
 */
export async function readSaved(folder: string, platform: string): Promise<SavedImage> {
  const index = await json(join(folder, 'index.json'));
  if (index === undefined) return readDockerSaved(folder);
  const manifests = await manifestsOf(folder, index, 0);
  const images = manifests.filter(({ attests }) => attests === undefined);
  const chosen = images.find((one) => samePlatform(platform, one.platform)) ?? images[0];
  if (chosen === undefined) throw unreadable('it has no manifest');
  const config = text(at(chosen.manifest, 'config', 'digest'));
  if (config === undefined) throw unreadable('its manifest names no configuration');
  const statements = manifests.filter(({ attests }) => attests === chosen.digest);
  return {
    config,
    layers: list(at(chosen.manifest, 'layers')).map((layer) => layerAt(blob(folder, at(layer, 'digest')))),
    attested: (await Promise.all(statements.map(({ manifest }) => statementsOf(folder, manifest)))).flat(),
    manifest: {
      mediaType: text(at(chosen.manifest, 'mediaType')) ?? 'application/vnd.oci.image.manifest.v1+json',
      digest: chosen.digest,
      size: (await stat(blob(folder, chosen.digest))).size,
    },
  };
}

/** The platforms of all images of such a folder, as their configurations say: `linux/arm64`, `linux/arm/v7`. */
export async function platformsOf(folder: string): Promise<readonly string[]> {
  const index = await json(join(folder, 'index.json'));
  const manifests = index === undefined ? [] : await manifestsOf(folder, index, 0);
  const configs =
    index === undefined
      ? [
          await json(
            join(folder, text(at(list(await json(join(folder, 'manifest.json')))[0], 'Config')) ?? ''),
          ),
        ]
      : await Promise.all(
          manifests
            .filter(({ attests }) => attests === undefined)
            .map(({ manifest }) => json(blob(folder, at(manifest, 'config', 'digest')))),
        );
  return configs.map((config) =>
    [at(config, 'os'), at(config, 'architecture'), at(config, 'variant')]
      .flatMap((one) => text(one) ?? [])
      .join('/'),
  );
}

interface Found {
  readonly digest: string;
  readonly platform: string;
  readonly manifest: Json;
  /** BuildKit puts what it attests of an image beside it, in the same index (https://docs.docker.com/build/metadata/attestations/attestation-storage/). */
  readonly attests: string | undefined;
}

const DEEPEST = 3;

async function manifestsOf(folder: string, index: Json, depth: number): Promise<readonly Found[]> {
  const found = list(at(index, 'manifests')).map(async (entry): Promise<readonly Found[]> => {
    const manifest = await json(blob(folder, at(entry, 'digest')));
    if (manifest === undefined) return [];
    if (Array.isArray(at(manifest, 'manifests')))
      return depth < DEEPEST ? manifestsOf(folder, manifest, depth + 1) : [];
    const [system, architecture] = [at(entry, 'platform', 'os'), at(entry, 'platform', 'architecture')];
    const isAttestation = at(entry, 'annotations', 'vnd.docker.reference.type') === 'attestation-manifest';
    return [
      {
        digest: text(at(entry, 'digest')) ?? '',
        platform: text(system) && text(architecture) ? `${system}/${architecture}` : '',
        manifest,
        attests: isAttestation
          ? (text(at(entry, 'annotations', 'vnd.docker.reference.digest')) ?? '')
          : undefined,
      },
    ];
  });
  return (await Promise.all(found)).flat();
}

const BILLS = /^https:\/\/(?:spdx\.dev\/Document|cyclonedx\.org\/bom)/;

async function statementsOf(folder: string, manifest: Json): Promise<readonly string[]> {
  const bills = list(at(manifest, 'layers')).filter((layer) =>
    BILLS.test(text(at(layer, 'annotations', 'in-toto.io/predicate-type')) ?? ''),
  );
  return Promise.all(bills.map((layer) => readFile(blob(folder, at(layer, 'digest')), 'utf8')));
}

/** https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md#combined-image-json--filesystem-changeset-format */
async function readDockerSaved(folder: string): Promise<SavedImage> {
  const [image] = list(await json(join(folder, 'manifest.json')));
  const config = /^([0-9a-f]{64})\.json$/.exec(text(at(image, 'Config')) ?? '')?.[1];
  const layers = list(at(image, 'Layers')).map((one) => text(one) ?? '');
  if (config === undefined || !layers.every((layer) => /^[0-9a-f]{64}\/layer\.tar$/.test(layer)))
    throw unreadable('it is neither an OCI layout nor what Docker saves');
  return {
    config: `sha256:${config}`,
    layers: layers.map((layer) => layerAt(join(folder, layer))),
    attested: [],
    manifest: undefined,
  };
}

function blob(folder: string, digest: Json): string {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(text(digest) ?? '')?.[1];
  if (hex === undefined) throw unreadable('it names content by a digest that is none');
  return join(folder, 'blobs', 'sha256', hex);
}

async function json(file: string): Promise<Json> {
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(content);
    return isRecord(value) || Array.isArray(value) ? value : undefined;
  } catch (cause) {
    throw unreadable('its manifest is no JSON', cause);
  }
}

/** By its first bytes: a media type may say one thing and the layer be another. */
function layerAt(file: string): () => AsyncIterable<Buffer> {
  return async function* () {
    const handle = await open(file).catch((cause) => {
      throw unreadable('a layer of it is missing', cause);
    });
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    await handle.close();
    const magic = buffer.toString('hex');
    const stream = createReadStream(file);
    const unpacked = magic.startsWith('1f8b')
      ? stream.pipe(createGunzip())
      : magic === '28b52ffd'
        ? stream.pipe(createZstdDecompress())
        : stream;
    try {
      for await (const chunk of unpacked) if (Buffer.isBuffer(chunk)) yield chunk;
    } catch (cause) {
      throw unreadable('a layer of it cannot be unpacked', cause);
    }
  };
}
