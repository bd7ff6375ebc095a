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

test('what bundles share at their start is one file, though a part of it is also loaded late; what is only late is not in it', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-chunks-'));
  try {
    for (const [file, text] of Object.entries(source)) {
      mkdirSync(dirname(join(dir, file)), { recursive: true });
      writeFileSync(join(dir, file), text);
    }
    const bundle = await rolldown({
      input: { one: join(dir, 'one/main.mjs'), two: join(dir, 'two/main.mjs') },
      platform: 'node',
    });
    const codeSplitting = { groups: [{ name: startChunks() }] };
    const { output } = await bundle.write({ dir: join(dir, 'dist'), format: 'esm', codeSplitting });
    const texts = output.map(({ fileName }) => readFileSync(join(dir, 'dist', fileName), 'utf8'));
    const shared = texts.filter((text) => /aaa|bbb/.test(text));
    expect(shared).toHaveLength(1);
    expect(shared[0]).toMatch(/aaa.*bbb/s);
    expect(shared[0]).not.toContain('ccc');
  } finally {
    rmSync(dir, { recursive: true });
  }
});
