import { readFileSync } from 'node:fs';
import { commonInputs, contractProblems, parseInputs } from '@sluice/core/contract';
import { load } from 'js-yaml';
import { expect, describe as group, it } from 'vitest';
import { argocdLogin, expectationInputs, watchInputs } from './inputs.ts';
import { waitVerdicts } from './outcome.ts';

const spec = {
  ...commonInputs(waitVerdicts),
  ...argocdLogin({ required: true }),
  ...expectationInputs,
  ...watchInputs,
};

const given = (inputs: Readonly<Record<string, string>>) =>
  parseInputs(
    spec,
    Object.fromEntries(
      Object.entries({ 'argocd-server': 'https://argocd.example', 'argocd-token': 't', ...inputs }).map(
        ([name, value]) => [`INPUT_${name.toUpperCase()}`, value],
      ),
    ),
  );

it('the inputs are those of action.yml', () => {
  const action = load(
    readFileSync(new URL('../../actions/argo-sync-wait/action.yml', import.meta.url), 'utf8'),
  );
  if (typeof action !== 'object' || action === null) throw new Error('action.yml is no mapping');
  expect(contractProblems(spec, action, ['revision'])).toEqual([]);
});

group('argocd-server', () => {
  it.each([
    ['https://argocd.example', 'https://argocd.example'],
    ['https://argocd.example/base/', 'https://argocd.example/base'],
    ['production=https://argocd.example:8443', 'https://argocd.example:8443'],
    ['["http://127.0.0.1:8080"]', 'http://127.0.0.1:8080'],
  ])('%s', (text, url) => expect(given({ 'argocd-server': text })['argocd-server']).toEqual([url]));

  it.each([
    ['argocd.example', /https:\/\/ or http:\/\//],
    ['ftp://argocd.example', /https:\/\/ or http:\/\//],
    ['https://admin:secret@argocd.example', /without a user/],
    ['https://argocd.example/?x=1', /without \? and #/],
    ['a=https://a.example\nb=https://b.example', /one server/],
  ])('%j is refused', (text, message) => expect(() => given({ 'argocd-server': text })).toThrow(message));
});

group('others', () => {
  it('every wrong one is told at once', () => {
    expect(() =>
      given({ applications: 'A_b', 'registry-aliases': 'x', expect: '0', revision: 'main' }),
    ).toThrow(/4 .*revision.*applications.*expect.*registry-aliases/);
  });

  it('times are in milliseconds, aliases in pairs', () => {
    const values = given({ 'registry-aliases': 'docker.io=mirror.example/docker.io', settle: '1m30s' });
    expect(values).toMatchObject({ timeout: 900_000, settle: 90_000, 'degraded-grace': 60_000, expect: 1 });
    expect(values['registry-aliases']).toEqual([{ from: 'docker.io', to: 'mirror.example/docker.io' }]);
  });
});
