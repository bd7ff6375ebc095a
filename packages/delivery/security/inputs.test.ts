import { parseInputs } from '@sluice/core/contract';
import { expect, it } from 'vitest';
import { securityInputs, securityProblems } from './inputs.ts';

const sbom = `https://a.example/sbom.json@sha256:${'a'.repeat(64)}`;

const problemsOf = (given: Readonly<Record<string, string>>): readonly string[] => {
  const env = Object.entries({ token: 't', ...given }).map(([name, text]) => [
    `INPUT_${name.toUpperCase()}`,
    text,
  ]);
  return securityProblems(parseInputs(securityInputs, Object.fromEntries(env)));
};

it.each([
  ['nothing but a token', {}, []],
  ['an App with its key', { 'app-id': '7', 'app-private-key': 'k' }, []],
  ['an App without a key', { 'app-id': '7' }, ['only one of `app-id` and `app-private-key` is given']],
  [
    'a key without an App',
    { 'app-private-key': 'k' },
    ['only one of `app-id` and `app-private-key` is given'],
  ],
  ['an App without a key, beside a token', { 'app-id': '7', 'deployment-token': 't' }, ['only one of']],
  ['an empty token', { token: '' }, ['`token` is needed to read Deployments']],
  ['one SBOM', { sbom }, []],
  ['one SBOM, and that no issue is kept', { sbom, issues: 'false' }, []],
  [
    'one SBOM, beside what is about Deployments and issues',
    { sbom, environment: 'staging', label: 'x', 'max-issues': '3' },
    ['`environment` does nothing', '`label` does nothing', '`max-issues` does nothing'],
  ],
])('%s', (_, given, problems) => {
  expect(problemsOf(given)).toEqual(problems.map((one) => expect.stringContaining(one)));
});
