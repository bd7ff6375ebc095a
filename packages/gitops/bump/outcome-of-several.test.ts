import { describe, expect, it } from 'vitest';
import { digestOfSeveral, factOfSeveral, outputsOfSeveral } from './outcome-of-several.ts';

const one = {
  changed: 'false',
  'commit-sha': 'a',
  branch: 'main',
  change: '{"a":1}',
  'plan-digest': 'sha256:1',
};
const other = {
  changed: 'true',
  'commit-sha': 'b',
  branch: 'prod',
  change: '{"b":2}',
  'plan-digest': 'sha256:2',
};

describe('the outputs of several repositories', () => {
  it('of one are its own', () => expect(outputsOfSeveral([one])).toEqual(one));

  it('are one line for each, a list of the changes, and one digest', () => {
    const outputs = outputsOfSeveral([one, other]);
    expect(outputs).toMatchObject({ changed: 'true', 'commit-sha': 'a\nb', branch: 'main\nprod' });
    expect(JSON.parse(outputs.change ?? '')).toEqual([{ a: 1 }, { b: 2 }]);
    expect(outputs['plan-digest']).toBe(digestOfSeveral(['sha256:2', 'sha256:1']));
  });

  it.each([
    ['true', ['', 'true']],
    ['', ['', 'false']],
    ['false', ['false', 'false']],
  ])('changed is %j of %j', (together, each) => {
    const all = each.map((changed) => ({ changed }));
    expect(outputsOfSeveral(all)).toEqual({ changed: together });
  });

  it('a line without a value keeps its place, so that the lines of two outputs belong together', () => {
    const all = [{ 'pull-request-url': '' }, { 'pull-request-url': 'u' }];
    expect(outputsOfSeveral(all)).toEqual({ 'pull-request-url': '\nu' });
  });
});

it('the facts of several repositories are told together', () => {
  const facts = [
    { outputs: one, sentence: 'A is there.' },
    { outputs: other },
    { outputs: other, sentence: 'B too.' },
  ];
  expect(factOfSeveral(facts).sentence).toBe('A is there. B too.');
});
