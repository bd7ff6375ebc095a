import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@sluice/core/clock';
import { readContext } from '@sluice/core/context';
import { silentLog } from '@sluice/core/log';
import type { World } from '@sluice/core/run';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openGitOps } from './gitops-repository.ts';

let tempDir = '';
beforeEach(async () => {
  tempDir = await mkdtemp(join(tmpdir(), 'sluice-gitops-'));
});
afterEach(() => rm(tempDir, { recursive: true }));

const inputs = { token: 'ghs_secret_token', 'app-id': '', 'app-private-key': '' };
const basic = Buffer.from('x-access-token:ghs_secret_token').toString('base64');

/** What git is told to read, and whether it has the token. */
async function reads(url: string): Promise<{ readonly remote: string; readonly token: boolean }> {
  const calls: { readonly env: string }[] = [];
  const world: World = {
    context: { ...readContext({ GITHUB_SERVER_URL: 'https://github.example' }), tempDir },
    env: {},
    log: silentLog,
    clock: systemClock,
    exec: async (_command, _args, options) => {
      calls.push({ env: JSON.stringify(options?.env) });
      return { code: 0, stdout: '', stderr: '', bytes: Buffer.alloc(0) };
    },
    fetch: globalThis.fetch,
    signal: new AbortController().signal,
    learn: () => {},
    hide: (text) => text,
  };
  await using repository = await openGitOps(url, inputs, world);
  await repository.resolve('main');
  return {
    remote: remotes().join(),
    token: calls.some(({ env }) => env.includes(basic)),
  };
}

/** The addresses in the configuration of the clones. */
function remotes(): readonly string[] {
  const files = readdirSync(tempDir, { recursive: true, encoding: 'utf8' });
  const configs = files.filter((file) => file.endsWith('config')).map((file) => join(tempDir, file));
  return configs.flatMap((file) => /url = "?([^"\n]+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? []);
}

test.each([
  ['https://github.example/acme/gitops', 'https://github.example/acme/gitops.git', true],
  ['https://GitHub.example/acme/gitops.git/', 'https://github.example/acme/gitops.git', true],
  ['http://github.example/acme/gitops', 'https://github.example/acme/gitops.git', true],
  [
    'https://github.example.evil.example/acme/gitops',
    'https://github.example.evil.example/acme/gitops.git',
    false,
  ],
  ['https://github.example:8443/acme/gitops', 'https://github.example:8443/acme/gitops.git', false],
])('%s: the token goes to GitHub alone, and never in the clear', async (url, remote, token) => {
  expect(await reads(url)).toEqual({ remote, token });
});
