import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packagesOf } from './packages.ts';
import { packages, sbomOf, short } from './test-sbom.ts';
import type { Component, Sbom } from './types.ts';

describe('names, ecosystems and versions as OSV writes them', () => {
  it.each([
    ['pkg:npm/qs@6.7.0', 'npm | qs | 6.7.0'],
    ['pkg:npm/%40babel/core@7.0.0', 'npm | @babel/core | 7.0.0'],
    ['pkg:npm/@babel/core@7.0.0', 'npm | @babel/core | 7.0.0'],
    [
      'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar',
      'Maven | org.apache.logging.log4j:log4j-core | 2.14.1',
    ],
    ['pkg:pypi/Zope.Interface_x@5.4.0', 'PyPI | zope-interface-x | 5.4.0'],
    ['pkg:cargo/serde_json@1.0.0', 'crates.io | serde_json | 1.0.0'],
    ['pkg:gem/rails@7.0.0?platform=java', 'RubyGems | rails | 7.0.0'],
    ['pkg:nuget/Newtonsoft.Json@12.0.1', 'NuGet | Newtonsoft.Json | 12.0.1'],
    ['pkg:gem/nokogiri@1.13.0-java', 'RubyGems | nokogiri | 1.13.0'],
    ['pkg:gem/nokogiri@1.13.0-x86-mingw32', 'RubyGems | nokogiri | 1.13.0'],
    ['pkg:gem/nokogiri@1.13.0-x64-mingw-ucrt', 'RubyGems | nokogiri | 1.13.0'],
    ['pkg:gem/nokogiri@1.13.0-x86_64-linux', 'RubyGems | nokogiri | 1.13.0'],
    ['pkg:gem/nokogiri@1.13.0-aarch64-linux-musl', 'RubyGems | nokogiri | 1.13.0'],
    ['pkg:gem/nokogiri@1.13.0-arm64-darwin-22', 'RubyGems | nokogiri | 1.13.0'],
    ['pkg:gem/nokogiri@1.13.0-rc1', 'RubyGems | nokogiri | 1.13.0-rc1'],
    ['pkg:gem/nokogiri@1.13.0.java', 'RubyGems | nokogiri | 1.13.0.java'],
    ['pkg:composer/Symfony/Http-Kernel@5.4.0', 'Packagist | symfony/http-kernel | 5.4.0'],
    ['pkg:npm/%40babel%2Fcore@7.0.0', 'npm | @babel/core | 7.0.0'],
    ["pkg:npm/what's-new@1.0.0", "npm | what's-new | 1.0.0"],
    ['pkg:composer/symfony/http-kernel@5.4.0', 'Packagist | symfony/http-kernel | 5.4.0'],
    ['pkg:hex/phoenix@1.6.0', 'Hex | phoenix | 1.6.0'],
    ['pkg:hex/Acme/Plug@1.6.0', 'Hex | acme/plug | 1.6.0'],
    ['pkg:pub/Http@0.13.0', 'Pub | http | 0.13.0'],
    ['pkg:bitnami/WordPress@6.2.0', 'Bitnami | wordpress | 6.2.0'],
    ['pkg:deb/debian/OpenSSL@3.0.11?distro=debian-12', 'Debian:12 | openssl | 3.0.11'],
    ['pkg:apk/Alpine/Zlib@1.2.13-r0?distro=3.18.4', 'Alpine:v3.18 | zlib | 1.2.13-r0'],
    ['pkg:rpm/rocky/ImageMagick@6.9-1.el9?distro=rocky-9', 'Rocky Linux:9 | ImageMagick | 6.9-1.el9'],
    ['pkg:pub/http@0.13.0', 'Pub | http | 0.13.0'],
    ['pkg:swift/github.com/vapor/vapor@4.60.0', 'SwiftURL | github.com/vapor/vapor | 4.60.0'],
    ['pkg:conan/openssl@1.1.1k', 'ConanCenter | openssl | 1.1.1k'],
    ['pkg:cran/readxl@1.4.0', 'CRAN | readxl | 1.4.0'],
    ['pkg:hackage/aeson@2.0.0.0', 'Hackage | aeson | 2.0.0.0'],
    ['pkg:bitnami/wordpress@6.2.0?arch=amd64', 'Bitnami | wordpress | 6.2.0'],
    ['pkg:vscode-extension/ms-python/python@2024.1.0', 'VSCode | ms-python.python | 2024.1.0'],
    ['PKG:NPM/qs@6.7.0', 'npm | qs | 6.7.0'],
    ['pkg:NPM/qs@6.7.0', 'npm | qs | 6.7.0'],
    ['pkg://npm/qs@6.7.0', 'npm | qs | 6.7.0'],
    ['pkg:golang/github.com/gin-gonic/gin@v1.4.0', 'Go | github.com/gin-gonic/gin | v1.4.0'],
    ['pkg:golang/gopkg.in/yaml.v2@v2.2.8', 'Go | gopkg.in/yaml.v2 | v2.2.8'],
    [
      'pkg:golang/github.com/docker/docker@v20.10.0%2Bincompatible',
      'Go | github.com/docker/docker | v20.10.0+incompatible',
    ],
    [
      'pkg:golang/github.com/docker/docker@v20.10.0+incompatible',
      'Go | github.com/docker/docker | v20.10.0+incompatible',
    ],
    ['pkg:golang/github.com/gin-gonic/gin@1.4.0', 'Go | github.com/gin-gonic/gin | 1.4.0'],
    ['pkg:golang/stdlib@1.21.0', 'Go | stdlib | 1.21.0'],
    ['pkg:golang/stdlib@v1.22.1', 'Go | stdlib | 1.22.1'],
    ['pkg:golang/std@go1.20.3', 'Go | stdlib | 1.20.3'],
    ['pkg:golang/github.com/go-chi/chi@v5.0.0#v5', 'Go | github.com/go-chi/chi/v5 | v5.0.0'],
    [
      'pkg:golang/google.golang.org/genproto@v0.1.0#googleapis/api',
      'Go | google.golang.org/genproto | v0.1.0',
    ],
    ['pkg:githubactions/actions/checkout@v4', 'GitHub Actions | actions/checkout | v4'],
    ['pkg:githubactions/actions/cache/restore@4.0.1', 'GitHub Actions | actions/cache | 4.0.1'],
    [
      'pkg:deb/debian/openssl@3.0.11-1~deb12u2?arch=amd64&distro=debian-12',
      'Debian:12 | openssl | 3.0.11-1~deb12u2',
    ],
    ['pkg:deb/debian/openssl@3.0.11?distro=debian-12.5', 'Debian:12 | openssl | 3.0.11'],
    ['pkg:deb/debian/openssl@3.0.11?distro=bookworm', 'Debian:12 | openssl | 3.0.11'],
    ['pkg:deb/debian/openssl@3.0.11?distro=debian-bookworm', 'Debian:12 | openssl | 3.0.11'],
    ['pkg:deb/debian/openssl@3.0.11?distro=12', 'Debian:12 | openssl | 3.0.11'],
    ['pkg:deb/debian/openssl@3.0.11', 'Debian | openssl | 3.0.11'],
    ['pkg:deb/debian/openssl@3.0.11?distro=sid', 'Debian | openssl | 3.0.11'],
    [
      'pkg:deb/ubuntu/curl@7.81.0-1ubuntu1.14?distro=ubuntu-22.04',
      'Ubuntu:22.04:LTS | curl | 7.81.0-1ubuntu1.14',
    ],
    ['pkg:deb/ubuntu/curl@7.81.0?distro=jammy', 'Ubuntu:22.04:LTS | curl | 7.81.0'],
    ['pkg:deb/ubuntu/curl@7.81.0?distro=ubuntu-23.10', 'Ubuntu:23.10 | curl | 7.81.0'],
    ['pkg:apk/alpine/zlib@1.2.13-r0?distro=alpine-3.18.4', 'Alpine:v3.18 | zlib | 1.2.13-r0'],
    ['pkg:apk/alpine/zlib@1.2.13-r0?distro=3.18.4', 'Alpine:v3.18 | zlib | 1.2.13-r0'],
    ['pkg:apk/alpine/zlib@1.2.13-r0?distro=alpine-edge', 'Alpine | zlib | 1.2.13-r0'],
    ['pkg:apk/wolfi/openssl@3.1.4-r1?arch=x86_64', 'Wolfi | openssl | 3.1.4-r1'],
    ['pkg:apk/chainguard/openssl@3.1.4-r1', 'Chainguard | openssl | 3.1.4-r1'],
    [
      'pkg:rpm/rocky/openssl@3.0.7-24.el9?arch=x86_64&epoch=1&distro=rocky-9.3',
      'Rocky Linux:9 | openssl | 1:3.0.7-24.el9',
    ],
    [
      'pkg:rpm/almalinux/openssl@1:3.0.7-24.el9?epoch=1&distro=almalinux-9.3',
      'AlmaLinux:9 | openssl | 1:3.0.7-24.el9',
    ],
    ['pkg:rpm/opensuse/zypper@1.14?distro=opensuse-leap-15.5', 'openSUSE:Leap 15.5 | zypper | 1.14'],
    [
      'pkg:rpm/opensuse/zypper@1.14?distro=opensuse-tumbleweed-20240101',
      'openSUSE:Tumbleweed | zypper | 1.14',
    ],
    ['pkg:rpm/opensuse/zypper@1.14?distro=leap-15.5', 'openSUSE:Leap 15.5 | zypper | 1.14'],
    ['pkg:rpm/rocky/curl@8.1?distro=rocky_linux-9.3', 'Rocky Linux:9 | curl | 8.1'],
    ['pkg:rpm/photon/curl@8.1?distro=photon-5.0', 'Photon OS:5.0 | curl | 8.1'],
    ['pkg:rpm/mageia/curl@8.1?distro=mageia-9', 'Mageia:9 | curl | 8.1'],
  ])('%s → %s', (purl, expected) => {
    expect(short({ purl })).toEqual([expected]);
  });

  it.each<[string, Partial<Component>, readonly string[]]>([
    [
      'the source that Syft names in `upstream`',
      { purl: 'pkg:deb/debian/libssl3@3.0.11-1?distro=debian-12&upstream=openssl' },
      ['Debian:12 | openssl | 3.0.11-1'],
    ],
    [
      'the source that OSV-SCALIBR names in `source`, and its version',
      { purl: 'pkg:deb/debian/libc-bin@2.36-9%2Bb1?distro=debian-12&source=glibc&sourceversion=2.36-9' },
      ['Debian:12 | glibc | 2.36-9'],
    ],
    [
      'the source that OSV-SCALIBR names in `origin`',
      { purl: 'pkg:apk/alpine/libssl3@3.1.0-r4?distro=3.18&origin=openssl' },
      ['Alpine:v3.18 | openssl | 3.1.0-r4'],
    ],
    [
      'the source that OSV-SCALIBR names in `sourcerpm`',
      {
        purl: 'pkg:rpm/rocky/openssl-libs@3.0.7-24.el9?distro=rocky-9&sourcerpm=openssl-3.0.7-24.el9.src.rpm',
      },
      ['Rocky Linux:9 | openssl | 3.0.7-24.el9'],
    ],
    [
      'its version, where it has another one',
      { purl: 'pkg:deb/debian/libc-bin@2.36-9%2Bb1?distro=debian-12&upstream=glibc%402.36-9' },
      ['Debian:12 | glibc | 2.36-9'],
    ],
    [
      'a source whose name has a plus sign',
      { purl: 'pkg:deb/debian/libcrypto@8.7?distro=debian-12&upstream=libcrypto%2B%2B' },
      ['Debian:12 | libcrypto++ | 8.7'],
    ],
    [
      'the source that Trivy names beside the purl',
      {
        purl: 'pkg:deb/debian/libssl3@3.0.11-1?distro=debian-12.5',
        source: { name: 'openssl', version: '3.0.11-1' },
      },
      ['Debian:12 | openssl | 3.0.11-1'],
    ],
    [
      'the source of an RPM, by its file',
      {
        purl: 'pkg:rpm/rocky/openssl-libs@3.0.7-24.el9?distro=rocky-9&epoch=1&upstream=openssl-3.0.7-24.el9.src.rpm',
      },
      ['Rocky Linux:9 | openssl | 1:3.0.7-24.el9'],
    ],
    [
      'the version of the source of an RPM, where it has another one, which has another epoch',
      {
        purl: 'pkg:rpm/rocky/rubygems@2.7.6.3-109.module%2Bel8.5.0?distro=rocky-8.5&epoch=1&upstream=ruby-2.5.9-109.module%2Bel8.5.0.src.rpm',
      },
      ['Rocky Linux:8 | ruby | 2.5.9-109.module+el8.5.0'],
    ],
    [
      'an RPM without its epoch, where records have none',
      { purl: 'pkg:rpm/opensuse/foo@1:2.0-1?distro=opensuse-leap-15.5' },
      ['openSUSE:Leap 15.5 | foo | 2.0-1'],
    ],
    [
      'the version of a source without its epoch, where records have none',
      {
        purl: 'pkg:rpm/opensuse/foo-libs@2.0-1?distro=opensuse-leap-15.5',
        source: { name: 'foo', version: '1:3.0-1' },
      },
      ['openSUSE:Leap 15.5 | foo | 3.0-1'],
    ],
    [
      'capitals of a purl before a name without',
      { name: 'jsonstream', purl: 'pkg:npm/JSONStream@1.3.5' },
      ['npm | JSONStream | 1.3.5'],
    ],
    [
      'capitals of the purl of a module before a name without',
      { name: 'github.com/burntsushi/toml', purl: 'pkg:golang/github.com/BurntSushi/toml@v0.3.1' },
      ['Go | github.com/BurntSushi/toml | v0.3.1'],
    ],
    [
      'both spellings of a NuGet id, whichever has the capitals',
      { name: 'snowflake.data', purl: 'pkg:nuget/Snowflake.Data@2.1.2' },
      ['NuGet | snowflake.data | 2.1.2', 'NuGet | Snowflake.Data | 2.1.2'],
    ],
    [
      'source and package where records name either',
      {
        purl: 'pkg:rpm/almalinux/openssl-libs@3.0.7-24.el9?distro=almalinux-9.3&upstream=openssl-3.0.7-24.el9.src.rpm',
      },
      ['AlmaLinux:9 | openssl-libs | 3.0.7-24.el9', 'AlmaLinux:9 | openssl | 3.0.7-24.el9'],
    ],
    [
      'capitals as the component has them, where its purl lost them',
      { name: 'github.com/BurntSushi/toml', purl: 'pkg:golang/github.com/burntsushi/toml@v0.3.1' },
      ['Go | github.com/BurntSushi/toml | v0.3.1'],
    ],
    [
      'capitals of old npm packages',
      { name: 'JSONStream', purl: 'pkg:npm/jsonstream@1.3.5' },
      ['npm | JSONStream | 1.3.5'],
    ],
    [
      'both spellings of a NuGet id, which the API takes for two',
      { name: 'Snowflake.Data', purl: 'pkg:nuget/snowflake.data@2.1.2' },
      ['NuGet | Snowflake.Data | 2.1.2', 'NuGet | snowflake.data | 2.1.2'],
    ],
    [
      'a NuGet id once where there is one spelling',
      { name: 'Newtonsoft.Json', purl: 'pkg:nuget/Newtonsoft.Json@12.0.1' },
      ['NuGet | Newtonsoft.Json | 12.0.1'],
    ],
    [
      'a NuGet id by its purl where the component has another name',
      { name: 'Json.NET', purl: 'pkg:nuget/Newtonsoft.Json@12.0.1' },
      ['NuGet | Newtonsoft.Json | 12.0.1'],
    ],
    [
      'no other name that the component has',
      { name: 'evil', purl: 'pkg:npm/qs@6.7.0' },
      ['npm | qs | 6.7.0'],
    ],
    [
      'the whole path of a module that Syft cut after its third part',
      { name: 'github.com/hashicorp/vault/api', purl: 'pkg:golang/github.com/hashicorp/vault@v1.0.0#api' },
      ['Go | github.com/hashicorp/vault/api | v1.0.0'],
    ],
    [
      'an action that Syft writes as a repository',
      { purl: 'pkg:github/actions/checkout@v4', kind: 'github-action' },
      ['GitHub Actions | actions/checkout | v4'],
    ],
    [
      'the version of the component where the purl has none',
      { purl: 'pkg:npm/qs', version: '6.7.0' },
      ['npm | qs | 6.7.0'],
    ],
    [
      'the version of the purl and that beside it, where nobody knows which is right',
      { purl: 'pkg:npm/qs@100.0.0', version: '6.7.0' },
      ['npm | qs | 100.0.0', 'npm | qs | 6.7.0'],
    ],
    [
      'the version of the purl alone, where none stands beside it',
      { purl: 'pkg:npm/qs@6.7.0', version: '^6.0.0' },
      ['npm | qs | 6.7.0'],
    ],
    ...(
      [
        ['npm/qs@6.7.0', 'v6.7.0', 'npm | qs | 6.7.0'],
        ['npm/qs@6.7.0', '6.7.0(react@18.0.0)', 'npm | qs | 6.7.0'],
        ['pypi/django@4.2', '4.2.0', 'PyPI | django | 4.2'],
        ['gem/nokogiri@1.13.0?platform=java', '1.13.0-java', 'RubyGems | nokogiri | 1.13.0'],
        ['golang/stdlib@1.21.0', 'go1.21.0', 'Go | stdlib | 1.21.0'],
        ['golang/github.com/a/b@v2.0.0', 'v2.0.0+incompatible', 'Go | github.com/a/b | v2.0.0'],
        ['maven/g/a@4.1.0', '4.1.0.Final', 'Maven | g:a | 4.1.0'],
        [
          'rpm/rocky/a@3.0.7-24.el9?distro=rocky-9&epoch=1',
          '1:3.0.7-24.el9',
          'Rocky Linux:9 | a | 1:3.0.7-24.el9',
        ],
        ['deb/debian/a@1:3.0-1?distro=debian-12', '3.0-1', 'Debian:12 | a | 1:3.0-1'],
        ['deb/debian/a@3.0-1?distro=debian-12', '3.0', 'Debian:12 | a | 3.0-1'],
      ] as const
    ).map(([purl, version, expected]): [string, Partial<Component>, readonly string[]] => [
      `one version where \`${version}\` stands beside ${purl}`,
      { purl: `pkg:${purl}`, version },
      [expected],
    ]),
  ])('takes %s', (_what, component, expected) => {
    expect(short(component)).toEqual(expected);
  });

  it('takes the release of the distribution from the component that says it, where no purl does', () => {
    const debian = { type: 'operating-system', name: 'debian', version: '12.5' };
    const { packages, setAside } = packagesOf([sbomOf([debian, { purl: 'pkg:deb/debian/openssl@3.0.11' }])]);
    expect(packages.map(({ ecosystem }) => ecosystem)).toEqual(['Debian:12']);
    expect(setAside).toEqual([{ component: 'debian 12.5', file: 'sbom.json', why: 'distribution' }]);
  });

  it('takes no release of another distribution, and then every release is meant', () => {
    const ubuntu = { type: 'operating-system', name: 'ubuntu', version: '22.04' };
    const { packages } = packagesOf([sbomOf([ubuntu, { purl: 'pkg:deb/debian/openssl@3.0.11' }])]);
    expect(packages.map(({ ecosystem }) => ecosystem)).toEqual(['Debian']);
  });

  it('takes no release that is longer than any is: it would stand in each package', () => {
    const system = { type: 'operating-system', name: 'debian', version: '1'.repeat(200) };
    const { packages } = packagesOf([sbomOf([system, { purl: 'pkg:deb/debian/openssl@3.0.11' }])]);
    expect(packages.map(({ ecosystem }) => ecosystem)).toEqual(['Debian']);
  });

  it.each([
    ['pkg:gem/nokogiri@1.13.0-java', 'pkg:gem/nokogiri@1.13.0'],
    ['pkg:npm/%40babel/core@7.0.0?repository_url=x&vcs_url=y#lib', 'pkg:npm/%40babel/core@7.0.0'],
    ['pkg:maven/g/a@1.0?type=jar&classifier=sources', 'pkg:maven/g/a@1.0'],
    [
      'pkg:deb/debian/libssl3@3.0?arch=amd64&upstream=openssl&distro=debian-12',
      'pkg:deb/debian/libssl3@3.0?distro=debian-12',
    ],
    ['pkg:golang/github.com/go-chi/chi@v5.0.0#v5', 'pkg:golang/github.com/go-chi/chi/v5@v5.0.0'],
  ])('%s is canonically %s', (purl, canonical) => {
    expect(packages({ purl }).map((found) => found.purl)).toEqual([canonical]);
  });
});

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
