import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { plainBuiltins } from './plain-builtins.ts';
import { startChunks } from './start-chunks.ts';

const source = {
  'one/main.mjs':
    "import { a } from '../a.mjs'; import { b } from '../b.mjs'; console.log(a, b); await import('../late.mjs');",
  'two/main.mjs': "import { a } from '../a.mjs'; import { b } from '../b.mjs'; console.log(b, a);",
  'late.mjs': "import { a } from './a.mjs'; import { c } from './c.mjs'; console.log(a, c);",
  'a.mjs': "export const a = 'aaa'.repeat(Number(process.argv[2]));",
  'b.mjs': "export const b = 'bbb'.repeat(Number(process.argv[2]));",
  'c.mjs': "export const c = 'ccc'.repeat(Number(process.argv[2]));",
};

/** The texts of the files that these bundles become. */
async function build(source: Readonly<Record<string, string>>, names: readonly string[]): Promise<string[]> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-chunks-')));
  try {
    for (const [file, text] of Object.entries(source)) {
      mkdirSync(dirname(join(dir, file)), { recursive: true });
      writeFileSync(join(dir, file), text);
    }
    const input = Object.fromEntries(names.map((name) => [name, join(dir, name, 'main.mjs')]));
    const bundle = await rolldown({ input, platform: 'node', plugins: [plainBuiltins()] });
    const codeSplitting = { groups: startChunks(input) };
    const { output } = await bundle.write({ dir: join(dir, 'dist'), format: 'esm', codeSplitting });
    return output.map(({ fileName }) => readFileSync(join(dir, 'dist', fileName), 'utf8'));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

test('what bundles share at their start is one file, though a part of it is also loaded late; what is only late is not in it', async () => {
  const texts = await build(source, ['one', 'two']);
  const shared = texts.filter((text) => /aaa|bbb/.test(text));
  expect(shared).toHaveLength(1);
  expect(shared[0]).toMatch(/aaa.*bbb/s);
  expect(shared[0]).not.toContain('ccc');
});

/** Three bundles share the module a, and two of them the module b, which has this many characters more. */
const sharing = (more: number) => ({
  'one/main.mjs': "import { a } from '../a.mjs'; console.log(a);",
  'two/main.mjs': "import { a } from '../a.mjs'; import { b } from '../b.mjs'; console.log(a, b);",
  'also/main.mjs': "import { b } from '../b.mjs'; import { a } from '../a.mjs'; console.log(b, a);",
  'a.mjs': "export const a = 'aaa'.repeat(Number(process.argv[2]));",
  'b.mjs': `import { a } from './a.mjs'; export const b = a + 'bbb'.repeat(Number(process.argv[2])) + '${'x'.repeat(more)}';`,
});

test('what all bundles share does not lie in the file of those that share more', async () => {
  const texts = await build(sharing(30_000), ['one', 'two', 'also']);
  expect(texts.filter((text) => text.includes('aaa'))).toHaveLength(1);
  expect(texts.filter((text) => /aaa.*bbb|bbb.*aaa/s.test(text))).toEqual([]);
});

test('what little some bundles share is in the file of what all share: one file less costs more time than it takes to read', async () => {
  const texts = await build(sharing(0), ['one', 'two', 'also']);
  expect(texts.filter((text) => /aaa.*bbb/s.test(text))).toHaveLength(1);
  expect(texts).toHaveLength(4);
});

test('what stands for a built-in module is in the file that all load, or in one for what CommonJS asks for late', async () => {
  const source = {
    'one/main.mjs': "console.log('one'); await import('../late.mjs');",
    'two/main.mjs': "import { sep } from 'node:path'; console.log(sep); await import('../late.mjs');",
    'late.mjs':
      "import { hostname } from 'node:os'; import late from './late.cjs'; console.log(hostname(), late);",
    'late.cjs': "module.exports = require('node:dns');",
  };
  const texts = await build(source, ['one', 'two']);
  const holding = (name: string) => texts.find((text) => text.includes(`"node:${name}"`));
  expect(holding('os')).toBe(holding('path'));
  expect(holding('dns')).not.toBe(holding('path'));
  for (const name of ['path', 'dns']) expect(holding(name)).not.toContain('await');
});

test('what a bundle alone loads at its start is one file, though parts of it are also loaded late', async () => {
  const alone = {
    'one/main.mjs':
      "import { a } from '../a.mjs'; import { b } from '../b.mjs'; console.log(a, b); await import('../late.mjs');",
    'late.mjs': "import { a } from './a.mjs'; console.log(a); await import('./later.mjs');",
    'later.mjs': "import { b } from './b.mjs'; console.log(b);",
    'a.mjs': "export const a = 'aaa'.repeat(Number(process.argv[2]));",
    'b.mjs': "export const b = 'bbb'.repeat(Number(process.argv[2]));",
  };
  const texts = await build(alone, ['one']);
  const [shared, ...others] = texts.filter((text) => /aaa.*bbb/s.test(text));
  expect(others).toEqual([]);
  // A late file that imports what waits for it would wait for ever.
  expect(shared).not.toContain('await');
});
