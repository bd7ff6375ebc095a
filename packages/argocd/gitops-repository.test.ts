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
  const calls: { readonly args: readonly string[]; readonly env: string }[] = [];
  const world: World = {
    context: { ...readContext({ GITHUB_SERVER_URL: 'https://github.example' }), tempDir },
    env: {},
    log: silentLog,
    clock: systemClock,
    exec: async (_command, args, options) => {
      calls.push({ args, env: JSON.stringify(options?.env) });
      return { code: 0, stdout: '', stderr: '', bytes: Buffer.alloc(0) };
    },
    fetch: globalThis.fetch,
    signal: new AbortController().signal,
    learn: () => {},
  };
  await using repository = await openGitOps(url, inputs, world);
  await repository.resolve('main');
  return {
    remote: calls.flatMap(({ args }) => (args[0] === 'remote' ? args.slice(-1) : [])).join(),
    token: calls.some(({ env }) => env.includes(basic)),
  };
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
