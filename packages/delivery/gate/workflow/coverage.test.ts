import { describe, expect, test } from 'vitest';
import { coverageOf } from './coverage.ts';
import { ancestorsOf, waitsForSuccess } from './jobs.ts';
import { parseWorkflow } from './parse-workflow.ts';

const head = 'on: pull_request\njobs:\n';
const job = (id: string, more = ''): string => `  ${id}: { runs-on: x, steps: []${more && `, ${more}`} }\n`;
const ready = (needs: string): string => job('ready', `if: always(), needs: [${needs}]`);

function uncovered(text: string, lists: { given?: string; mayFail?: string; maySkip?: string } = {}) {
  const jobs = parseWorkflow(head + text);
  const set = (names = ''): ReadonlySet<string> => new Set(names.split(',').filter(Boolean));
  const given = lists.given === undefined ? new Set(jobs.get('ready')?.needs) : set(lists.given);
  const gate = { id: 'ready', given, mayFail: set(lists.mayFail), maySkip: set(lists.maySkip) };
  const coverage = coverageOf(jobs, gate);
  if (coverage.type === 'other-file') return coverage.sentence;
  return coverage.uncovered.map(({ name, why, behind = '' }) => `${name} ${why} ${behind}`.trim());
}

describe('a job is seen', () => {
  test.each([
    ['when the gate needs it', job('a') + job('b') + ready('a, b')],
    ['when one that has to succeed needs it', job('a') + job('b', 'needs: a') + ready('b')],
    ['through several of those', job('a') + job('b', 'needs: a') + job('c', 'needs: [b]') + ready('c')],
    [
      'through an `if` without a status function',
      job('a') + job('b', "needs: a, if: github.event_name == 'push'") + ready('b'),
    ],
    ['through `if: success()`', job('a') + job('b', 'needs: a, if: success()') + ready('b')],
    [
      'on one way of two',
      job('a') + job('b', 'needs: a, if: always()') + job('c', 'needs: a') + ready('b, c'),
    ],
    [
      'when it comes after the gate, which cannot need it',
      job('a') + ready('a') + job('z', 'needs: ready, if: always()'),
    ],
    [
      'through a call of a workflow',
      `${job('a')}  b: { uses: ./.github/workflows/x.yml, needs: a }\n${ready('b')}`,
    ],
  ])('%s', (_, text) => {
    expect(uncovered(text)).toEqual([]);
  });
});

describe('a job is not seen', () => {
  test('that nothing on the way to the gate needs', () => {
    expect(uncovered(job('a') + job('lint') + ready('a'))).toEqual(['lint no-way']);
  });

  test.each([
    'always()',
    '!cancelled()',
    'success() || failure()',
    'failure()',
    "ALWAYS ( ) && github.actor != 'x'",
  ])('behind one that runs whatever became of it: if: %s', (condition) => {
    const text =
      job('a') + job('b', `needs: a, if: ${JSON.stringify(condition)}`) + job('c', 'needs: b') + ready('c');
    expect(uncovered(text)).toEqual(['a careless b']);
  });

  test.each([{ mayFail: 'b' }, { maySkip: 'b' }])('behind one that need not succeed itself: %j', (lists) => {
    expect(uncovered(job('a') + job('b', 'needs: a') + ready('b'), lists)).toEqual(['a excused b']);
  });

  test('whose result was not given, in the bounded form', () => {
    expect(uncovered(job('a') + job('b') + ready('a, b'), { given: 'a' })).toEqual(['b not-given']);
    const chain = job('a') + job('b', 'needs: a') + job('c') + ready('b, c');
    expect(uncovered(chain, { given: 'c' })).toEqual(['a not-given b', 'b not-given']);
  });

  test('unless it may fail: then nobody has to see it', () => {
    expect(uncovered(job('a') + job('notify', 'if: failure()') + ready('a'), { mayFail: 'notify' })).toEqual(
      [],
    );
  });
});

describe('the gate itself', () => {
  const gate = (more: string) => job('a') + job('ready', `needs: a${more && `, ${more}`}`);

  test.each(['always()', `"\${{ always() }}"`, 'ALWAYS ( )'])('is sure with if: %s alone', (condition) => {
    expect(uncovered(gate(`if: ${condition}`))).toEqual([]);
    expect(uncovered(gate(`if: ${condition}, continue-on-error: false`))).toEqual([]);
  });

  test.each([
    '',
    '"!cancelled()"',
    '"always() && github.actor != 1"',
    '"!failure() || always()"',
    'true',
  ])('may be skipped with if: %s', (condition) => {
    expect(uncovered(gate(condition && `if: ${condition}`))).toEqual(['ready skippable']);
  });

  test('counts as a success with continue-on-error', () => {
    expect(uncovered(gate('if: always(), continue-on-error: true'))).toEqual(['ready continuing']);
    expect(uncovered(gate(`if: always(), continue-on-error: "\${{ x }}"`))).toEqual(['ready continuing']);
  });
});

test.each([
  'true',
  `"\${{ matrix.experimental }}"`,
])('a job with continue-on-error: %s is not seen: its failure counts as a success', (value) => {
  const soft = job('a', `continue-on-error: ${value}`);
  expect(uncovered(soft + ready('a'))).toEqual(['a continues']);
  expect(uncovered(soft + job('b', 'needs: a') + ready('b'))).toEqual(['a continues']);
  expect(uncovered(soft + job('b', 'needs: a') + ready('b'), { mayFail: 'a' })).toEqual([]);
});

describe('the file is another one', () => {
  test.each([
    ['without the job of the gate', job('a'), {}, 'it has no job ready with steps'],
    [
      'where that job calls a workflow',
      `  ready: { uses: ./.github/workflows/pr.yml }\n`,
      {},
      'it has no job ready with steps',
    ],
    ['whose job does not need what was given', job('a') + ready('a'), { given: 'a,b' }, 'does not need b'],
  ])('%s', (_, text, lists, said) => {
    expect(uncovered(text, lists)).toContain(said);
  });
});

describe('reading a workflow file', () => {
  test.each([
    ['jobs: [', 'it is no YAML'],
    ['on: push', 'it has no jobs'],
    ['jobs: 3', 'it has no jobs'],
    ['jobs: { a: { needs: [1] } }', 'its job "a" is none'],
    ['jobs: { a: x }', 'its job "a" is none'],
    ['jobs: { a: {}, a: {} }', 'it is no YAML'],
  ])('%j is none', (text, said) => {
    expect(() => parseWorkflow(text)).toThrow(said);
  });

  test('anchors are followed, needs may be one name or several, and a cycle ends', () => {
    const jobs = parseWorkflow('jobs: { a: &x { needs: b }, b: { needs: [a, c] }, c: *x }');
    expect(ancestorsOf(jobs, 'a')).toEqual(['b', 'a', 'c']);
  });

  test.each([
    ['', true],
    ['false', true],
    [`\${{ success() }}`, true],
    ['SUCCESS ( )', true],
    ['success() && x', false],
    ["x == 'always()'", false],
    ['alwaysx()', true],
  ])('if: %j waits for success: %s', (condition, waits) => {
    expect(waitsForSuccess({ needs: [], name: '', calls: false, continues: false, condition })).toBe(waits);
  });
});
