import { describe, expect, test } from 'vitest';
import type { Result } from './result.ts';
import { results, runFiles } from './test-run.ts';
import type { World } from './world.ts';

const callee = `
on:
  workflow_call:
    inputs:
      text: { type: string, required: true }
      number: { type: number, default: 7 }
      flag: { type: boolean }
    secrets: { TOKEN: { required: true }, OTHER: {} }
    outputs: { made: { value: '\${{ jobs.one.outputs.made }}' } }
permissions: {}
jobs:
  one:
    runs-on: x
    if: inputs.text != 'skip'
    outputs: { made: '\${{ steps.make.outputs.made }}' }
    steps:
      - { id: make, run: 'echo "made=\${{ inputs.text }} \${{ inputs.number }} \${{ inputs.flag }} \${{ secrets.OTHER }}" >> "$GITHUB_OUTPUT"' }
  two: { runs-on: x, needs: one, steps: [{ run: a }] }
`;
const caller = (more: string, permissions = 'permissions: {}'): string =>
  `on: push\n${permissions}\njobs:\n  call: { uses: ./.github/workflows/callee.yml, ${more} }\n  after: { runs-on: x, needs: call, steps: [{ run: a }] }\n`;
const run = (more: string, world: Partial<World> = {}, called = callee) =>
  runFiles({ 'main.yml': caller(more), 'callee.yml': called }, world);
const secrets = 'secrets: { TOKEN: x }';

describe('GitHub refuses a call, and starts nothing', () => {
  test.each([
    ['an input that it requires is missing', secrets, 'Input text is required'],
    ['it has no such input', `with: { text: a, odd: b }, ${secrets}`, 'odd is not defined'],
    ['a text is given for a number', `with: { text: a, number: many }, ${secrets}`, 'number is no number'],
    ['a text is given for a boolean', `with: { text: a, flag: "true" }, ${secrets}`, 'flag is no boolean'],
    ['a secret that it requires is missing', 'with: { text: a }', 'Secret TOKEN is required'],
    ['it has no such secret', 'with: { text: a }, secrets: { TOKEN: x, ODD: y }', 'ODD is not defined'],
    [
      'it is not called by its if, but is wrong all the same',
      `if: false, with: { odd: b }, ${secrets}`,
      'odd',
    ],
  ])('%s', async (_, more, message) => {
    const never = () => Promise.reject(new Error('nothing runs'));
    await expect(run(more, { job: never })).rejects.toThrow(message);
  });

  test('a job of it asks for more than the calling job may', async () => {
    const asks = callee.replace('  two: {', '  two: { permissions: { checks: read },');
    const more = `with: { text: a }, ${secrets}`;
    await expect(run(more, {}, asks)).rejects.toThrow(
      "'two' is requesting 'checks: read, but is only allowed checks: none'",
    );
    const job = () => ({ result: 'success', outputs: {} }) as const;
    for (const access of ['read', 'write']) {
      const granted = caller(`permissions: { checks: ${access} }, ${more}`);
      expect((await runFiles({ 'main.yml': granted, 'callee.yml': asks }, { job })).result).toBe('success');
    }
  });

  test('calls itself, or more than ten levels deep', async () => {
    const self = 'on: [push, workflow_call]\njobs:\n  again: { uses: ./.github/workflows/main.yml }\n';
    await expect(runFiles({ 'main.yml': self })).rejects.toThrow('more than 10 levels');
  });

  test.each([
    [10, true],
    [11, false],
  ])('a chain of %i workflows may be run: %s', async (length, runs) => {
    const end = 'on: workflow_call\njobs: { last: { runs-on: x, steps: [{ run: a }] } }';
    const link = (at: number) =>
      `on: [push, workflow_call]\njobs: { next: { uses: ./.github/workflows/${at + 1}.yml } }`;
    const chain = Array.from({ length: length - 1 }, (_, at) => [
      at === 0 ? 'main.yml' : `${at}.yml`,
      link(at),
    ]);
    const files = Object.fromEntries([...chain, [`${length - 1}.yml`, end]]);
    const job = () => ({ result: 'success', outputs: {} }) as const;
    const result = await runFiles(files, { job }).then(
      (run) => run.result === 'success',
      () => false,
    );
    expect(result).toBe(runs);
  });

  test('a workflow without workflow_call', async () => {
    await expect(
      run(secrets, {}, 'on: push\njobs: { a: { runs-on: x, steps: [{ run: a }] } }'),
    ).rejects.toThrow('cannot be called');
  });
});

describe('a call', () => {
  test('gives inputs with their defaults and types, and gets the outputs; env does not cross', async () => {
    const ended = await run(`with: { text: a }, ${secrets}`, { vars: {} });
    expect(ended.jobs.call?.outputs).toEqual({ made: 'a 7 false ' });
    expect(ended.checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['call / one', 'call / two', 'after']),
    );
  });

  test('with secrets: inherit sees all, and without it those that are named', async () => {
    const all = { secrets: { TOKEN: 'x', OTHER: 'seen' } };
    expect((await run('with: { text: a }, secrets: inherit', all)).jobs.call?.outputs).toEqual({ made: '' });
    const named = await run(`with: { text: a }, ${secrets}`, all);
    expect(named.jobs.call?.outputs).toEqual({ made: 'a 7 false ' });
  });

  const ended: readonly (readonly [Result, Readonly<Record<string, Result>>, string, Result])[] = [
    ['failure', { 'call/one': 'failure' }, 'a', 'skipped'],
    ['failure', { 'call/two': 'failure' }, 'a', 'skipped'],
    ['cancelled', { 'call/two': 'cancelled' }, 'a', 'skipped'],
    ['skipped', {}, 'skip', 'skipped'],
    ['success', {}, 'a', 'success'],
  ];
  test.each(ended)('is %s when its jobs end so: %o (text: %s)', async (result, jobs, text, after) => {
    const job: World['job'] = ({ path }) => ({ result: jobs[path] ?? 'success', outputs: {} });
    const all = results(await run(`with: { text: ${text} }, ${secrets}`, { job }));
    expect([all.call, all.after]).toEqual([result, after]);
  });

  test('that is skipped is one check, and its jobs are none', async () => {
    const skipped = await run(`if: false, with: { text: a }, ${secrets}`);
    expect(skipped.checks.map(({ name, conclusion }) => [name, conclusion])).toEqual([
      ['call', 'skipped'],
      ['after', 'skipped'],
    ]);
  });
});
