import { readFileSync } from 'node:fs';
import { commonInputs, contractProblems, parseInputs } from '@sluice/core/contract';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { bumpVerdicts, emptyBumpOutputs } from './bump-outcome.ts';
import { bumpInputs, checkBumpInputs, credentialOf } from './inputs.ts';

const spec = { ...bumpInputs, ...commonInputs(bumpVerdicts) };
const parse = (given: Record<string, string>) =>
  parseInputs(
    spec,
    Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
  );

it('the inputs and outputs are those of action.yml', () => {
  const file = new URL('../../actions/image-tag-bump/action.yml', import.meta.url);
  const action = load(readFileSync(file, 'utf8'));
  if (typeof action !== 'object' || action === null) throw new Error('action.yml is no mapping');
  expect(contractProblems(spec, action, Object.keys(emptyBumpOutputs))).toEqual([]);
});

describe('bumpInputs', () => {
  it('takes paths as Git writes them', () => {
    expect(parse({ path: './apps//shop/\n.\n' }).path).toEqual(['apps/shop', '.']);
    expect(parse({ set: './a.yaml x=1' }).set).toMatchObject([{ file: 'a.yaml' }]);
  });

  it.each([
    ['path', '../a'],
    ['path', 'a/../../b'],
    ['path', '/etc/passwd'],
    ['path', 'C:\\temp'],
    ['path', 'a\\..\\..\\b'],
    ['path', '.git/config'],
    ['set', '"../a b.yaml" x=1'],
    ['set', 'a.yaml'],
    ['helm-values', '../values.yaml: image.tag'],
    ['images', 'nginx'],
    ['images', 'nginx:1\nnginx:2'],
    ['repository', 'gitops'],
    ['repository', 'acme/..'],
    ['branch', 'refs/heads/main'],
    ['branch', '-x'],
    ['branch', 'a..b'],
    ['branch', 'a b'],
    ['commit', 'auto'],
    ['on-no-match', 'ignore'],
    ['allow-downgrade', 'yes'],
    ['project', 'a\u0007b'],
    ['fail-on-verdict', 'live'],
  ])('refuses %s: %s', (name, value) => {
    expect(() => parse({ [name]: value })).toThrow(name);
  });

  it('wants images or set, and a tenant only with its project and environment', () => {
    expect(() => checkBumpInputs(parse({}))).toThrow('`images` or `set`');
    expect(() => checkBumpInputs(parse({ images: 'a:1', tenant: 'eu' }))).toThrow('`tenant`');
    expect(() => checkBumpInputs(parse({ set: 'a.yaml x=1' }))).not.toThrow();
  });
});

describe('credentialOf', () => {
  const none = { token: '', 'app-id': '', 'app-private-key': '' };
  it('prefers the App, for the repository that is to be changed', () => {
    expect(credentialOf({ token: 't', 'app-id': '7', 'app-private-key': 'pem' }, 'acme/gitops')).toEqual({
      type: 'app',
      appId: '7',
      privateKey: 'pem',
      owner: 'acme',
      repository: 'gitops',
    });
    expect(credentialOf({ ...none, token: 't' }, 'acme/gitops')).toEqual({ type: 'token', token: 't' });
  });

  it('says what is missing', () => {
    expect(() => credentialOf(none, 'a/b')).toThrow('There is no token');
    expect(() => credentialOf({ ...none, 'app-id': '7' }, 'a/b')).toThrow('Only one of');
  });
});
