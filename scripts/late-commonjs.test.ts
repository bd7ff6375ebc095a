import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { lateCommonJs } from './late-commonjs.ts';

const source = {
  'node_modules/late/sum.js': "console.log('sum'); module.exports = (a, b) => a + b;",
  'node_modules/late/range.js':
    "console.log('range'); module.exports = class Range { constructor(text) { this.text = text; } };",
  'node_modules/other/index.js': "console.log('other'); module.exports = () => 'o';",
  'main.mjs': `
    import other from 'other';
    import Range from 'late/range.js';
    import sum from 'late/sum.js';
    console.log('begin');
    console.log(sum(1, 2), sum(3, 4), new Range('^1').text, other());`,
};

test('what a module of these packages does when it is loaded waits for the first call, and is done once', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-late-'));
  try {
    for (const [file, text] of Object.entries(source)) {
      mkdirSync(dirname(join(dir, file)), { recursive: true });
      writeFileSync(join(dir, file), text);
    }
    const input = join(dir, 'main.mjs');
    const bundle = await rolldown({ input, platform: 'node', plugins: [lateCommonJs(['late'])] });
    const file = join(dir, 'bundle.mjs');
    await bundle.write({ file, format: 'esm' });
    const printed = (script: string) =>
      execFileSync(process.execPath, [script], { encoding: 'utf8' }).trim().split('\n');
    expect(printed(input)).toEqual(['other', 'range', 'sum', 'begin', '3 7 ^1 o']);
    expect(printed(file)).toEqual(['other', 'begin', 'sum', 'range', '3 7 ^1 o']);
  } finally {
    rmSync(dir, { recursive: true });
  }
}, 60_000);
