import { parseInputs } from '@sluice/core/contract';
import { expect, it } from 'vitest';
import { scanInputs, scanProblems } from './inputs.ts';

const problemsOf = (given: Readonly<Record<string, string>>): readonly string[] => {
  const env = Object.entries({ sbom: 'a.json', ...given }).map(([name, text]) => [
    `INPUT_${name.toUpperCase()}`,
    text,
  ]);
  return scanProblems(parseInputs(scanInputs, Object.fromEntries(env)));
};

it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ['an address of OSV', { 'osv-url': 'https://osv.example' }, []],
  ['the default beside another source', { source: 'trivy', 'osv-url': 'https://api.osv.dev' }, []],
  [
    'an address of OSV that nothing asks',
    { source: 'trivy', 'osv-url': 'https://osv.example' },
    ['`osv-url` is given, and `source` is not `osv`: nothing would ask it'],
  ],
  ['a database', { source: 'database', database: 'osv' }, []],
  ['a source without its database', { source: 'database' }, ['`source: database` needs `database`']],
  ['a database that nothing reads', { database: 'osv' }, ['nothing would read it']],
  ['fail-on-kev without kev', { 'fail-on-kev': 'true' }, ['`fail-on-kev` needs `kev`']],
  ['fail-on-epss without epss', { 'fail-on-epss': '0.1' }, ['`fail-on-epss` needs `epss`']],
  ['a SARIF file over the SBOM', { sarif: 'a.json' }, ['it would be written over']],
])('%s', (_, given, problems) => {
  expect(problemsOf(given)).toEqual(problems.map((one) => expect.stringContaining(one)));
});
