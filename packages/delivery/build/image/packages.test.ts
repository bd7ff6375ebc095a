import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagesOf } from '@sluice/sbom/packages';
import { readSbom } from '@sluice/sbom/read/read';
import { describe, expect, test } from 'vitest';
import { cycloneDx } from './cyclonedx.ts';
import { filesOfImage } from './files.ts';
import { packagesOfImage, wantedFiles } from './packages.ts';
import { type Made, streamed, tarOf } from './test-layers.ts';

type Layer = Readonly<Record<string, Made>>;

const contents = async (...layers: readonly Layer[]) =>
  packagesOfImage(
    await filesOfImage(
      layers.map((layer) => streamed(tarOf(layer))),
      wantedFiles,
    ),
  );
const purls = async (...layers: readonly Layer[]) =>
  (await contents(...layers)).packages.map(({ purl }) => purl).sort();

const dpkg = `Package: libc6
Status: install ok installed
Architecture: amd64
Source: glibc
Version: 2.36-9+deb12u14
Description: GNU C Library
 with more lines
 of text

Package: bash
Status: install ok installed
Architecture: amd64
Source: bash (5.2.15-2)
Version: 5.2.15-2+b13

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1.0
`;
const debian = 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\nVERSION_ID="12"\n';
const npm = (name: string, version: string) => JSON.stringify({ name, version });

describe('what an image holds is read from its files', () => {
  test('dpkg: what is installed, with its source and distribution', async () => {
    expect(await purls({ 'etc/os-release': debian, 'var/lib/dpkg/status': dpkg })).toEqual([
      'pkg:deb/debian/bash@5.2.15-2%2Bb13?arch=amd64&distro=debian-12&upstream=bash%405.2.15-2',
      'pkg:deb/debian/libc6@2.36-9%2Bdeb12u14?arch=amd64&distro=debian-12&upstream=glibc',
    ]);
  });

  test('dpkg of an image without dpkg itself; os-release behind a link', async () => {
    const layer = {
      'etc/os-release': { target: '../usr/lib/os-release' },
      'usr/lib/os-release': debian,
      'var/lib/dpkg/status.d/base': 'Package: base-files\nVersion: 12.4\nArchitecture: amd64\n',
      'var/lib/dpkg/status.d/base.md5sums': 'x',
    };
    expect(await purls(layer)).toEqual(['pkg:deb/debian/base-files@12.4?arch=amd64&distro=debian-12']);
  });

  test('apk, with the package that it was built from', async () => {
    const installed =
      'C:Q1x=\nP:libssl3\nV:3.3.1-r0\nA:x86_64\no:openssl\nF:lib\nR:libssl.so\n\nP:musl\nV:1.2.5-r0\nA:x86_64\n';
    expect(
      await purls({ 'etc/os-release': 'ID=alpine\nVERSION_ID=3.20.1\n', 'lib/apk/db/installed': installed }),
    ).toEqual([
      'pkg:apk/alpine/libssl3@3.3.1-r0?arch=x86_64&distro=alpine-3.20.1&upstream=openssl',
      'pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&distro=alpine-3.20.1',
    ]);
  });

  test('npm: packages below node_modules, and no other package.json', async () => {
    const layer = {
      'app/package.json': npm('shop', '1.0.0'),
      'app/node_modules/qs/package.json': npm('qs', '6.7.0'),
      'app/node_modules/qs/dist/package.json': npm('inner', '1.0.0'),
      'app/node_modules/@acme/x/package.json': npm('@acme/x', '2.0.0'),
      'app/node_modules/a/node_modules/qs/package.json': npm('qs', '6.5.1'),
      'app/node_modules/broken/package.json': '{',
      'app/node_modules/none/package.json': '{"name":"none"}',
    };
    expect(await purls(layer)).toEqual(['pkg:npm/%40acme/x@2.0.0', 'pkg:npm/qs@6.5.1', 'pkg:npm/qs@6.7.0']);
  });

  test('Python: METADATA of what is installed', async () => {
    const metadata =
      'Metadata-Version: 2.1\nName: Ruamel.YAML\nVersion: 0.18.6\nSummary: x\n\nName: not-this\n';
    expect(
      await purls({ 'usr/lib/python3/site-packages/ruamel_yaml-0.18.6.dist-info/METADATA': metadata }),
    ).toEqual(['pkg:pypi/ruamel-yaml@0.18.6']);
  });

  test.each([
    'six-1.16.0.egg-info',
    'six-1.16.0.egg-info/PKG-INFO',
    'six-1.16.0-py3.12.egg/EGG-INFO/PKG-INFO',
  ])('Python: what was installed without a wheel: %s', async (path) => {
    const found = await purls({
      [`usr/lib/python3/dist-packages/${path}`]: 'Metadata-Version: 1.2\nName: six\nVersion: 1.16.0\n',
    });
    expect(found).toEqual(['pkg:pypi/six@1.16.0']);
  });

  test('what is not read is listed; of an RPM database it is told apart', async () => {
    const layer = { 'app/shop.jar': 'PK', 'var/lib/rpm/rpmdb.sqlite': 'SQLite' };
    const found = await contents(layer);
    expect(found).toMatchObject({
      packages: [],
      read: [],
      lacksSystem: expect.stringContaining('RPM database'),
    });
    expect([...found.unread].sort()).toEqual(['app/shop.jar', 'var/lib/rpm/rpmdb.sqlite']);
  });
});

