import { describe, expect, test } from 'vitest';
import { decide, type Labels, switchesOf } from './decide.ts';
import { askingProblems, labelInputs } from './inputs.ts';
import { labelsOf, numberOf } from './labels-of.ts';

const policy = { label: ['skip-ephemeral', 'No-*'], mode: 'opt-out', allowed: true } as const;
const read = (...names: string[]): Labels => ({ type: 'read', source: 'api', names, number: 7 });
const brief = (labels: Labels, over: object = {}) => {
  const { verdict, reason, source } = decide(labels, { ...policy, ...over });
  return `${verdict} ${reason} ${source}`;
};

describe('opt-out', () => {
  test.each([
    [[], 'deploy no-label api'],
    [['skip-ephemeral'], 'skip label-skips api'],
    [['bug', 'SKIP-Ephemeral'], 'skip label-skips api'],
    [['no-environment'], 'skip label-skips api'],
    [['skip-ephemeral-not'], 'deploy no-label api'],
    [['xskip-ephemeral'], 'deploy no-label api'],
    [['skip-ephemeral '], 'deploy no-label api'],
  ])('%j: %s', (names, expected) => {
    expect(brief(read(...names))).toBe(expected);
  });
});

test.each([
  [['other'], 'skip not-asked api'],
  [['Skip-Ephemeral'], 'deploy label-asks api'],
])('opt-in %j: %s', (names, expected) => {
  expect(brief(read(...names), { mode: 'opt-in' })).toBe(expected);
});

test.each(['opt-out', 'opt-in'])('where no label may decide there is an environment: %s', (mode) => {
  const expected = 'deploy not-allowed policy';
  expect(brief(read('skip-ephemeral'), { mode, allowed: false })).toBe(expected);
  expect(brief(read(), { mode, allowed: false })).toBe(expected);
  expect(brief({ type: 'not-read', number: 7 }, { mode, allowed: false })).toBe(expected);
});

test.each([
  [{ type: 'not-read', number: 7 }, 'deploy labels-not-read none'],
  [{ type: 'no-pull-request' }, 'deploy no-pull-request none'],
] as const)('what could not be read is deployed, with opt-in too: %j', (labels, expected) => {
  expect(brief(labels)).toBe(expected);
  expect(brief(labels, { mode: 'opt-in' })).toBe(expected);
});

test('a merge queue wants no environment, whatever the policy', () => {
  for (const mode of ['opt-out', 'opt-in'])
    for (const allowed of [true, false])
      expect(brief({ type: 'merge-queue' }, { mode, allowed })).toBe('skip merge-queue event');
});

test('switches are on by any of their patterns, and off where nothing was read', () => {
  const switches = labelInputs.switches.parse('full: Test/Full\nfull:release/*\nquick: a: b\n');
  expect(switchesOf(read('RELEASE/1.2', 'A: b'), switches)).toEqual({ full: true, quick: true });
  expect(switchesOf(read('x'), switches)).toEqual({ full: false, quick: false });
  expect(switchesOf({ type: 'not-read', number: 7 }, switches)).toEqual({ full: false, quick: false });
  expect(() => labelInputs.switches.parse('full')).toThrow(AggregateError);
  expect(() => labelInputs.switches.parse('a b: c')).toThrow(AggregateError);
});

test('labels and numbers are taken from what has their form', () => {
  expect(labelsOf({ labels: [{ name: 'a' }, { name: 'b' }] })).toEqual(['a', 'b']);
  for (const strange of [undefined, {}, { labels: {} }, { labels: ['a'] }, { labels: [{ name: 1 }] }])
    expect(labelsOf(strange)).toBeUndefined();
  expect(numberOf({ pull_request: { number: 7 } })).toBe(7);
  expect(numberOf({ issue: { number: 8, pull_request: {} } })).toBe(8);
  for (const strange of [
    { issue: { number: 8 } },
    { pull_request: { number: '7' } },
    { pull_request: { number: 0 } },
    null,
  ])
    expect(numberOf(strange)).toBeUndefined();
});

test('the label that goes without an environment is not taken for one that asks for it', () => {
  const given = (label: readonly string[], mode: 'opt-in' | 'opt-out', allowed = true) =>
    askingProblems({ label, mode, allowed }).length;
  expect(given(['skip-ephemeral'], 'opt-in')).toBe(1);
  expect(given(['skip-ephemeral'], 'opt-in', false)).toBe(0);
  expect(given(['skip-ephemeral'], 'opt-out')).toBe(0);
  expect(given(['ephemeral'], 'opt-in')).toBe(0);
});
