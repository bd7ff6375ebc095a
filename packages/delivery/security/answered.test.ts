import type { Package, Unmatched } from '@sluice/sbom/types';
import { expect, test } from 'vitest';
import { answeredOf } from './answered.ts';

const packageOf = (name: string, version = '1.0.0', ecosystem = 'npm'): Package => ({
  ...{ purl: `pkg:npm/${name}@${version}`, ecosystem, name, version, paths: [], files: ['f'] },
});
const unmatched = (component: string): Unmatched => ({ component, why: 'no-version', file: 'f' });
const qs = packageOf('qs');

test.each<[string, readonly Package[], readonly Unmatched[], readonly string[]]>([
  ['all that were told of', [], [unmatched('x 1')], ['npm qs', 'Debian openssl', 'npm gone', 'Alpine gone']],
  [
    'none of which one version was not told of',
    [packageOf('qs', '2.0.0')],
    [],
    ['Debian openssl', 'npm gone', 'Alpine gone'],
  ],
  [
    'none whose name is among what could not be looked up, listed or not',
    [],
    [unmatched('pkg:npm/QS'), unmatched('gone 1.0')],
    ['Debian openssl'],
  ],
  [
    'none of a distribution that is not listed, where one could not be looked up that may be it by another name',
    [],
    [unmatched('pkg:deb/debian/libx')],
    ['npm qs', 'Debian openssl', 'npm gone'],
  ],
])('are %s', (_, unanswered, left, expected) => {
  const packages = [qs, packageOf('qs', '2.0.0'), packageOf('openssl', '3', 'Debian:12')];
  const names = ['npm qs', 'Debian openssl', 'npm gone', 'Alpine gone'];
  expect(names.filter(answeredOf(packages, unanswered, left))).toEqual(expected);
});

test.each([
  ['PyPI ruamel-yaml', 'pkg:pypi/Ruamel.Yaml'],
  ['crates.io serde_x', 'pkg:cargo/serde-x'],
  ['Maven org.a:b.c', 'pkg:maven/org.a/b.c'],
  ['npm @acme/qs', 'pkg:npm/%40acme/qs@^1'],
])('%s is not told of where %s could not be looked up', (name, component) => {
  expect(answeredOf([], [], [unmatched(component)])(name)).toBe(false);
  expect(answeredOf([], [], [unmatched('pkg:npm/other')])(name)).toBe(true);
});
