import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { plainBuiltins } from './plain-builtins.ts';

const program = `
import { createHash, subtle } from 'node:crypto';
import * as http from 'http';
import path, { join, sep } from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { homedir, tmpdir } from 'node:os';
const loaded = (name) => process.moduleLoadList.some((one) => one.includes(name));
const before = [loaded('crypto'), loaded('NativeModule http'), process.moduleLoadList.includes('NativeModule os')];
const hash = createHash('sha256').update('').digest('hex').slice(0, 8);
const after = [loaded('crypto'), loaded('webcrypto'), loaded('undici')];
const { byteLength } = await subtle.digest('SHA-256', new Uint8Array());
const { stdout } = await promisify(execFile)(process.execPath, ['-p', '6 * 7']);
console.log(hash, byteLength, stdout.trim(), path.join('a', 'b') === join('a', 'b') && sep === path.sep && tmpdir() + homedir() !== '', typeof http.createServer, before.join(), after.join());
`;

test('a bundle loads of built-in modules what it uses, when it uses it', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-builtins-'));
  try {
    const input = join(dir, 'source.mjs');
    writeFileSync(input, program);
    const bundle = await rolldown({ input, platform: 'node', plugins: [plainBuiltins()] });
    const file = join(dir, 'main.mjs');
    await bundle.write({ file, format: 'esm' });
    const printed = (script: string) => execFileSync(process.execPath, [script], { encoding: 'utf8' }).trim();
    const same = 'e3b0c442 32 42 true function';
    expect(printed(input)).toBe(`${same} true,true,true true,true,true`);
    expect(printed(file)).toBe(`${same} false,false,false true,false,false`);
  } finally {
    rmSync(dir, { recursive: true });
  }
}, 60_000);
