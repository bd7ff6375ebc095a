import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { buildArguments, runArguments } from './arguments.ts';

/** What a real program says of one of its commands; undefined where the program is not here. */
function help(program: string, ...command: readonly string[]): string | undefined {
  const { error, stdout, stderr } = spawnSync(program, [...command, '--help'], { encoding: 'utf8' });
  return error === undefined ? `${stdout}\n${stderr}` : undefined;
}

const optionsOf = (args: readonly string[]): readonly string[] =>
  args.flatMap((one) => /^(--[a-z-]+)/.exec(one)?.[1] ?? []);

const run = optionsOf(
  runArguments({
    image: { name: 'image', isList: false },
    ...{ words: ['/app'], platform: 'linux/amd64', timeout: 1, memory: 1, container: 'x' },
  }),
);
const build = optionsOf(
  buildArguments({
    ...{ context: '.', dockerfile: 'Dockerfile', target: 'final', platforms: ['linux/amd64'], name: 'x' },
    ...{ arguments: [{ name: 'A', value: '1' }], secrets: [{ id: 's', file: 'f' }] },
  }),
);

test.each([
  ['docker', ['run'], run],
  ['docker', ['container', 'inspect'], ['--format']],
  ['docker', ['image', 'inspect'], ['--format']],
  ['docker', ['image', 'rm'], ['--force']],
  ['docker', ['rm'], ['--force', '--volumes']],
  ['docker', ['save'], ['--output']],
  ['docker', ['version'], ['--format']],
  ['buildah', ['build'], [...build, '--tag', '--manifest']],
  ['buildah', ['from'], ['--name', '--pull', '--cap-drop', '--ulimit', '--platform']],
  ['buildah', ['run'], ['--network', '--cap-drop']],
  ['buildah', ['pull'], ['--tls-verify']],
  ['buildah', ['push'], ['--tls-verify', '--digestfile']],
  ['buildah', ['manifest', 'push'], ['--all', '--tls-verify', '--digestfile']],
  ['buildah', ['inspect'], ['--type', '--format']],
  ['buildah', ['info'], ['--format']],
  ['podman', ['run'], run],
  ['podman', ['build'], [...build, '--tag', '--manifest']],
  ['podman', ['push'], ['--tls-verify', '--digestfile']],
])('%s %j has the options that are given, where it is here', (program, command, options) => {
  const text = help(program, ...command);
  expect(options.length).toBeGreaterThan(0);
  if (text === undefined) return;
  // `--platform` stands in one line with its short form or alone, and before its value.
  expect(options.filter((option) => !new RegExp(`${option}(?![a-z-])`).test(text))).toEqual([]);
});
