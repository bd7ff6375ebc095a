import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Repositories } from './repository.ts';
import { runFiles } from './test-run.ts';
import type { World } from './world.ts';

const folder = mkdtempSync(join(tmpdir(), 'actions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

write(
  'node/action.yml',
  `inputs: { who: { default: '\${{ github.repository }}' } }\noutputs: { said: {} }\nruns: { using: node24, main: main.mjs, post: post.mjs }`,
);
write(
  'node/main.mjs',
  `import { appendFileSync } from 'node:fs';
appendFileSync(process.env.GITHUB_OUTPUT, 'said=' + process.env.INPUT_WHO + '\\n');
appendFileSync(process.env.GITHUB_STATE, 'kept=' + process.env.INPUT_WHO + '\\n');`,
);
write('node/post.mjs', `console.log('post of ' + process.env.STATE_kept);`);
write(
  'outer/action.yml',
  `inputs: { who: {} }
outputs: { said: { value: '\${{ steps.inner.outputs.said }}, \${{ steps.shell.outputs.leaked }}' } }
runs:
  using: composite
  steps:
    - { id: inner, uses: $/node, with: { who: 'inner \${{ inputs.who }}' } }
    - { id: shell, shell: bash, run: 'echo "leaked=[\${INPUT_WHO-}]" >> "$GITHUB_OUTPUT"; echo "FROM_INNER=yes" >> "$GITHUB_ENV"' }
    - { if: "inputs.who == 'bad'", shell: bash, run: exit 3 }
    - { if: failure(), shell: bash, run: echo inner saw the failure }
`,
);
write(
  'prying/action.yml',
  `runs: { using: composite, steps: [{ shell: bash, run: 'echo \${{ secrets.S }}' }] }`,
);
write('slow/action.yml', 'runs: { using: node24, main: main.mjs }');
write(
  'slow/main.mjs',
  `import { writeFileSync } from 'node:fs';
process.on('SIGINT', () => { console.log('was told'); process.exit(7); });
setInterval(() => {}, 1000);
writeFileSync(process.env.STARTED, '');`,
);

const repositories: Repositories = (name, ref) => (name === 'acme/tools' ? { name, ref, folder } : undefined);
const run = (steps: string, world: Partial<World> = {}, more = '') =>
  runFiles(
    { 'main.yml': `on: push\njobs:\n  a:\n    runs-on: x\n    ${more}\n    steps:\n${steps}` },
    { repositories, ...world },
  );

describe('steps', () => {
  test('run in real shells, with outputs, GITHUB_ENV, GITHUB_PATH and their own env', async () => {
    const { jobs } = await run(`
      - { id: one, env: { A: own }, run: 'echo "x=$A" >> "$GITHUB_OUTPUT"; echo "B=later" >> "$GITHUB_ENV"; echo /opt/x >> "$GITHUB_PATH"' }
      - { run: 'echo "\${{ steps.one.outputs.x }} $B \${{ env.B }} \${PATH%%:*} [\${A-}]"' }
`);
    expect(jobs.a?.log).toBe('own later later /opt/x []\n');
  });

  test('after a failure run only where their if says so, and the job is red', async () => {
    const { jobs } = await run(`
      - { run: exit 1 }
      - { run: echo plain }
      - { if: failure(), run: echo failure }
      - { if: always(), run: 'echo \${{ job.status }}' }
`);
    expect(jobs.a).toMatchObject({ result: 'failure', log: 'failure\nfailure\n' });
  });

  test('continue-on-error of a step: outcome failure, conclusion success, and the job goes on', async () => {
    const { jobs } = await run(`
      - { id: may, continue-on-error: true, run: exit 1 }
      - { run: 'echo \${{ steps.may.outcome }} \${{ steps.may.conclusion }}' }
`);
    expect(jobs.a).toMatchObject({ result: 'success', log: 'failure success\n' });
  });

  test('bash with pipefail only where shell says bash', async () => {
    expect((await run("      - { run: 'false | true' }\n")).jobs.a?.result).toBe('success');
    expect((await run("      - { shell: bash, run: 'false | true' }\n")).jobs.a?.result).toBe('failure');
  });

  test('an output of a job that holds a secret or a masked value is dropped', async () => {
    const outputs = `outputs: { a: '\${{ steps.s.outputs.a }}', b: '\${{ steps.s.outputs.b }}', c: plain }`;
    const text = `      - { id: s, run: 'echo "::add-mask::hidden"; echo "a=my-secret!" >> "$GITHUB_OUTPUT"; echo "b=hidden" >> "$GITHUB_OUTPUT"' }\n`;
    const { jobs } = await run(text, { secrets: { S: 'my-secret' } }, outputs);
    expect(jobs.a?.outputs).toEqual({ c: 'plain' });
  });
});

describe('actions', () => {
  test('get their defaults, hand out outputs, and tidy up at the end, last in, first out', async () => {
    const { jobs } = await run(`
      - { id: x, uses: acme/tools/node@v1 }
      - { uses: acme/tools/node@v1, with: { who: second } }
      - { run: 'echo \${{ steps.x.outputs.said }}' }
`);
    expect(jobs.a?.log).toBe('acme/app\npost of second\npost of acme/app\n');
  });

  test('composite ones nest, name their own repository by $/, and give their run steps no INPUT_', async () => {
    const { jobs } = await run(`
      - { id: x, uses: acme/tools/outer@v1, with: { who: me } }
      - { run: 'echo "\${{ steps.x.outputs.said }} $FROM_INNER [\${{ steps.inner.outputs.said }}]"' }
`);
    expect(jobs.a?.log).toBe('inner me, [] yes []\npost of inner me\n');
  });

  test('a composite one whose step fails, fails', async () => {
    const { jobs } = await run('      - { uses: acme/tools/outer@v1, with: { who: bad } }\n');
    expect(jobs.a?.result).toBe('failure');
    expect(jobs.a?.log).toContain('inner saw the failure');
  });

  test('composite ones know no secrets', async () => {
    const prying = run('      - { uses: acme/tools/prying@v1 }\n', { secrets: { S: 'x' } });
    await expect(prying).rejects.toThrow('secrets');
  });

  test('may be given in place of being run, with what they were called with', async () => {
    const seen: unknown[] = [];
    const { jobs } = await run(
      `      - { id: x, uses: acme/tools/node@v1, with: { who: '\${{ github.sha }}' } }\n`,
      {
        action({ uses, inputs, place, stepId }) {
          seen.push([uses, inputs, place?.path, stepId]);
          return { passed: false };
        },
      },
    );
    expect(seen).toEqual([['acme/tools/node@v1', { who: 'abc' }, 'node', 'x']]);
    expect(jobs.a?.result).toBe('failure');
  });

  test('that nobody knows are an error', async () => {
    await expect(run('      - { uses: acme/other@v1 }\n')).rejects.toThrow('Unable to resolve acme/other@v1');
  });
});

test('cancelling tells the running step by SIGINT, runs what asks for it, and the job is cancelled', async () => {
  const stop = new AbortController();
  const started = join(folder, 'started');
  const watch = setInterval(() => existsSync(started) && stop.abort(), 20);
  const { jobs } = await run(
    `
      - { uses: acme/tools/slow@v1 }
      - { run: echo plain }
      - { if: always(), run: 'echo \${{ job.status }}' }
`,
    { signal: stop.signal, env: { STARTED: started } },
  );
  expect(jobs.a).toMatchObject({ result: 'cancelled', log: 'was told\ncancelled\n' });
  clearInterval(watch);
});
