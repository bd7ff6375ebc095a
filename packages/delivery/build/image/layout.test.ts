import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unpackSaved } from '../builders/unpack-saved.ts';
import { filesOfImage } from './files.ts';
import { readSaved } from './layout.ts';
import { tarOf } from './test-layers.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'layout-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const amd64 = { os: 'linux', architecture: 'amd64' };
const arm64 = { os: 'linux', architecture: 'arm64' };

/** Puts a blob there, and says its descriptor. */
function blob(content: Buffer | object, more: object = {}) {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  const hex = createHash('sha256').update(bytes).digest('hex');
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  writeFileSync(join(folder, 'blobs/sha256', hex), bytes);
  return { digest: `sha256:${hex}`, size: bytes.length, ...more };
}
const image = (text: string, packed: (tar: Buffer) => Buffer = (tar) => tar) => {
  const config = blob({ text });
  return {
    config,
    manifest: { schemaVersion: 2, config, layers: [blob(packed(tarOf({ 'app/text': text })))] },
  };
};
const index = (...manifests: readonly object[]) =>
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));

async function textOf(platform = 'linux/amd64') {
  const saved = await readSaved(folder, platform);
  const { files } = await filesOfImage(saved.layers, {
    ...{ isRead: () => true, kept: (_, content) => content, isNoted: () => false },
  });
  return {
    config: saved.config,
    attested: saved.attested,
    text: files.map(({ content }) => content.toString()).join(),
  };
}

test.each([
  ['as it is', (tar: Buffer) => tar],
  ['by gzip', (tar: Buffer) => gzipSync(tar)],
  ['by zstd', (tar: Buffer) => zstdCompressSync(tar)],
])('an image whose layers are packed %s', async (_, packed) => {
  const { config, manifest } = image('one', packed);
  index(blob(manifest));
  expect(await textOf()).toEqual({ config: config.digest, attested: [], text: 'one' });
});

test('of images for several platforms, that of the platform', async () => {
  const [one, two] = [image('one'), image('two')];
  const list = {
    schemaVersion: 2,
    manifests: [blob(one.manifest, { platform: arm64 }), blob(two.manifest, { platform: amd64 })],
  };
  index(blob(list));
  expect((await textOf('linux/amd64')).text).toBe('two');
  expect((await textOf('linux/arm64/v8')).text).toBe('one');
});

test('what BuildKit attests of that image, and of no other', async () => {
  const [one, two] = [image('one'), image('two')];
  const attestation = (of: object, statement: object) => {
    const annotations = { 'in-toto.io/predicate-type': 'https://spdx.dev/Document' };
    const provenance = { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v1' };
    const layers = [blob({ no: 'bill' }, { annotations: provenance }), blob(statement, { annotations })];
    return blob(
      { schemaVersion: 2, config: blob({ statement }), layers },
      {
        platform: { os: 'unknown', architecture: 'unknown' },
        annotations: {
          'vnd.docker.reference.type': 'attestation-manifest',
          'vnd.docker.reference.digest': Reflect.get(of, 'digest'),
        },
      },
    );
  };
  const [first, second] = [blob(one.manifest, { platform: arm64 }), blob(two.manifest, { platform: amd64 })];
  index(
    blob({
      schemaVersion: 2,
      manifests: [first, second, attestation(first, { of: 1 }), attestation(second, { of: 2 })],
    }),
  );
  expect((await textOf()).attested).toEqual(['{"of":2}']);
});

test('what Docker before version 25 saves', async () => {
  const [config, layer] = ['a'.repeat(64), 'b'.repeat(64)];
  const saved = tarOf({
    'manifest.json': JSON.stringify([{ Config: `${config}.json`, Layers: [`${layer}/layer.tar`] }]),
    [`${config}.json`]: '{}',
    [`${layer}/layer.tar`]: tarOf({ 'app/text': 'old' }),
    // Of another name nothing is unpacked.
    'evil.json': 'x',
  });
  writeFileSync(join(folder, 'saved.tar'), saved);
  await unpackSaved(join(folder, 'saved.tar'), folder);
  expect(await textOf()).toMatchObject({ config: `sha256:${config}`, text: 'old' });
});

test.each([
  ['an empty folder', () => {}, /neither an OCI layout/],
  ['an index without a manifest', () => index(), /no manifest/],
  ['a digest that is a path', () => index({ digest: 'sha256:../../x' }), /a digest that is none/],
  ['an index that is no JSON', () => writeFileSync(join(folder, 'index.json'), '{'), /no JSON/],
  [
    'a layer that is missing',
    () => index(blob({ config: blob({}), layers: [{ digest: `sha256:${'c'.repeat(64)}` }] })),
    /a layer of it is missing/,
  ],
  [
    'a layer that is cut off',
    () => index(blob({ config: blob({}), layers: [blob(gzipSync(Buffer.alloc(9000, 1)).subarray(0, 30))] })),
    /unpacked|no tar/,
  ],
])('%s is an error, and no empty image', async (_, make, message) => {
  make();
  await expect(textOf()).rejects.toMatchObject({
    code: 'image-unreadable',
    message: expect.stringMatching(message),
  });
});
