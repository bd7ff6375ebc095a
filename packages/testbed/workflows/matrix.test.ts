import { describe, expect, test } from 'vitest';
import { expandMatrix } from './matrix.ts';
import { runFiles } from './test-run.ts';

describe('a matrix', () => {
  test.each([
    ['is every combination', { a: [1, 2], b: ['x', 'y'] }, ['1x', '1y', '2x', '2y']],
    [
      'leaves out what exclude names',
      { a: [1, 2], b: ['x', 'y'], exclude: [{ a: 1, b: 'y' }] },
      ['1x', '2x', '2y'],
    ],
    ['is made of include alone', { include: [{ a: 1 }, { a: 2 }] }, ['1', '2']],
    ['adds a leg where include would change one', { a: [1], include: [{ a: 2 }] }, ['1', '2']],
    [
      'extends the legs that include does not change',
      { a: [1, 2], include: [{ b: 'z' }, { a: 2, b: 'y' }] },
      ['1z', '2y'],
    ],
    ['is empty without values', { a: [] }, []],
  ])('%s', (_, matrix, legs) => {
    expect(expandMatrix(matrix).map((leg) => Object.values(leg).join(''))).toEqual(legs);
  });

  const text = (strategy: string): string =>
    `on: push\njobs:\n  leg:\n    runs-on: x\n    strategy: ${strategy}\n    steps: [{ run: a }]\n`;
  test('names its checks by its values', async () => {
    const run = await runFiles(
      { 'main.yml': text('{ matrix: { os: [linux, mac], node: [24] } }') },
      { job: () => ({ result: 'success', outputs: {} }) },
    );
    expect(run.checks.map(({ name }) => name).toSorted()).toEqual(['leg (linux, 24)', 'leg (mac, 24)']);
  });

  test.each([
    ['stops the others', '', ['success', 'failure', 'cancelled']],
    ['lets the others go on with fail-fast: false', 'fail-fast: false, ', ['success', 'failure', 'success']],
  ])('a leg that fails %s', async (_, more, ends) => {
    const run = await runFiles(
      { 'main.yml': text(`{ ${more}max-parallel: 1, matrix: { n: [1, 2, 3] } }`) },
      {
        job: ({ contexts }) => ({
          result: numberOf(contexts.matrix) === 2 ? 'failure' : 'success',
          outputs: {},
        }),
      },
    );
    expect(run.checks.map(({ conclusion }) => conclusion)).toEqual(ends);
    expect(run.jobs.leg?.result).toBe('failure');
  });

  test('without a leg fails its job', async () => {
    const run = await runFiles({ 'main.yml': text(`{ matrix: { n: '\${{ fromJSON(''[]'') }}' } }`) });
    expect(run.jobs.leg?.result).toBe('failure');
  });
});

const numberOf = (matrix: unknown): unknown => Object(matrix).n;
