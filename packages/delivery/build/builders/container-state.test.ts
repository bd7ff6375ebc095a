import { describe, expect, test } from 'vitest';
import { containerEnd } from './container-state.ts';

const ended = { code: 0, lines: ['x'], stdout: '', timedOut: false };
const exited = { Status: 'exited', OOMKilled: false, ExitCode: 0, Error: '' };
const created = { Status: 'created', OOMKilled: false, ExitCode: 0, Error: '' };

test.each([
  ['a good end', {}, exited, { type: 'ended', code: 0 }],
  ['a bad end', { code: 7 }, exited, { type: 'ended', code: 7 }],
  ['a program that ends with a code of the engine', { code: 127 }, exited, { type: 'ended', code: 127 }],
  ['an engine that fails', { code: 125 }, undefined, { type: 'not-run' }],
  ['an engine that fails, and says 0', { code: 0 }, undefined, { type: 'not-run' }],
  ['a state that cannot be read', { code: 0 }, 'none', { type: 'not-run' }],
  ['too much memory', { code: 137 }, { ...exited, OOMKilled: true }, { type: 'memory' }],
  ['a hang', { code: undefined, timedOut: true }, { Status: 'running', Error: '' }, { type: 'timed-out' }],
  ['an engine that is gone', { code: undefined, failure: 'ENOENT' }, undefined, { type: 'not-run' }],
  [
    'a container that runs on without its client',
    { code: 0 },
    { Status: 'running', Error: '' },
    { type: 'not-run' },
  ],
  [
    'what an engine could not start, and says that it has ended',
    { code: 127 },
    { ...exited, Error: 'no cgroup' },
    { type: 'not-run' },
  ],
  ['what was never started, and a client that says 0', { code: 0 }, created, { type: 'not-run' }],
] as const)('%s', (_, more, state, wanted) => {
  expect(containerEnd({ ...ended, ...more }, state)).toMatchObject(wanted);
});

describe('a program that cannot be started is told from a machine that cannot start any', () => {
  const noFile = 'exec: "/nope": stat /nope: no such file or directory';
  const daemon =
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process';
  // As Docker 20.10, podman 4.3, runc 1.1 and crun 1.8 say it.
  test.each([
    [
      'docker',
      127,
      `docker: Error response from daemon: ${daemon}: ${noFile}: unknown`,
      { ...created, Error: `${daemon}: ${noFile}: unknown` },
      'not-started',
    ],
    [
      'docker',
      126,
      `docker: Error response from daemon: ${daemon}: exec: "/text": permission denied: unknown`,
      { ...created, Error: `${daemon}: exec: "/text": permission denied` },
      'not-started',
    ],
    [
      'podman over runc',
      127,
      `Error: runc: runc create failed: unable to start container process: ${noFile}: OCI runtime attempted to invoke a command that was not found`,
      created,
      'not-started',
    ],
    [
      'podman over runc',
      126,
      'Error: runc: runc create failed: unable to start container process: exec: "/text": permission denied: OCI permission denied',
      created,
      'not-started',
    ],
    [
      'podman over crun',
      127,
      'Error: crun: executable file `/nope` not found: No such file or directory: OCI runtime attempted to invoke a command that was not found',
      created,
      'not-started',
    ],
    [
      'podman over crun',
      126,
      'Error: crun: setrlimit `RLIMIT_NOFILE`: Operation not permitted: OCI permission denied',
      created,
      'not-run',
    ],
    [
      'podman over crun',
      126,
      'Error: OCI runtime error: crun: cgroups in hybrid mode not supported, drop all controllers from cgroupv2',
      created,
      'not-run',
    ],
  ] as const)('%s, %d: %s', (_, code, line, state, type) => {
    const end = containerEnd(
      { ...ended, code, lines: [line, "Run 'docker run --help' for more information"] },
      state,
    );
    expect(end).toEqual({ type, lines: [line] });
  });
});

test('a kill is for want of memory where the engine does not tell, and is the program’s own end where it does', () => {
  expect(containerEnd({ ...ended, code: 137 }, exited, { killedIsMemory: true }).type).toBe('memory');
  expect(containerEnd({ ...ended, code: 137 }, exited)).toMatchObject({ type: 'ended', code: 137 });
});
