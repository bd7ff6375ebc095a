import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDockerLogins } from '@sluice/oci/docker-config';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLogins } from './builder-logins.ts';

let home: string;
let folder: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'home-'));
  folder = mkdtempSync(join(tmpdir(), 'run-'));
});
afterEach(() => {
  for (const one of [home, folder]) rmSync(one, { recursive: true, force: true });
});

const basic = (text: string) => ({ auth: Buffer.from(text).toString('base64') });
const ghcr = { registry: 'ghcr.io', user: 'sluice', password: 'secret' };
const read = (file: string | undefined): unknown => JSON.parse(readFileSync(file ?? '', 'utf8'));

test('without logins the builder has its own environment', async () => {
  const env = { HOME: home };
  expect(await withLogins([], env, folder)).toBe(env);
});

test('docker, podman and buildah find the logins that are given beside those that they have', async () => {
  mkdirSync(join(home, '.docker', 'contexts'), { recursive: true });
  const docker = {
    auths: { 'a.example': basic('a:1'), 'ghcr.io': basic('old:old') },
    currentContext: 'remote',
  };
  writeFileSync(join(home, '.docker', 'config.json'), JSON.stringify(docker));
  const kept = join(home, 'auth.json');
  writeFileSync(kept, JSON.stringify({ auths: { 'b.example': basic('b:2') } }));
  const env = await withLogins([ghcr], { HOME: home, REGISTRY_AUTH_FILE: kept }, folder);
  const found = (one: Readonly<Record<string, string>>) =>
    readDockerLogins(one).credentials.map(({ registry, user }) => `${registry} ${user}`);
  expect(found({ DOCKER_CONFIG: env.DOCKER_CONFIG ?? '' })).toEqual(['a.example a', 'ghcr.io sluice']);
  expect(found({ REGISTRY_AUTH_FILE: env.REGISTRY_AUTH_FILE ?? '' })).toEqual([
    ...['a.example a', 'ghcr.io sluice', 'b.example b'],
  ]);
  expect(read(join(env.DOCKER_CONFIG ?? '', 'config.json'))).toMatchObject({ currentContext: 'remote' });
  expect(lstatSync(join(env.DOCKER_CONFIG ?? '', 'contexts')).isSymbolicLink()).toBe(true);
});

test('a store or helper that holds other logins does not hide them', async () => {
  mkdirSync(join(home, '.docker'));
  const docker = { credsStore: 'pass', credHelpers: { 'ghcr.io': 'gcr', 'c.example': 'ecr-login' } };
  writeFileSync(join(home, '.docker', 'config.json'), JSON.stringify(docker));
  const hub = { registry: 'docker.io', user: 'me', password: 'p' };
  const env = await withLogins([ghcr, hub], { HOME: home }, folder);
  expect(read(join(env.DOCKER_CONFIG ?? '', 'config.json'))).toMatchObject({
    credsStore: 'pass',
    // None: then Docker reads `auths`.
    credHelpers: { 'ghcr.io': '', 'c.example': 'ecr-login', 'https://index.docker.io/v1/': '' },
    auths: { 'https://index.docker.io/v1/': basic('me:p') },
  });
  expect(read(env.REGISTRY_AUTH_FILE)).toEqual({
    auths: { 'ghcr.io': basic('sluice:secret'), 'docker.io': basic('me:p') },
    credHelpers: { 'c.example': 'ecr-login' },
  });
});

test('nobody else may read the files, and nothing is written outside of the folder of the run', async () => {
  const env = await withLogins([ghcr], { HOME: home }, folder);
  for (const file of [join(env.DOCKER_CONFIG ?? '', 'config.json'), env.REGISTRY_AUTH_FILE ?? '']) {
    expect(file.startsWith(folder)).toBe(true);
    expect(statSync(file).mode & 0o077).toBe(0);
  }
});
