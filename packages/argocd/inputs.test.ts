import { readFileSync } from 'node:fs';
import { commonInputs, contractProblems, parseInputs, secretsOf } from '@sluice/core/contract';
import { load } from 'js-yaml';
import { expect, describe as group, it } from 'vitest';
import { argocdLogin, expectationInputs, idleSyncInputs, waitProblems, watchInputs } from './inputs.ts';
import { waitVerdicts } from './page/outcome.ts';

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
  ])('%s', (text, url) =>
    expect(given({ 'argocd-server': text })['argocd-server']).toEqual([expect.objectContaining({ url })]));

  it.each([
    ['argocd.example', /https:\/\/ or http:\/\//],
    ['ftp://argocd.example', /https:\/\/ or http:\/\//],
    ['https://admin:secret@argocd.example', /without a user/],
    ['https://argocd.example/?x=1', /without \? and #/],
    ['https://a.example\nb=https://b.example', /`name=URL` for each/],
    ['a=https://a.example\nb=https://a.example', /b is given twice/],
    ['https://a.example, https://b.example', /one per line, not separated by commas/],
    ['a=https://a.example,b=https://b.example', /one per line, not separated by commas/],
  ])('%j is refused', (text, message) => expect(() => given({ 'argocd-server': text })).toThrow(message));

  it('shows no password, and masks it', () => {
    const server = 'https://admin:hunter2secret@argocd.example';
    expect(() => given({ 'argocd-server': server })).toThrow(/"https:\/\/\*\*\*@argocd.example": allowed/);
    expect(secretsOf(spec, { 'INPUT_ARGOCD-SERVER': server })).toEqual(['hunter2secret']);
  });
});

group('others', () => {
  it('every wrong one is told at once', () => {
    expect(() =>
      given({ applications: 'A_b', 'registry-aliases': 'x', expect: '0', revision: 'main' }),
    ).toThrow(/4 .*revision.*applications.*expect.*registry-aliases/);
  });

  it('a selector that Kubernetes would refuse is refused', () => {
    expect(() => given({ selector: 'team in web' })).toThrow(/selector: "team in web": allowed: labels/);
  });

  it('applications with commas between them: one per line', () => {
    expect(() => given({ applications: 'shop, cart' })).toThrow(
      /applications: "shop, cart": allowed: one per line, not separated by commas/,
    );
  });

  it('times are in milliseconds, aliases in pairs', () => {
    const values = given({ 'registry-aliases': 'docker.io=mirror.example/docker.io', settle: '1m30s' });
    expect(values).toMatchObject({ timeout: 900_000, settle: 90_000, 'degraded-grace': 60_000, expect: 1 });
    expect(values['registry-aliases']).toEqual([{ from: 'docker.io', to: 'mirror.example/docker.io' }]);
  });
});

it('what is of a sync is told of where none is asked for', () => {
  const sync = { prune: 'true', 'sync-options': 'CreateNamespace=true', 'sync-resources': 'changed' };
  const told = idleSyncInputs(given(sync));
  expect(told.map((one) => one.split(' ')[0])).toEqual(['`prune`', '`sync-options`', '`sync-resources`']);
  expect(idleSyncInputs(given({ ...sync, sync: 'when-manual' }))).toEqual([]);
  expect(idleSyncInputs(given({}))).toEqual([]);
});

group('inputs that are wrong together', () => {
  const problems = (inputs: Parameters<typeof waitProblems>[0]) => waitProblems(inputs);
  const login = { token: 't', 'app-id': '', 'app-private-key': '' };
  const revision = 'c'.repeat(40);
  const change = {
    schema: 'sluice.change.v1',
    repository: '',
    branch: '',
    commit: '',
    base: '',
    files: [],
  } as const;
  const changes = [change];

  it.each([
    [
      'neither change nor revision',
      { change: undefined, revision: '' },
      [/^`change` is empty and no `revision` is given: .*wrote nothing/],
    ],
    [
      'both',
      { change: changes, revision, applications: ['a'] },
      [/give `change` or `revision`, and not both/],
    ],
    [
      'a revision, of which single objects are to be synced',
      { change: undefined, revision, applications: ['a'], 'sync-resources': 'changed' as const },
      [/`sync-resources: changed` needs a `change`/],
    ],
    [
      'a revision without applications',
      { change: undefined, revision, applications: [] },
      [/`applications` is needed/],
    ],
    [
      'two ways to choose',
      { applications: ['a'], selector: 'team=pay', project: '' },
      [/`applications` and `selector` are given/],
    ],
    ['half a key', { project: 'pay', environment: '' }, [/only one of `project` and `environment`/]],
    ['a tenant alone', { project: '', environment: '', tenant: 'acme' }, [/`tenant` is given without/]],
    ['half an App', { ...login, 'app-id': '7' }, [/only one of `app-id`/]],
    ['no token', { ...login, token: '' }, [/there is no token/]],
    [
      'a certificate without its key',
      { 'argocd-client-certificate': 'pem', 'argocd-client-key': '' },
      [/only one of `argocd-client-certificate`/],
    ],
    [
      'several at once',
      { change: undefined, revision: '', ...login, token: '' },
      [/`change` is empty/, /no token/],
    ],
  ])('%s', (_, inputs, messages) => {
    expect(problems(inputs)).toEqual(messages.map((message) => expect.stringMatching(message)));
  });

  it.each([
    ['a change', { change: changes, revision: '', applications: [] }],
    ['a revision and its applications', { change: undefined, revision, applications: ['a'] }],
    ['a change that is malformed', { revision: '', applications: [] }],
    ['a revision that is malformed', { change: undefined, applications: [] }],
  ])('%s: nothing', (_, inputs) => expect(problems({ ...login, ...inputs })).toEqual([]));

  it('are in one list with those that are wrong by themselves', () => {
    expect(() => parseInputs(spec, { INPUT_SYNC: 'maybe' }, waitProblems)).toThrow(
      /^4 problems.*argocd-server: is required.*sync: "maybe".*`change` is empty.*no token/,
    );
  });
});
