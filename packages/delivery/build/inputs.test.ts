import { parseInputs, variableOf } from '@sluice/core/contract';
import { describe, expect, test } from 'vitest';
import { buildInputs, buildProblems } from './inputs.ts';

const parse = (given: Readonly<Record<string, string>>) =>
  parseInputs(
    buildInputs,
    Object.fromEntries(Object.entries(given).map(([name, value]) => [variableOf(name), value])),
    buildProblems,
  );

test('nothing needs to be given', () => {
  expect(parse({})).toMatchObject({
    ...{ context: '.', dockerfile: undefined, builder: 'auto', scan: true, smoke: [], image: undefined },
    ...{ 'smoke-timeout': 60_000, 'smoke-memory': 512_000_000, 'push-to': undefined },
  });
});

describe('an input is read', () => {
  test.each([
    [
      'build-args',
      'A=1\nB=a b=c,$(x)\nC=',
      [
        { name: 'A', value: '1' },
        { name: 'B', value: 'a b=c,$(x)' },
        { name: 'C', value: '' },
      ],
    ],
    ['secrets', 'npm=.secrets/npmrc', [{ id: 'npm', file: '.secrets/npmrc' }]],
    ['platforms', 'linux/arm64\nlinux/amd64\nlinux/arm64', ['linux/arm64', 'linux/amd64']],
    ['push-to', 'Registry.example:5000/team/shop', 'registry.example:5000/team/shop'],
    ['push-to', 'index.docker.io/acme/shop', 'docker.io/acme/shop'],
    [
      'image',
      'nginx',
      { name: 'nginx', hasRegistry: false, repository: 'docker.io/library/nginx', reference: 'latest' },
    ],
    [
      'image',
      `r.example/a:1@sha256:${'a'.repeat(64)}`,
      {
        name: `r.example/a:1@sha256:${'a'.repeat(64)}`,
        hasRegistry: true,
        repository: 'r.example/a',
        reference: `sha256:${'a'.repeat(64)}`,
      },
    ],
    ['smoke', '/app --version', [{ command: '/app --version', words: ['/app', '--version'] }]],
    ['smoke-memory', '1GiB', 1_073_741_824],
    // Registries have no capitals, and owners on GitHub do.
    ['push-to', 'Registry.example/ACME/Shop', 'registry.example/acme/shop'],
  ] as const)('%s: %s', (name, value, wanted) => {
    expect(parse({ [name]: value })[name]).toEqual(wanted);
  });
});

describe('a wrong input is one problem of one error', () => {
  test.each([
    [{ context: '../other' }, /context: .*inside the repository/],
    [{ context: '/etc' }, /context: .*relative to the repository/],
    [{ dockerfile: 'a/../../b' }, /dockerfile:/],
    // Without a value builders take the variable of that name from the runner.
    [{ 'build-args': 'GITHUB_TOKEN' }, /build-args: "GITHUB_TOKEN": allowed: <name>=<value>/],
    [{ 'build-args': '--secret=x=y' }, /build-args:/],
    [{ secrets: 'npm=../.npmrc' }, /secrets:/],
    [{ secrets: 'npm=a,src=/etc/shadow' }, /neither comma nor quote/],
    [{ secrets: 'npm' }, /<id>=<file>/],
    [{ platforms: 'linux' }, /<system>\/<architecture>/],
    [{ platforms: 'linux/amd64 --push' }, /platforms:/],
    [{ target: '--push' }, /target:/],
    [{ builder: 'kaniko' }, /auto, docker, buildah, podman/],
    [{ image: '--privileged' }, /image:/],
    [{ 'push-to': 'team/shop' }, /push-to: .*<registry>\/<repository>/],
    [{ 'push-to': 'registry.example/shop:1' }, /without tag or digest/],
    [{ smoke: '/app "x' }, /smoke: .*without its end/],
    [{ 'smoke-timeout': '0s' }, /above 0s/],
    [{ 'smoke-timeout': '60' }, /a duration with its unit/],
    [{ 'smoke-memory': '512' }, /a size with its unit/],
    [{ 'smoke-memory': '1MB' }, /16MB or more/],
    [
      { image: 'a:1', dockerfile: 'Dockerfile', platforms: 'linux/arm64' },
      /dockerfile, platforms would be read by nobody/,
    ],
    [{ image: 'a:1', scan: 'false' }, /nothing of it would be tried/],
    [{ scan: 'false', sarif: 'x.sarif' }, /`scan` is false: nothing would write it/],
    [{ 'sbom-file': 'x', sarif: 'x' }, /`sbom-file` names a file that another input names/],
    [{ source: 'database' }, /needs `database`/],
    [{ 'fail-on-verdict': 'red' }, /allowed: passed, failed, could-not-tell/],
  ])('%j', (given, wanted) => {
    expect(() => parse(given)).toThrow(wanted);
  });
});
