import { expect, test } from 'vitest';
import { smokeEnd, takesNetworkAway } from './buildah.ts';

const ended = (code: number | undefined, ...lines: string[]) => ({
  code,
  lines,
  stdout: '',
  timedOut: false,
});

// As buildah 1.28 says it, with the isolations `chroot` and `oci`.
test.each([
  ['a good end', ended(0, 'hello'), { type: 'ended', code: 0, lines: ['hello'] }],
  [
    'a bad end',
    ended(7, 'no', 'subprocess exited with status 7', 'Error: exit status 7'),
    { type: 'ended', code: 7, lines: ['no'] },
  ],
  [
    'a bad end of runc',
    ended(7, 'no', 'Error: while running runtime: exit status 7'),
    { type: 'ended', code: 7, lines: ['no'] },
  ],
  [
    'a program that ends with 125',
    ended(125, 'Error: exit status 125'),
    { type: 'ended', code: 125, lines: [] },
  ],
  [
    'buildah itself',
    ended(125, 'Error: container "x" not known'),
    { type: 'not-run', lines: ['Error: container "x" not known'] },
  ],
  [
    'no such program',
    ended(
      1,
      'process failed to start with error: fork/exec /nope: no such file or directoryprocess exited with error: exec: not started',
      'Error: exit status 1',
    ),
    { type: 'not-started', lines: [expect.any(String), 'fork/exec /nope: no such file or directory'] },
  ],
  [
    'no such program of runc',
    ended(
      1,
      'time="x" level=error msg="runc create failed: unable to start container process: exec: "/nope": stat /nope: no such file or directory"',
      'Error: exit status 1',
    ),
    {
      type: 'not-started',
      lines: [expect.any(String), expect.stringMatching(/^runc create failed: .*no such file/)],
    },
  ],
  [
    'a program that is gone',
    { ...ended(undefined), failure: 'ENOENT' },
    { type: 'not-run', lines: ['ENOENT'] },
  ],
] as const)('%s', (_, end, wanted) => {
  expect(smokeEnd(end, undefined)).toEqual(wanted);
});

test('what was ended beyond a limit says which, whatever its exit code', () => {
  for (const code of [0, 1, 137, undefined]) {
    expect(smokeEnd(ended(code), 'memory').type).toBe('memory');
    expect(smokeEnd(ended(code), 'time').type).toBe('timed-out');
    expect(smokeEnd({ ...ended(code), timedOut: true }, undefined).type).toBe('timed-out');
  }
});

// https://github.com/containers/buildah/blob/v1.28.2/pkg/parse/parse.go: without regard to case.
test.each([
  [undefined, true],
  ['oci', true],
  ['OCI', true],
  ['rootless', true],
  ['chroot', false],
  ['CHROOT', false],
  ['Chroot', false],
  ['', false],
  ['another', false],
] as const)('the isolation %s: that --network=none is honoured is taken of those alone that are known to', (isolation, wanted) => {
  expect(takesNetworkAway(isolation)).toBe(wanted);
});
