import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseInputs, secrets, secretsOf } from '@sluice/core/contract';
import { describe, expect, test } from 'vitest';
import { parseChallenge } from './challenge.ts';
import {
  checkRegistryCredentials,
  parseRegistryCredential,
  passwordsOf,
  registryName,
} from './credentials.ts';
import { parseDockerLogins, readDockerLogins } from './docker-config.ts';

describe('a line of registry-credentials', () => {
  test.each([
    ['ghcr.io=alice:canary', 'ghcr.io', 'alice', 'canary'],
    ['Registry.Example:5000=robot$shop:a=b:c', 'registry.example:5000', 'robot$shop', 'a=b:c'],
    ['index.docker.io=alice:x', 'docker.io', 'alice', 'x'],
    ['https://index.docker.io/v1/=alice:x', 'docker.io', 'alice', 'x'],
    ['[::1]:5000=a:b', '[::1]:5000', 'a', 'b'],
  ])('%s', (line, registry, user, password) => {
    expect(parseRegistryCredential(line)).toEqual({ registry, user, password });
  });

  test.each([
    'canary',
    'ghcr.io',
    'ghcr.io=canary',
    'ghcr.io=:canary',
    'ghcr.io=alice:',
    'gh cr.io=alice:canary',
    '=a:canary',
    'ghcr.io/team=a:canary',
  ])('%j is refused, without a word of it', (line) => {
    expect(() => parseRegistryCredential(line)).toThrow(/^allowed: <registry>=<user>:<password>(?!.*canary)/);
  });

  test('the input reports every wrong line, repeats none, masks every password, also of wrong lines', () => {
    const of = {
      'registry-credentials': secrets(parseRegistryCredential, passwordsOf).check(checkRegistryCredentials),
    };
    const given = 'ghcr.io=alice:canary-1\nghcr.io/x=bob:canary-2\ncanary-3\nregistry.example=c:canary-4';
    const env = { 'INPUT_REGISTRY-CREDENTIALS': given };
    expect(() => parseInputs(of, env)).toThrow(/entry 2: allowed.*entry 3: allowed/);
    expect(() => parseInputs(of, env)).toThrow(/^(?!.*canary)/);
    expect(secretsOf(of, env)).toEqual([given, 'canary-1', 'canary-2', 'canary-3', 'canary-4']);
    const twice = { 'INPUT_REGISTRY-CREDENTIALS': 'docker.io=a:b\nindex.docker.io=c:d' };
    expect(() => parseInputs(of, twice)).toThrow(/docker\.io is given twice/);
  });
});

describe("Docker's configuration", () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  test('gives its logins, under the names that images have', () => {
    const config = {
      auths: {
        'https://index.docker.io/v1/': { auth: base64('alice:pa:ss') },
        'ghcr.io': { username: 'bob', password: 'x' },
        'registry.example:5000': { auth: base64('no colon') },
        'kept.example': {},
        'azure.example': { auth: base64('0000:'), identitytoken: 'long-lived' },
        'a b': { auth: base64('a:b') },
      },
      credsStore: 'desktop',
      credHelpers: { 'gcr.io': 'gcloud', 'eu.gcr.io': 'gcloud' },
    };
    expect(parseDockerLogins(config)).toEqual({
      credentials: [
        { registry: 'docker.io', user: 'alice', password: 'pa:ss' },
        { registry: 'ghcr.io', user: 'bob', password: 'x' },
        { registry: 'azure.example', user: 'the identity token', password: '', identityToken: 'long-lived' },
      ],
      helpers: ['docker-credential-desktop', 'docker-credential-gcloud'],
    });
  });

  test.each([
    [null],
    ['text'],
    [{ auths: [] }],
    [{ auths: { 'ghcr.io': null } }],
  ])('%j has none', (config) => {
    expect(parseDockerLogins(config)).toEqual({ credentials: [], helpers: [] });
  });

  test('is not needed', () => {
    expect(readDockerLogins({ DOCKER_CONFIG: '/nowhere' })).toEqual({ credentials: [], helpers: [] });
    expect(readDockerLogins({})).toEqual({ credentials: [], helpers: [] });
  });

  test('is read from what podman and buildah keep as well, behind Docker’s', () => {
    const folder = mkdtempSync(join(tmpdir(), 'logins-'));
    try {
      const auth = (login: string) => ({ auth: Buffer.from(login).toString('base64') });
      const write = (file: string, auths: object) =>
        writeFileSync(join(folder, file), JSON.stringify({ auths }));
      write('config.json', { 'ghcr.io': auth('docker:a') });
      write('auth.json', { 'ghcr.io': auth('podman:b'), 'r.example': auth('podman:c') });
      const env = { DOCKER_CONFIG: folder, REGISTRY_AUTH_FILE: join(folder, 'auth.json') };
      expect(readDockerLogins(env).credentials).toEqual([
        { registry: 'ghcr.io', user: 'docker', password: 'a' },
        { registry: 'ghcr.io', user: 'podman', password: 'b' },
        { registry: 'r.example', user: 'podman', password: 'c' },
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the name of a registry', () => {
  test.each([
    ['https://GHCR.io/', 'ghcr.io'],
    ['https://registry.example/v2/', 'registry.example'],
    ['registry.hub.docker.com', 'docker.io'],
    ['localhost:5000', 'localhost:5000'],
    ['ghcr.io/team', undefined],
    ['', undefined],
  ])('%s', (text, name) => expect(registryName(text)).toBe(name));
});

describe('a challenge', () => {
  test.each([
    [
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull"',
      {
        type: 'bearer',
        realm: 'https://auth.docker.io/token',
        service: 'registry.docker.io',
        scope: 'repository:library/nginx:pull',
      },
    ],
    ['bearer realm=https://a.example/token', { type: 'bearer', realm: 'https://a.example/token' }],
    ['Basic realm="x", Bearer realm="https://a.example/t"', { type: 'bearer', realm: 'https://a.example/t' }],
    ['Basic realm="Bearer of rings"', { type: 'basic' }],
    ['BASIC', { type: 'basic' }],
    ['Bearer service="x"', undefined],
    ['Negotiate', undefined],
    ['', undefined],
  ])('%s', (header, challenge) => expect(parseChallenge(header)).toEqual(challenge));
});
