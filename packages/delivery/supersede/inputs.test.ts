import { expect, test } from 'vitest';
import { type SupersedeInputs, supersedeProblems } from './inputs.ts';

const given = {
  ...{ scope: 'deployment', project: 'shop', environment: 'qa', tenant: '', when: 'queued' },
  ...{ 'cancel-waiting': false, 'cancel-started': false, token: 't', 'app-id': '', 'app-private-key': '' },
  ...{ 'pull-request-token': '', 'pull-request-app-id': '', 'pull-request-app-private-key': '' },
} as const satisfies Partial<SupersedeInputs>;
const none = { project: '', environment: '' };

test.each<readonly [string, Partial<SupersedeInputs>, readonly RegExp[]]>([
  ['a key alone', {}, []],
  ['a branch alone', { ...none, scope: 'branch' }, []],
  ['a closed pull request alone', { ...none, when: 'closed' }, []],
  ['no key', none, [/^project: is required/, /^environment: is required/]],
  [
    'a branch with a key',
    { scope: 'branch' },
    [/^project, environment and tenant: go with `scope: deployment`/],
  ],
  [
    'a closed pull request with a key',
    { when: 'closed' },
    [/^project, .*`when: closed` is about a pull request/],
  ],
  [
    'a closed pull request with a tenant',
    { ...none, tenant: 'eu', when: 'closed' },
    [/^project, environment/],
  ],
  ['a branch that has succeeded', { ...none, scope: 'branch', when: 'succeeded' }, [/^when: `succeeded`/]],
  ['a deployment that has begun', { 'cancel-started': true }, [/^cancel-started: /]],
  ['no token', { token: '' }, [/^`token` is empty/]],
  ['an App and no token', { token: '', 'app-id': '1', 'app-private-key': 'k' }, []],
  ['an App without its key', { 'app-id': '1' }, [/^`app-id` and `app-private-key` belong together/]],
  ['a key without its App', { 'app-private-key': 'k' }, [/^`app-id` and `app-private-key` belong together/]],
  [
    'for pull requests an App without its key',
    { 'pull-request-app-id': '1' },
    [/^`pull-request-app-id` and `pull-request-app-private-key` belong together/],
  ],
  [
    'for pull requests a key without its App',
    { 'pull-request-app-private-key': 'k' },
    [/^`pull-request-app-id` and `pull-request-app-private-key` belong together/],
  ],
])('each input that would do nothing, or contradicts another one, is told: %s', (_, own, problems) => {
  expect(supersedeProblems({ ...given, ...own })).toEqual(problems.map((one) => expect.stringMatching(one)));
});