describe('the packages of a system that are not read make the list incomplete', () => {
  const os = { 'etc/os-release': debian };
  test.each<[string, Layer, RegExp | undefined]>([
    ['an os-release without any database', os, /"debian" by its os-release, and no package of it/],
    ['a database without packages', { ...os, 'var/lib/dpkg/status': '' }, /no package of it/],
    ['one that a later layer takes out', { ...os, 'var/lib/dpkg/.wh.status': '' }, /no package of it/],
    ['an os-release that says nothing', { 'usr/lib/os-release': 'ID=$(x) y\n' }, /that of an os-release/],
    [
      'pacman',
      { 'etc/os-release': 'ID=arch\n', 'var/lib/pacman/local/zlib-1-1/desc': '%NAME%' },
      /another kind/,
    ],
    ['portage', { 'var/db/pkg/sys-libs/zlib-1/PF': 'zlib-1' }, /another kind/],
    [
      'dpkg, and pacman beside it',
      { ...os, 'var/lib/dpkg/status': dpkg, 'var/lib/pacman/local/x-1/desc': 'x' },
      /another kind/,
    ],
    ['RPM', { 'etc/os-release': 'ID=fedora\n', 'usr/lib/sysimage/rpm/rpmdb.sqlite': 'x' }, /RPM database/],
    ['dpkg', { ...os, 'var/lib/dpkg/status': dpkg }, undefined],
    ['no system at all', { 'app/node_modules/qs/package.json': npm('qs', '6.7.0') }, undefined],
  ])('%s', async (_, layer, wanted) => {
    const { lacksSystem } = await contents(layer);
    if (wanted === undefined) expect(lacksSystem).toBeUndefined();
    else expect(lacksSystem).toMatch(wanted);
  });
});

describe('a layer', () => {
  const base = {
    'app/node_modules/qs/package.json': npm('qs', '6.7.0'),
    'app/node_modules/ws/package.json': npm('ws', '8.0.0'),
  };

  test.each<[string, Layer, string[]]>([
    ['replaces a file', { 'app/node_modules/qs/package.json': npm('qs', '6.7.3') }, ['qs@6.7.3', 'ws@8.0.0']],
    ['takes a file away', { 'app/node_modules/qs/.wh.package.json': '' }, ['ws@8.0.0']],
    ['takes a folder away', { 'app/.wh.node_modules': '' }, []],
    [
      'takes away what is in a folder, and not what it puts there itself',
      { 'app/node_modules/.wh..wh..opq': '', 'app/node_modules/ms/package.json': npm('ms', '2.0.0') },
      ['ms@2.0.0'],
    ],
    [
      'takes a folder away and makes it anew',
      { 'app/.wh.node_modules': '', 'app/node_modules/ms/package.json': npm('ms', '2.0.0') },
      ['ms@2.0.0'],
    ],
    ['replaces a folder by a link', { 'app/node_modules': { target: '/x' } }, []],
    ['leaves what has a name like it', { 'app/.wh.node': '' }, ['qs@6.7.0', 'ws@8.0.0']],
  ])('%s', async (_, layer, wanted) => {
    expect(await purls(base, layer)).toEqual(wanted.map((one) => `pkg:npm/${one}`));
  });
});

