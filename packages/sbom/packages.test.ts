import { describe, expect, it } from 'vitest';
import { packagesOf } from './packages.ts';
import { packages, sbomOf, short } from './test-sbom.ts';
import type { Component } from './types.ts';

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
