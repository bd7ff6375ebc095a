import { expect, test } from 'vitest';
import type { JudgedJob } from '../judge-jobs.ts';
import { partsOf, prefixOf, type RunJob } from './legs.ts';

const job = (name: string, result: string): JudgedJob => ({
  ...{ name, result, standing: { type: 'succeeded' }, told: '', because: [] },
});
const ended = (name: string, conclusion: string): RunJob => ({ name, status: 'completed', conclusion });
const running = (name: string): RunJob => ({ name, status: 'in_progress', conclusion: null });
const names: Readonly<Record<string, string>> = { named: `Test (all) on \${{ matrix.os }}` };
const parts = (name: string, listed: readonly RunJob[], result = 'failure') =>
  partsOf(job(name, result), 'ready', listed, (id) => names[id] ?? '');

test('legs of a matrix and jobs of a called workflow that failed are named, those that succeeded are not', () => {
  const listed = [
    running('ready'),
    ended('test (linux)', 'failure'),
    ended('test (mac)', 'success'),
    ended('test / inner (x)', 'timed_out'),
    ended('testing', 'failure'),
    ended('other / test', 'failure'),
  ];
  expect(parts('test', listed)).toEqual(['test (linux)', 'test / inner (x)']);
});

test('a job without parts has none', () => {
  expect(parts('test', [running('ready'), ended('test', 'failure')])).toEqual([]);
});

test('of a cancelled job those are named that were cancelled', () => {
  const listed = [running('ready'), ended('test (a)', 'cancelled'), ended('test (b)', 'failure')];
  expect(parts('test', listed, 'cancelled')).toEqual(['test (a)']);
});

test('in a called workflow all names begin with the job that calls it', () => {
  const listed = [running('pr / ready'), ended('pr / test (a)', 'failure'), ended('test (a)', 'failure')];
  expect(parts('test', listed)).toEqual(['pr / test (a)']);
});

test('an expression in the name of a job may have become anything', () => {
  expect(
    parts('named', [
      running('ready'),
      ended('Test (all) on mac', 'failure'),
      ended('Test all on mac', 'failure'),
    ]),
  ).toEqual(['Test (all) on mac']);
});

test('nothing is named where this job is not found, or is found twice', () => {
  const failed = ended('test (a)', 'failure');
  expect(parts('test', [failed])).toEqual([]);
  expect(parts('test', [running('ready'), running('pr / ready'), failed])).toEqual([]);
});

test('of two jobs that call the same workflow the runner tells which one this is of', () => {
  const on = (name: string, runner_name: string): RunJob => ({ ...running(name), runner_name });
  const two = [on('one / built', 'r1'), on('two / built', 'r2')];
  expect(prefixOf('built', two, () => '', 'r2')).toBe('two / ');
  expect(prefixOf('built', two, () => '', 'r3')).toBeUndefined();
  expect(prefixOf('built', two, () => '')).toBeUndefined();
  expect(prefixOf('built', [running('one / built')], () => '', 'r3')).toBe('one / ');
});