test('a Go program tells its modules, what replaced them, and Go', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'go-info-'));
  try {
    // As `go build` writes it: the magic, the pointer size, the flag for texts, and both texts with their lengths.
    const text = (value: Buffer) => Buffer.concat([varint(value.length), value]);
    const mark = Buffer.alloc(16, 0x30);
    const modules =
      'path\texample.com/shop\nmod\texample.com/shop\t(devel)\t\ndep\tgolang.org/x/net\tv0.1.0\th1:x=\ndep\texample.com/old\tv1.0.0\n=>\texample.com/new\tv1.2.0\th1:y=\nbuild\tCGO_ENABLED=0\n';
    const info = Buffer.concat([
      ...[Buffer.from('7f454c46', 'hex'), Buffer.alloc(60)],
      ...[Buffer.from('\xff Go buildinf:', 'latin1'), Buffer.from([8, 2]), Buffer.alloc(16)],
      ...[text(Buffer.from('go1.26.8')), text(Buffer.concat([mark, Buffer.from(modules), mark]))],
      Buffer.alloc(5000, 1),
    ]);
    const found = await contents({
      'usr/bin/shop': { content: info, mode: 0o755 },
      'usr/bin/sh': { content: '\x7fELF', mode: 0o755 },
    });
    expect(found.packages.map(({ purl }) => purl)).toEqual([
      'pkg:golang/stdlib@1.26.8',
      'pkg:golang/golang.org/x/net@v0.1.0',
      'pkg:golang/example.com/new@v1.2.0',
    ]);
    expect(found.read).toEqual(['build information of Go programs']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const varint = (size: number): Buffer => Buffer.from(size < 128 ? [size] : [(size & 127) | 128, size >> 7]);

test('each package is looked up under the name that OSV has for it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'image-sbom-'));
  try {
    const found = await contents({
      'etc/os-release': debian,
      'var/lib/dpkg/status': dpkg,
      'app/node_modules/qs/package.json': npm('qs', '6.7.0'),
      'app/shop.jar': 'PK',
    });
    const file = join(folder, 'image.cdx.json');
    writeFileSync(file, cycloneDx('shop', found));
    const { packages, unmatched, setAside } = packagesOf([await readSbom(file, 'image.cdx.json')]);
    expect(
      packages.map(({ ecosystem, name, version }) => [ecosystem, name, version].join(' ')).sort(),
    ).toEqual(['Debian:12 bash 5.2.15-2', 'Debian:12 glibc 2.36-9+deb12u14', 'npm qs 6.7.0']);
    expect(unmatched).toMatchObject([{ component: 'app/shop.jar', why: 'no-purl' }]);
    expect(setAside.length).toBe(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const hasDpkg = (() => {
  try {
    return readFileSync('/var/lib/dpkg/status', 'utf8').length > 0;
  } catch {
    return false;
  }
})();

test.runIf(hasDpkg)('the packages of this machine are those that dpkg itself lists', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own way to name a field.
  const format = '${db:Status-Status} ${Package} ${Version}\n';
  const listed = execFileSync('dpkg-query', ['-W', '-f', format], { encoding: 'utf8' });
  const wanted = listed
    .split('\n')
    .flatMap((line) => (line.startsWith('installed ') ? [line.slice('installed '.length)] : []));
  const { packages } = await contents({
    'etc/os-release': debian,
    'var/lib/dpkg/status': readFileSync('/var/lib/dpkg/status'),
  });
  expect(packages.map(({ name, version }) => `${name} ${version}`).sort()).toEqual(
    [...new Set(wanted)].sort(),
  );
});
