import type { Package, Unmatched } from '@sluice/sbom/types';
import { expect, test } from 'vitest';
import { answeredOf } from './answered.ts';

const packageOf = (name: string, version = '1.0.0', ecosystem = 'npm'): Package => ({
  ...{ purl: `pkg:npm/${name}@${version}`, ecosystem, name, version, paths: [], files: ['f'] },
});
const unmatched = (component: string): Unmatched => ({ component, why: 'no-version', file: 'f' });
const qs = packageOf('qs');

test.each<[string, readonly Package[], readonly Unmatched[], readonly string[]]>([
  ['all that were told of', [], [unmatched('x 1')], ['npm qs', 'Debian openssl']],
  ['none of which one version was not told of', [packageOf('qs', '2.0.0')], [], ['Debian openssl']],
  ['none whose name is among what could not be looked up', [], [unmatched('pkg:npm/QS')], ['Debian openssl']],
])('are %s', (_, unanswered, left, expected) => {
  const packages = [qs, packageOf('qs', '2.0.0'), packageOf('openssl', '3', 'Debian:12')];
  expect([...answeredOf(packages, unanswered, left)]).toEqual(expected);
});
