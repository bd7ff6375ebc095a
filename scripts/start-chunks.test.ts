import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
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
  const dir = mkdtempSync(join(tmpdir(), 'sluice-chunks-'));
  try {
    for (const [file, text] of Object.entries(source)) {
      mkdirSync(dirname(join(dir, file)), { recursive: true });
      writeFileSync(join(dir, file), text);
    }
    const bundle = await rolldown({
      input: Object.fromEntries(names.map((name) => [name, join(dir, name, 'main.mjs')])),
      platform: 'node',
    });
    const codeSplitting = { groups: startChunks(names.length) };
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

test('what all bundles share does not lie in the file of those that share more', async () => {
  const more = {
    'one/main.mjs': "import { a } from '../a.mjs'; console.log(a);",
    'two/main.mjs': "import { a } from '../a.mjs'; import { b } from '../b.mjs'; console.log(a, b);",
    'also/main.mjs': "import { b } from '../b.mjs'; import { a } from '../a.mjs'; console.log(b, a);",
    'a.mjs': "export const a = 'aaa'.repeat(Number(process.argv[2]));",
    'b.mjs': "import { a } from './a.mjs'; export const b = a + 'bbb'.repeat(Number(process.argv[2]));",
  };
  const texts = await build(more, ['one', 'two', 'also']);
  expect(texts.filter((text) => text.includes('aaa'))).toHaveLength(1);
  expect(texts.filter((text) => /aaa.*bbb|bbb.*aaa/s.test(text))).toEqual([]);
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
