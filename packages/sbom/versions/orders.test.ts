import { describe, expect, test } from 'vitest';
import { orderOf } from './orders.ts';

describe('which order an ecosystem has', () => {
  test.each([
    ['Debian', 'Debian:12'],
    ['Ubuntu', 'Ubuntu:22.04:LTS'],
    ['Ubuntu', 'Ubuntu:Pro:18.04:LTS'],
    ['Alpine', 'Alpine:v3.19'],
    ['Red Hat', 'Red Hat:rhel_aus:8.4::appstream'],
    ['SUSE', 'SUSE:Linux Enterprise Server 15 SP4'],
    ['Maven', 'Maven:https://maven.example.com/'],
  ])('%s: what follows the first colon does not change it (%s)', (ecosystem, whole) => {
    expect(orderOf(whole)).toBe(orderOf(ecosystem));
    expect(orderOf(whole)).toBeDefined();
  });

  test.each([
    ['Debian:12', 'Ubuntu:24.04'],
    ['Alpine:v3.19', 'Wolfi'],
    ['Alpine:v3.19', 'Chainguard'],
    ['Red Hat:x', 'Rocky Linux:9'],
    ['Red Hat:x', 'AlmaLinux:9'],
    ['Red Hat:x', 'openSUSE:Leap 15.5'],
  ])('%s and %s have the same', (one, other) => {
    expect(orderOf(one)).toBe(orderOf(other));
  });

  test.each([
    '',
    ':',
    'debian:12',
    'NPM',
    'OSS-Fuzz',
    'GIT',
    'Linux',
    'Android',
    'opam',
    'constructor',
    '__proto__',
  ])('%j has none here, which makes its packages unmatched', (ecosystem) => {
    expect(orderOf(ecosystem)).toBeUndefined();
  });
});
