import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runProgram } from './program.ts';

const env = { PATH: process.env.PATH ?? '' };
const node = (script: string, how: Partial<Parameters<typeof runProgram>[2]> = {}) =>
  runProgram(process.execPath, ['-e', script], { env, ...how });

test('the exit code, the last lines of both streams, and the standard output are kept', async () => {
  const said: string[] = [];
  const ended = await node("console.log('a\\u001b[31mb\\u001b[0m'); console.error('c'); process.exit(3)", {
    say: (line) => said.push(line),
  });
  expect(ended).toMatchObject({ code: 3, timedOut: false });
  expect([...ended.lines].sort()).toEqual(['ab', 'c']);
  expect([...said].sort()).toEqual(['ab', 'c']);
});

test('of a long log the last lines are kept, of a long line its pieces', async () => {
  const ended = await node(
    "for (let i = 0; i < 5000; i++) console.log(i); process.stdout.write('x'.repeat(2500))",
  );
  expect(ended.lines).toHaveLength(60);
  expect(ended.lines.at(-4)).toBe('4999');
  expect(ended.lines.slice(-3).map(({ length }) => length)).toEqual([1000, 1000, 500]);
});

test('a text that is cut between two bytes of a character is whole', async () => {
  const ended = await node(
    "const b = Buffer.from('ß\\n'); process.stdout.write(b.subarray(0, 1)); setTimeout(() => process.stdout.write(b.subarray(1)), 30)",
  );
  expect(ended.lines).toEqual(['ß']);
});

test('a program that is not there says so, and is no error', async () => {
  expect(await runProgram('no-such-program', [], { env })).toMatchObject({
    code: undefined,
    failure: 'ENOENT',
  });
});

test('a program that hangs is ended with all that it has started, and what it wrote is kept', async () => {
  const script =
    "const c = require('node:child_process').spawn('sleep', ['60'], { stdio: 'inherit' }); console.log(c.pid); setInterval(() => {}, 1000)";
  const ended = await node(script, { timeout: 400 });
  expect(ended).toMatchObject({ code: undefined, timedOut: true });
  const pid = Number(ended.lines[0]);
  expect(pid).toBeGreaterThan(1);
  expect(isRunning(pid)).toBe(false);
});

test('a program that leaves another behind, which holds its output open, has ended', async () => {
  const begun = performance.now();
  const script =
    "require('node:child_process').spawn('sleep', ['20'], { stdio: 'inherit', detached: true }).unref(); console.log('x')";
  expect(await node(script)).toMatchObject({ code: 0, lines: ['x'] });
  expect(performance.now() - begun).toBeLessThan(10_000);
});

test('a cancellation ends it, and is thrown', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('cancelled')), 200);
  await expect(node('setInterval(() => {}, 1000)', { signal: controller.signal })).rejects.toThrow(
    'cancelled',
  );
});

/** One that has ended may stand in the table of processes until its parent asks for it. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
