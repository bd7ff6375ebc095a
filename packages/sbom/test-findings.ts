import type { Finding } from './types.ts';

/** A finding, for tests: an open one of a package that nobody else has. */
export function finding(given: Partial<Finding> & { readonly name?: string } = {}): Finding {
  const { name = 'qs', ...more } = given;
  return {
    id: 'GHSA-hrpp-h998-j3pp',
    aliases: ['CVE-2022-24999'],
    package: { name, ecosystem: 'npm', purl: `pkg:npm/${name}@6.7.0` },
    version: '6.7.0',
    severity: 'high',
    score: 7.5,
    fixed: ['6.7.3'],
    paths: [['shop', 'express@4.17.1', `${name}@6.7.0`]],
    status: 'open',
    summary: 'qs vulnerable to prototype pollution',
    url: 'https://github.com/advisories/GHSA-hrpp-h998-j3pp',
    blocking: true,
    ...more,
  };
}
