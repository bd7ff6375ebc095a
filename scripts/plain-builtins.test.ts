import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { plainBuiltins } from './plain-builtins.ts';

const program = `
import { createHash } from 'node:crypto';
import * as http from 'http';
import path, { join } from 'node:path';
const loaded = process.moduleLoadList.filter((name) => /undici|webcrypto/.test(name));
console.log(createHash('sha256').update('').digest('hex').slice(0, 8), http.STATUS_CODES[418], path.join === join, loaded.length);
`;

test('a bundle reads of built-in modules what it uses, and nothing that loads undici or Web Crypto', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-builtins-'));
  try {
    const input = join(dir, 'source.mjs');
    writeFileSync(input, program);
    const bundle = await rolldown({ input, platform: 'node', plugins: [plainBuiltins()] });
    const file = join(dir, 'main.mjs');
    await bundle.write({ file, format: 'esm' });
    const printed = (script: string) => execFileSync(process.execPath, [script], { encoding: 'utf8' }).trim();
    expect(printed(input)).toMatch(/^e3b0c442 I'm a Teapot true [1-9]/);
    expect(printed(file)).toBe("e3b0c442 I'm a Teapot true 0");
  } finally {
    rmSync(dir, { recursive: true });
  }
}, 60_000);
