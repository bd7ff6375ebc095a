import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as toolkit from '@actions/core';
import { parseOutputs } from '@sluice/testbed/runner-files';
import { expect, test } from 'vitest';

const module = new URL('./commands.ts', import.meta.url);
const run = (script: string, env: Readonly<Record<string, string>> = {}): string =>
  execFileSync(
    process.execPath,
    ['--input-type=module', '--eval', `import * as c from '${module}';${script}`],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env },
      maxBuffer: 50_000_000,
    },
  );

test('nothing of a command leaves its line, its name or its property', () => {
  expect(run(`c.command('error', 'a\\r\\n::x::100%', { file: 'a,b:c\\n%', line: 3, col: undefined })`)).toBe(
    '::error file=a%2Cb%3Ac%0A%25,line=3::a%0D%0A::x::100%25\n',
  );
  expect(run(`c.command('endgroup', '')`)).toBe('::endgroup::\n');
});

test('every line is out before the process ends, also through a pipe that is full', () => {
  const script = `for (let i = 0; i < 2000; i++) c.writeLine('x'.repeat(1000)); c.whenWritten(() => process.exit(0));`;
  expect(run(script)).toHaveLength(2000 * 1001);
});

test('an output is read back as it was, whatever lines it has', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'commands-'));
  const file = path.join(folder, 'output');
  writeFileSync(file, 'before=1\n');
  const outputs = { a: '', b: 'x\nsluice_end\nc<<sluice_end\nsluice_end_', c: 'one=two' };
  run(`c.writeOutputs(${JSON.stringify(outputs)})`, { GITHUB_OUTPUT: file });
  expect(parseOutputs(readFileSync(file, 'utf8'))).toEqual({ before: '1', ...outputs });
  rmSync(folder, { recursive: true });
});

test('outputs that nobody would read are an error', () => {
  expect(() => run(`c.writeOutputs({})`)).toThrow('there is no GITHUB_OUTPUT');
  expect(() => run(`c.writeOutputs({})`, { GITHUB_OUTPUT: '/nonexistent/file' })).toThrow('there is no file');
});

/** What GitHub's own library writes. */
function written(act: () => void): string {
  const { write } = process.stdout;
  const parts: string[] = [];
  process.stdout.write = (chunk: string | Uint8Array) => parts.push(String(chunk)) > 0;
  try {
    act();
  } finally {
    process.stdout.write = write;
  }
  return parts.join('');
}

const hostile = 'a\r\n::error::100%,b:c ü';
test.each([
  ['error', hostile, {}, () => toolkit.error(hostile)],
  ['error', '', {}, () => toolkit.error('')],
  [
    'warning',
    hostile,
    { file: hostile, line: 3 },
    () => toolkit.warning(hostile, { file: hostile, startLine: 3 }),
  ],
  ['debug', hostile, {}, () => toolkit.debug(hostile)],
  ['group', hostile, {}, () => toolkit.startGroup(hostile)],
  ['endgroup', '', {}, () => toolkit.endGroup()],
  ['add-mask', hostile, {}, () => toolkit.setSecret(hostile)],
] as const)('%s %j is written as @actions/core writes it', (name, text, properties, act) => {
  const ours = run(`c.command(...${JSON.stringify([name, text, properties])})`);
  expect(ours).toBe(written(act));
});
