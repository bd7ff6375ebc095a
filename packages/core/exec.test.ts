import { expect, test } from 'vitest';
import { systemExec } from './exec.ts';

const node = (script: string, options = {}) => systemExec(process.execPath, ['-e', script], options);

test('an exit code is an answer, not an error; both streams are kept', async () => {
  const result = await node('console.log("out"); console.error("err"); process.exit(3)');
  expect(result).toMatchObject({ code: 3, stdout: 'out\n', stderr: 'err\n' });
});

test('arguments reach the program as they are: there is no shell', async () => {
  const hostile = '$(touch x); `id` "a" \'b\' *';
  const result = await systemExec(process.execPath, ['-e', 'console.log(process.argv[1])', hostile]);
  expect(result.stdout).toBe(`${hostile}\n`);
});

test('standard input and bytes pass unchanged', async () => {
  const result = await node('process.stdin.pipe(process.stdout)', { input: Buffer.from([0, 255, 10]) });
  expect([...result.bytes]).toEqual([0, 255, 10]);
});

test('a program that does not read its input is no error', async () => {
  expect((await node('process.exit(0)', { input: 'x'.repeat(1_000_000) })).code).toBe(0);
});

test.each([
  [
    'a program that is not on the PATH',
    'no-such-program-here',
    {},
    'is not on the PATH of the runner',
    /^Install/,
  ],
  ['a path without a program', '/no/such/program', {}, 'does not exist on the runner', /^Install/],
  [
    'a folder that is missing',
    process.execPath,
    { cwd: '/no/such/folder' },
    'the folder /no/such/folder',
    /folder/,
  ],
  ['what may not be executed', import.meta.filename, {}, 'could not be started: EACCES', /executable/],
])('%s is one sentence, with what to do', async (_, command, options, message, hint) => {
  await expect(systemExec(command, [], options)).rejects.toMatchObject({
    ...{ code: 'program-missing', hint: expect.stringMatching(hint) },
    message: expect.stringMatching(
      new RegExp(`^.*${RegExp.escape(command)}.*${RegExp.escape(message)}.*\\.$`),
    ),
  });
});

test('too much output ends the program', async () => {
  const much = 'setInterval(() => console.log("x".repeat(9999)), 0)';
  await expect(node(much, { maxBytes: 20_000 })).rejects.toMatchObject({ code: 'output-too-large' });
});

test('an abort ends the program, and rejects with its reason', async () => {
  const controller = new AbortController();
  const running = node('setInterval(() => {}, 1000)', { signal: controller.signal });
  setTimeout(() => controller.abort(new Error('enough')), 100);
  await expect(running).rejects.toThrow('enough');
});
