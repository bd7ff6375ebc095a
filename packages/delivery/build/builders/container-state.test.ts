import { expect, test } from 'vitest';
import { containerEnd } from './container-state.ts';

const ended = { code: 0, lines: ['x'], stdout: '', timedOut: false };
const exited = { Status: 'exited', OOMKilled: false, ExitCode: 0, Error: '' };

test.each([
  ['a good end', {}, exited, { type: 'ended', code: 0 }],
  ['a bad end', { code: 7 }, { ...exited, ExitCode: 7 }, { type: 'ended', code: 7 }],
  [
    'a program that ends with a code of the engine',
    { code: 127 },
    { ...exited, ExitCode: 127 },
    { type: 'ended', code: 127 },
  ],
  [
    'no such program',
    { code: 127 },
    { Status: 'created', Error: 'exec: "/nope": stat /nope: no such file', ExitCode: 127 },
    { type: 'not-started' },
  ],
  [
    'a program that may not be executed',
    { code: 126 },
    { Status: 'created', Error: 'permission denied', ExitCode: 126 },
    { type: 'not-started' },
  ],
  ['an engine that fails', { code: 125 }, undefined, { type: 'not-run' }],
  ['an engine that fails, and says 0', { code: 0 }, undefined, { type: 'not-run' }],
  ['a state that cannot be read', { code: 0 }, 'none', { type: 'not-run' }],
  ['too much memory', { code: 137 }, { ...exited, OOMKilled: true, ExitCode: 137 }, { type: 'memory' }],
  [
    'a hang',
    { code: undefined, timedOut: true },
    { Status: 'running', OOMKilled: false, Error: '' },
    { type: 'timed-out' },
  ],
  ['an engine that is gone', { code: undefined, failure: 'ENOENT' }, undefined, { type: 'not-run' }],
  [
    'a container that still runs where its client has ended',
    { code: 0 },
    { Status: 'running', Error: '' },
    { type: 'not-run' },
  ],
] as const)('%s', (_, more, state, wanted) => {
  expect(containerEnd({ ...ended, ...more }, state)).toMatchObject(wanted);
});
