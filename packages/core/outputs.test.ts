import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOutputs } from '@sluice/testbed/runner-files';
import { afterAll, expect, test } from 'vitest';
import { appendOutputs } from './outputs.ts';

const dir = mkdtempSync(join(tmpdir(), 'sluice-outputs-'));
afterAll(() => rmSync(dir, { recursive: true }));

test.each([
  '',
  'one line',
  'two\nlines\n',
  'ghadelimiter',
  'a\nghadelimiter\nok=true\nok<<ghadelimiter_\ntrue\nghadelimiter_\nghadelimiter__\n',
])('the runner reads each output as it is, whatever its value holds: %j', (value) => {
  const file = join(dir, 'output');
  writeFileSync(file, 'before=1\n');
  appendOutputs(file, { summary: value, after: 'x' });
  expect(parseOutputs(readFileSync(file, 'utf8'))).toEqual({ before: '1', summary: value, after: 'x' });
});

test('a file that the runner did not make is an error', () => {
  const file = join(dir, 'missing');
  expect(() => appendOutputs(file, { ok: 'true' })).toThrow(file);
});
