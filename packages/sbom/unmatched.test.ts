import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packagesOf } from './packages.ts';
import { packages, sbomOf, short } from './test-sbom.ts';
import type { Component, Sbom } from './types.ts';

describe('what cannot be looked up', () => {
  it.each<[Partial<Component>, string]>([
    [{ name: 'nginx', version: '1.25' }, 'no-purl'],
    [{ name: 'router', version: '1', type: 'device' }, 'no-purl'],
    [{ name: 'bios', version: '1', type: 'firmware' }, 'no-purl'],
    [{ name: 'FreeRTOS', version: '10.4', type: 'operating-system' }, 'no-purl'],
    [{ name: 'server', type: 'application' }, 'no-purl'],
    [{ name: 'openssl', version: '1.1.1', type: 'file', hasCpe: true }, 'no-purl'],
    [{ purl: 'npm/qs@1' }, 'bad-purl'],
    [{ purl: 'pkg:npm' }, 'bad-purl'],
    [{ purl: 'pkg:npm/' }, 'bad-purl'],
    [{ purl: 'pkg:npm/a%ZZ@1' }, 'bad-purl'],
    [{ purl: 'pkg:npm/../qs@1' }, 'bad-purl'],
    [{ purl: 'pkg:npm/%2e%2e/qs@1' }, 'bad-purl'],
    [{ purl: 'pkg:npm/..@1' }, 'bad-purl'],
    [{ purl: 'pkg:npm/a\nb@1' }, 'bad-purl'],
    [{ purl: 'pkg:npm/a%0Ab@1' }, 'bad-purl'],
    [{ purl: 'pkg:npm/a%E2%80%AEb@1' }, 'bad-purl'],
    [{ purl: `pkg:npm/${'a'.repeat(5000)}@1` }, 'bad-purl'],
    [{ purl: 'pkg:npm/angular/core@1.0.0' }, 'bad-purl'],
    [{ purl: 'pkg:npm/%2540angular/core@1.0.0' }, 'bad-purl'],
    [{ purl: 'pkg:npm/%40angular/core/sub@1.0.0' }, 'bad-purl'],
    [{ purl: 'pkg:npm/qs%2F@1.0.0' }, 'bad-purl'],
    [{ purl: 'pkg:npm/%2Fqs@1.0.0' }, 'bad-purl'],
    [{ purl: 'pkg:npm/q%20s@1.0.0' }, 'bad-purl'],
    [{ purl: 'pkg:pypi/requests%5Bsocks%5D@1.0.0' }, 'bad-purl'],
    [{ purl: 'pkg:golang/github.com/%21burnt%21sushi/toml@v1.0.0' }, 'bad-purl'],
    [{ purl: 'pkg:composer/laravel@1.0.0' }, 'bad-purl'],
    [{ purl: 'pkg:cargo/a%2Fb@1.0.0' }, 'bad-purl'],
    [{ purl: 'pkg:deb/debian/open%2525ssl@1.0.0' }, 'bad-purl'],
    [{ purl: 'pkg:deb/debian/openssl@3?distro=ubuntu-22.04' }, 'unknown-ecosystem'],
    [{ purl: 'pkg:deb/debian/openssl@3?distro=kali-2023.1' }, 'unknown-ecosystem'],
    [{ purl: 'pkg:rpm/rocky/openssl@3-1?distro=rhel-9' }, 'unknown-ecosystem'],
    [{ purl: `pkg:deb/debian/openssl@3?distro=debian-${'1'.repeat(200)}` }, 'unknown-ecosystem'],
    [{ purl: 'pkg:generic/openssl@1.1.1' }, 'unknown-ecosystem'],
    [{ purl: 'pkg:oci/alpine@sha256%3Aabc' }, 'unknown-ecosystem'],
    [{ purl: 'pkg:docker/library/alpine@3.18' }, 'unknown-ecosystem'],
    [{ purl: 'pkg:github/openssl/openssl@3.0.1' }, 'unknown-ecosystem'],
    [{ purl: 'pkg:rpm/redhat/openssl@3.0.7-24.el9?distro=rhel-9.2' }, 'unknown-ecosystem'],
    [{ purl: 'pkg:rpm/fedora/openssl@3.0.7?distro=fedora-39' }, 'unknown-ecosystem'],
    [{ purl: 'pkg:maven/log4j-core@2.14.1' }, 'unknown-ecosystem'],
    [{ purl: 'pkg:constructor/x@1' }, 'unknown-ecosystem'],
    [{ purl: 'pkg:npm/qs' }, 'no-version'],
    [{ purl: 'pkg:npm/qs@' }, 'no-version'],
    [{ purl: 'pkg:golang/example.com/app@(devel)' }, 'no-version'],
    [{ purl: 'pkg:npm/qs@UNKNOWN' }, 'no-version'],
    [{ purl: 'pkg:npm/qs@%5E6.7.0' }, 'no-order'],
    [{ purl: 'pkg:npm/qs@%3E%3D%204%2C%20%3C%205' }, 'no-order'],
    [{ purl: 'pkg:githubactions/actions/checkout@4.%2A.%2A' }, 'no-order'],
    [{ purl: 'pkg:githubactions/actions/checkout@main' }, 'no-order'],
    [{ purl: 'pkg:maven/g/a@%5B2.7.0%2C2.12.3%5D' }, 'no-order'],
    [{ purl: 'pkg:npm/qs', version: '1.x' }, 'no-order'],
    [{ purl: 'pkg:npm/qs', version: 'workspace:1.0.0' }, 'no-order'],
  ])('%o is counted as %s', (component, why) => {
    const { packages, unmatched, setAside } = packagesOf([sbomOf([component])]);
    expect([packages.length, setAside.length]).toEqual([0, 0]);
    expect(unmatched.map((found) => found.why)).toEqual([why]);
  });

  it.each([
    '1.0.0-alpha.x',
    '2.0.0.Final',
    '1.0.0+build.x',
    '0.0.0-20190802002840-cff245a6509b',
    '1:2.3~rc1-1',
    'r08',
    '2024-01-01',
  ])('%s is a version, and no range', (version) => {
    expect(
      packages({ purl: `pkg:maven/g/a@${encodeURIComponent(version)}` }).map((found) => found.version),
    ).toEqual([version]);
  });

  it.each<[string, Partial<Component>, string]>([
    ['a file', { type: 'file', name: '/bin/sh' }, 'file'],
    ['a file with a CPE and no version', { type: 'file', name: '/bin/sh', hasCpe: true }, 'file'],
    ['a file with a version alone', { type: 'file', name: '/bin/sh', version: '1' }, 'file'],
    ['data', { type: 'data', name: 'licences' }, 'file'],
    ['a key', { type: 'cryptographic-asset', name: 'rsa' }, 'file'],
    [
      'the distribution that the packages are of',
      { type: 'operating-system', name: 'alpine', version: '3.18' },
      'distribution',
    ],
    ['a folder that holds others', { type: 'application', name: 'web', holdsOthers: true }, 'group'],
    ['a lock file of Trivy', { type: 'application', name: 'package-lock.json', kind: 'lang-pkgs' }, 'group'],
    ['what the SBOM describes', { isSubject: true, purl: 'pkg:npm/shop@1.0.0' }, 'subject'],
  ])('%s is no package, and said to be none', (_what, component, why) => {
    const { packages, unmatched, setAside } = packagesOf([sbomOf([component])]);
    expect([packages.length, unmatched.length]).toEqual([0, 0]);
    expect(setAside.map((found) => found.why)).toEqual([why]);
  });

  it('a file with a purl is the package that it names', () => {
    expect(short({ type: 'file', purl: 'pkg:npm/qs@6.7.0' })).toEqual(['npm | qs | 6.7.0']);
  });

  const root = { ref: 'root', purl: 'pkg:github/acme/shop@main' };
  const nginx = { ref: 'nginx', name: 'nginx', version: '1' };
  it.each<[string, readonly Partial<Component>[], Partial<Sbom>, readonly string[]]>([
    [
      'what depends on others',
      [{ ref: 'openssl', name: 'openssl', type: 'library' }, nginx],
      { dependsOn: new Map([['openssl', ['nginx']]]) },
      ['openssl', 'nginx 1'],
    ],
    [
      'each of several that are described',
      [root, nginx],
      { roots: ['root', 'nginx'], dependsOn: new Map([['root', ['nginx']]]) },
      ['pkg:github/acme/shop@main', 'nginx 1'],
    ],
    ['what alone is described, and stands alone', [nginx], { roots: ['nginx'] }, ['nginx 1']],
    [
      'what alone is described, and needs what is not listed',
      [nginx],
      { roots: ['nginx'], dependsOn: new Map([['nginx', ['nowhere', 'nginx']]]) },
      ['nginx 1'],
    ],
    [
      'what holds others and has a version',
      [{ name: 'web', version: '1', holdsOthers: true }],
      {},
      ['web 1'],
    ],
  ])('%s may be a package', (_what, components, more, expected) => {
    const { unmatched, setAside } = packagesOf([sbomOf(components, more)]);
    expect(setAside).toEqual([]);
    expect(unmatched.map(({ component }) => component)).toEqual(expected);
  });

  it('what alone is described and brings in others is no package', () => {
    const sbom = sbomOf([root, nginx], { roots: ['root'], dependsOn: new Map([['root', ['nginx']]]) });
    expect(packagesOf([sbom]).setAside.map(({ component }) => component)).toEqual([
      'pkg:github/acme/shop@main',
    ]);
  });

  const libssl = { purl: 'pkg:deb/debian/libssl3@3.0.11-1?distro=debian-12' };
  const zlib = { purl: 'pkg:deb/debian/zlib1g@1.2?distro=debian-12&upstream=zlib' };
  it.each<[string, readonly Partial<Component>[], readonly string[]]>([
    ['no component names a source', [libssl, { purl: 'pkg:npm/qs@1.0.0' }], ['no-source']],
    ['one of its type names one, as Syft does', [libssl, zlib], []],
    ['one of another type names one', [{ purl: 'pkg:apk/alpine/libssl3@3.1.0-r4' }, zlib], ['no-source']],
    ['its writer names sources that have another name', [{ ...libssl, saysSource: true }], []],
    ['it is a source itself', [{ purl: 'pkg:deb/debian/openssl@3?arch=source&distro=debian-12' }], []],
    ['the advisories name packages', [{ purl: 'pkg:rpm/photon/curl@8.1?distro=photon-5.0' }], []],
  ])('a package of a distribution is looked up, where %s, and counted as %3$o', (_what, components, expected) => {
    const { packages, unmatched } = packagesOf([sbomOf(components)]);
    expect(packages).toHaveLength(components.length);
    expect(unmatched.map(({ why }) => why)).toEqual(expected);
  });

  it('two versions of one component are said', () => {
    const component = { purl: 'pkg:npm/qs@100.0.0', version: '6.7.0' };
    expect(packagesOf([sbomOf([component, component])]).warnings).toEqual([
      'sbom.json: 2 components have one version in the purl and another beside it: both were looked up.',
    ]);
    expect(packagesOf([sbomOf([{ purl: 'pkg:npm/qs@6.7.0' }])]).warnings).toEqual([]);
  });

  it('each component is in one of the three lists, whatever it holds', () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom('pkg:npm/a@1', 'pkg:golang/b@v1', 'pkg:deb/debian/c@1'),
    );
    const component = fc.record(
      { purl: part, version: fc.string(), type: fc.constantFrom('file', 'library', 'operating-system') },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(component, (one) => {
        const { packages, unmatched, setAside } = packagesOf([sbomOf([one])]);
        const isBoth = packages.length > 0 && unmatched.length > 0;
        expect(packages.length > 2 || (isBoth && unmatched[0]?.why !== 'no-source')).toBe(false);
        expect(Math.min(1, packages.length + unmatched.length) + setAside.length).toBe(1);
      }),
    );
  });
});
