import { describe, expect, it } from 'vitest';
import { docker, dockerWith, gateOfEach, runFails, verdictOf } from './build-gate-setup.ts';

const { program, run, callsOf } = gateOfEach();

const failed = { exitCode: 1, verdict: 'failed', ok: 'false' };
const couldNot = { exitCode: 1, verdict: 'could-not-tell', ok: 'unknown' };

describe('build-gate with docker', () => {
  it('gives the builder no input and no token of the job', async () => {
    program('docker', docker);
    await run(
      { 'registry-credentials': 'r.example=u:canary-password' },
      { env: { GITHUB_TOKEN: 'x', ACTIONS_RUNTIME_TOKEN: 'x' } },
    );
    const calls = callsOf('docker');
    expect(calls.length).toBeGreaterThan(2);
    expect(calls.flatMap(({ names }) => names.filter((one) => /^INPUT_|TOKEN/.test(one)))).toEqual([]);
    expect(JSON.stringify(calls)).not.toContain('canary-password');
  });

  it('fails where the image does not build, at the line of the Dockerfile, with the last lines', async () => {
    const stderr = [
      '#5 [2/2] COPY nope /nope',
      '#5 ERROR: failed to calculate checksum of ref x::y: "/nope": not found',
      '------',
      ' > [2/2] COPY nope /nope:',
      '------',
      'Dockerfile:2',
      '--------------------',
      '   1 |     FROM scratch',
      '   2 | >>> COPY nope /nope',
      '   3 |     ',
      '--------------------',
      'ERROR: failed to solve: failed to compute cache key: "/nope": not found',
      '',
    ].join('\n');
    program('docker', dockerWith({ args: 'buildx build', code: 1, stderr }));
    const gate = await run({ smoke: '/shop' });
    expect(verdictOf(gate)).toEqual({ ...failed, reason: 'build-failed' });
    expect(gate.outputs.summary).toBe(
      'The image of Dockerfile does not build (Dockerfile:2): failed to solve: failed to compute cache key: "/nope": not found.',
    );
    expect(gate.annotations[0]).toMatchObject({
      level: 'error',
      properties: { file: 'Dockerfile', line: '2' },
    });
    expect(gate.summary).toContain('>>> COPY nope /nope');
    expect(callsOf('docker').map(({ args }) => args[0])).not.toContain('run');
  });

  it.each([
    ['ends badly', runFails(3, {}, 'no config\n'), 'smoke-failed', /"\/shop" ended with exit code 3\.$/],
    [
      'is not there',
      runFails(
        127,
        { Status: 'created', Error: 'stat /shop: no such file' },
        '',
        'docker: Error response from daemon: exec: "/shop": stat /shop: no such file or directory\n',
      ),
      'smoke-not-started',
      /could not be started: docker: Error response/,
    ],
    [
      'takes too much memory',
      runFails(137, { OOMKilled: true }),
      'smoke-memory',
      /more memory than the 512 MB/,
    ],
    [
      'wants the network',
      runFails(1, {}, 'dial tcp: lookup api.example: Temporary failure in name resolution\n'),
      'smoke-failed',
      /it seems to want the network, and there is none/,
    ],
  ])('fails where a command %s', async (_, answers, reason, summary) => {
    program('docker', answers);
    const gate = await run({ smoke: '/shop' });
    expect(verdictOf(gate)).toEqual({ ...failed, reason });
    expect(gate.outputs.summary).toMatch(summary);
    expect(gate.outputs).toMatchObject({ image: '', digest: '' });
  });

  it('ends a command that hangs, and its container', async () => {
    program(
      'docker',
      dockerWith(
        { args: 'run', hangs: true, stdout: 'waiting\n' },
        { args: 'container inspect', stdout: '{"Status":"running","OOMKilled":false}' },
      ),
    );
    const gate = await run({ smoke: '/shop serve', 'smoke-timeout': '1s' });
    expect(verdictOf(gate)).toEqual({ ...failed, reason: 'smoke-timed-out' });
    expect(gate.outputs.summary).toBe(
      'The smoke command "/shop serve" did not end within 1 s, and was ended.',
    );
    expect(gate.summary).toContain('waiting');
    expect(callsOf('docker').map(({ args }) => args.slice(0, 2).join(' '))).toContain('rm --force');
  });

  it('could not tell where the engine itself fails, though its client ends well', async () => {
    program(
      'docker',
      dockerWith({ args: 'container inspect', code: 1, stderr: 'Error: No such container\n' }),
    );
    expect(verdictOf(await run({ smoke: '/shop' }))).toEqual({ ...couldNot, reason: 'smoke-not-run' });
  });

  it('tells of every command, and fails by the first that fails', async () => {
    program(
      'docker',
      docker.map((one) => (one.args === 'run' ? { ...one, code: 0 } : one)),
    );
    const gate = await run({ smoke: '/a\n/b\n/c' });
    expect(gate.summary.match(/^\| smoke /gm)).toHaveLength(3);
  });
});
