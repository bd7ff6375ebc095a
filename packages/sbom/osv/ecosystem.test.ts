import { describe, expect, test } from 'vitest';
import { ecosystemOf, nameKey, speaksOf } from './ecosystem.ts';

describe('a record of one ecosystem speaks of packages of another', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['npm', 'npm', true],
    ['npm', 'PyPI', false],
    ['pypi', 'PyPI', true],
    ['Debian:12', 'Debian:12', true],
    ['Debian:11', 'Debian:12', false],
    ['Debian', 'Debian:12', true],
    ['Debian:12', 'Debian', true],
    ['Debian:12', 'Ubuntu:12', false],
    ['Alpine:v3.18', 'Alpine:v3.18', true],
    ['Alpine:v3.18', 'Alpine:3.18', true],
    ['Alpine:v3.1', 'Alpine:v3.18', false],
    ['Ubuntu:22.04:LTS', 'Ubuntu:22.04', true],
    ['Ubuntu:Pro:18.04:LTS', 'Ubuntu:18.04:LTS', true],
    ['Ubuntu:24.04:LTS', 'Ubuntu:22.04:LTS', false],
    ['Maven:https://maven.google.com', 'Maven', true],
    ['Red Hat:rhel_aus:8.4::appstream', 'Red Hat:rhel_aus:8.4::appstream', true],
    ['Red Hat:rhel_aus:8.4::appstream', 'Red Hat:enterprise_linux:9::baseos', false],
  ];
  test.each(cases)('%s, %s: %s', (record, asked, expected) => {
    expect(speaksOf(ecosystemOf(record), ecosystemOf(asked))).toBe(expected);
  });
});

describe('two names are of one package', () => {
  const cases: readonly (readonly [string, string, string, boolean])[] = [
    ['PyPI', 'Django_REST.framework', 'django-rest-framework', true],
    ['PyPI', 'foo--bar', 'foo-bar', true],
    ['PyPI', 'foobar', 'foo-bar', false],
    ['NuGet', 'Newtonsoft.Json', 'newtonsoft.json', true],
    ['Packagist', 'GuzzleHttp/Guzzle', 'guzzlehttp/guzzle', true],
    ['crates.io', 'openssl_src', 'openssl-src', true],
    ['GitHub Actions', 'TJ-Actions/changed-files', 'tj-actions/changed-files', true],
    // Both were published, by different people.
    ['npm', 'JSONStream', 'jsonstream', false],
    ['Maven', 'org.Foo:bar', 'org.foo:bar', false],
    // Package URLs of Go are written in lower case.
    ['Go', 'github.com/BurntSushi/toml', 'github.com/burntsushi/toml', true],
    ['Go', 'std', 'stdlib', true],
    ['Go', 'github.com/acme/x', 'github.com/acme/x/v2', false],
    ['SwiftURL', 'https://github.com/Apple/swift-nio.git', 'github.com/apple/swift-nio', true],
    ['Debian:12', 'nginx', 'nginx', true],
  ];
  test.each(cases)('%s: %s, %s: %s', (ecosystem, one, other, expected) => {
    const key = (name: string) => nameKey(ecosystemOf(ecosystem), name);
    expect(key(one) === key(other)).toBe(expected);
  });

  test('names of different ecosystems are of different packages', () => {
    expect(nameKey(ecosystemOf('npm'), 'zlib')).not.toBe(nameKey(ecosystemOf('PyPI'), 'zlib'));
  });
});
