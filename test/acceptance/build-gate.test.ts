import { symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { docker, gateOfEach, verdictOf } from './build-gate-setup.ts';

const { put, program, run, callsOf, path } = gateOfEach();

const passed = { exitCode: 0, verdict: 'passed', ok: 'true', reason: 'all-passed' };
const couldNot = { exitCode: 1, verdict: 'could-not-tell', ok: 'unknown' };

describe('build-gate with docker', () => {
  it('builds, starts without network and within limits, and removes what it made', async () => {
    program('docker', docker);
    const gate = await run({
      smoke: '/shop --version "a b" $HOME',
      'smoke-memory': '64MiB',
      target: 'final',
      'build-args': 'V=1 2;x',
    });
    expect(verdictOf(gate)).toEqual(passed);
    expect(gate.annotations).toEqual([]);
    const args = callsOf('docker').map((call) => call.args);
    const [, , build = [], start = [], inspect = [], remove = [], last = []] = args;
    const name = build.find((one) => one.startsWith('--tag='))?.slice('--tag='.length) ?? '';
    expect(build).toEqual([
      'buildx',
      'build',
      '--progress=plain',
      '--load',
      `--tag=${name}`,
      '--file=./Dockerfile',
      '--target=final',
      '--build-arg=V=1 2;x',
      './.',
    ]);
    const container = start.find((one) => one.startsWith('--name='))?.slice('--name='.length) ?? '';
    expect(start).toEqual([
      'run',
      `--name=${container}`,
      '--pull=never',
      '--network=none',
      '--memory=67108864b',
      '--memory-swap=67108864b',
      '--pids-limit=512',
      '--cap-drop=ALL',
      '--security-opt=no-new-privileges',
      '--entrypoint=/shop',
      name,
      '--version',
      'a b',
      '$HOME',
    ]);
    expect(inspect).toEqual(['container', 'inspect', '--format={{json .State}}', container]);
    expect(remove).toEqual(['rm', '--force', '--volumes', container]);
    expect(last).toEqual(['image', 'rm', '--force', name]);
  });
});

describe('without a builder that works', () => {
  it('could not tell, and says what each said', async () => {
    program('docker', [
      {
        args: 'version',
        code: 1,
        stderr:
          'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n',
      },
    ]);
    const gate = await run();
    expect(verdictOf(gate)).toEqual({ ...couldNot, reason: 'no-builder' });
    expect(gate.outputs.summary).toMatch(
      /docker: Cannot connect to the Docker daemon .*; buildah: it is not on PATH; podman: it is not on PATH/,
    );
  });

  it('takes the next one', async () => {
    program('docker', [{ args: 'version', code: 1, stderr: 'no daemon\n' }]);
    program('podman', [{ args: 'info' }, { args: 'build' }, { args: 'image rm' }]);
    const gate = await run();
    expect(verdictOf(gate)).toEqual(passed);
    expect(gate.outputs.summary).toContain('built by podman');
  });

  it('does not take another than the one that is asked for', async () => {
    program('podman', [{ args: 'info' }]);
    expect(verdictOf(await run({ builder: 'docker' }))).toEqual({ ...couldNot, reason: 'no-builder' });
  });
});

describe('what is not there', () => {
  it.each([
    [
      'no Dockerfile',
      { context: 'missing' },
      'dockerfile-not-found',
      /`context`: missing is no folder; `dockerfile`: missing\/Dockerfile is no file/,
    ],
    ['no secret', { secrets: 'npm=.npmrc' }, 'secret-not-found', /\.npmrc is no file/],
    ['a wrong input', { smoke: '/shop "x', context: '../x' }, 'invalid-input', /2 problems/],
  ])('%s: nothing is built', async (_, inputs, reason, summary) => {
    program('docker', docker);
    const gate = await run(inputs);
    expect(verdictOf(gate)).toEqual({ ...couldNot, reason });
    expect(gate.outputs.summary).toMatch(summary);
    expect(callsOf('docker')).toEqual([]);
  });

  it('of several paths each is told once', async () => {
    program('docker', docker);
    const gate = await run({ context: 'missing', secrets: 'npm=.npmrc' });
    expect(gate.summary.match(/: missing is no folder/g)).toHaveLength(1);
    expect(gate.summary).not.toContain('.:');
    expect(gate.outputs.summary).toMatch(/^3 paths of the inputs cannot be used: /);
  });

  it('a link that leads out of the repository is refused', async () => {
    program('docker', docker);
    put('x', '');
    symlinkSync(path(), path('repository', 'out'));
    expect(verdictOf(await run({ context: 'out' }))).toEqual({ ...couldNot, reason: 'invalid-input' });
    expect(callsOf('docker')).toEqual([]);
  });
});
