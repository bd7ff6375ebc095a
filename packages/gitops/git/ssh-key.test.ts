import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemExec } from '@sluice/core/exec';
import { expect, it, onTestFinished } from 'vitest';
import { isSshKey } from './ssh-key.ts';

async function makeKey(...args: string[]): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'key-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const { code } = await systemExec('ssh-keygen', ['-q', '-f', join(dir, 'key'), ...args]);
  expect(code).toBe(0);
  return readFileSync(join(dir, 'key'), 'utf8').trim();
}

it.each([
  ['ed25519', ['-t', 'ed25519', '-N', '']],
  ['RSA as PEM', ['-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', '']],
])('a private key is one: %s', async (_name, args) => {
  const key = await makeKey(...args);
  expect(() => isSshKey(key)).not.toThrow();
  expect(() => isSshKey(key.replaceAll('\n', '\r\n'))).not.toThrow();
});

it.each([
  ['ed25519', ['-t', 'ed25519', '-N', 'a passphrase']],
  ['RSA as PEM', ['-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', 'a passphrase']],
])('one with a passphrase is of no use without a person: %s', async (_name, args) => {
  const key = await makeKey(...args);
  expect(() => isSshKey(key)).toThrow('allowed: a private key without a passphrase');
});

it.each([
  'secret',
  'ssh-ed25519 AAAA comment',
  '-----BEGIN OPENSSH PRIVATE KEY-----',
])('%s is none', (text) => {
  expect(() => isSshKey(text)).toThrow('allowed: a private key, from -----BEGIN to -----END');
});
