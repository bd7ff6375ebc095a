import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { systemExec } from '@sluice/core/exec';
import { describe, expect, it } from 'vitest';
import { type Fixture, gitops, shownLog, withFixture } from './image-tag-bump-setup.ts';

const shop = { images: 'registry.example/shop:1.4.2', branch: 'main' };

interface Watched extends Disposable {
  readonly env: Readonly<Record<string, string>>;
  readonly workspace: string;
  /** Arguments of every Git command, and all files that stood in RUNNER_TEMP or the workspace while one ran. */
  seen(): string;
}

/** A `git` before the real one that notes its arguments, and what files there are when it ends. */
async function watch(): Promise<Watched> {
  const dir = mkdtempSync(join(tmpdir(), 'watch-'));
  const temp = mkdtempSync(join(dir, 'temp-'));
  const workspace = mkdtempSync(join(dir, 'workspace-'));
  const { stdout } = await systemExec('sh', ['-c', 'command -v git']);
  const program = `#!/bin/sh
printf '%s\\n' "$@" >> '${dir}/seen'
'${stdout.trim()}' "$@"
code=$?
find '${temp}' '${workspace}' -type f ! -path '*/objects/*' -exec cat {} + >> '${dir}/seen' 2>/dev/null
exit $code
`;
  writeFileSync(join(dir, 'git'), program);
  chmodSync(join(dir, 'git'), 0o755);
  return {
    env: { PATH: `${dir}${delimiter}${process.env.PATH ?? ''}`, RUNNER_TEMP: temp },
    workspace,
    seen: () => (existsSync(join(dir, 'seen')) ? readFileSync(join(dir, 'seen'), 'latin1') : ''),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true }),
  };
}

const forms = (token: string) => [
  token,
  Buffer.from(`x-access-token:${token}`).toString('base64').slice(20, -2),
];

async function expectHidden(fixture: Fixture, inputs: Record<string, string>, isCheckout: boolean) {
  using watched = await watch();
  const { workspace, env } = watched;
  if (isCheckout) {
    const header = `http.${fixture.github.url}/.extraheader`;
    const value = `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${fixture.token}`).toString('base64')}`;
    const clone = ['-c', `${header}=${value}`, 'clone', '-q', `${fixture.github.url}/${gitops}`, workspace];
    expect((await systemExec('git', clone)).code).toBe(0);
  }
  const result = await fixture.run({ ...shop, ...inputs }, { env, workspace });
  expect(result.outputs.verdict).toMatch(/updated|pending/);
  expect(watched.seen()).toMatch(/ls-remote/);
  const shown = [shownLog(result), JSON.stringify(result.outputs), result.summary].join('\n');
  for (const form of forms(fixture.token)) {
    expect(watched.seen()).not.toContain(form);
    expect(shown).not.toContain(form);
    for (const { path } of fixture.github.requests) expect(path).not.toContain(form);
  }
  expect(readdirSync(env.RUNNER_TEMP ?? '')).toEqual([]);
  if (isCheckout)
    expect(statSync(join(workspace, '.git', 'index.lock'), { throwIfNoEntry: false })).toBe(undefined);
}

describe.concurrent('the token is in no argument, no address, no file and no log', {
  timeout: 60_000,
}, () => {
  it.each([
    [{ 'commit-method': 'api' }, false],
    [{ 'commit-method': 'git' }, false],
    [{ 'commit-method': 'git', commit: 'pull-request' }, false],
    [{ 'commit-method': 'api', checkout: 'workspace' }, true],
    [{ 'commit-method': 'git', checkout: 'workspace' }, true],
  ] as const)('%o', (inputs, isCheckout) =>
    withFixture((fixture) => expectHidden(fixture, inputs, isCheckout)));
});

describe.concurrent('a repository that is none', { timeout: 60_000 }, () => {
  it.each([
    { repository: '--upload-pack=touch /tmp/pwned' },
    { repository: 'acme/gitops --upload-pack=x' },
    { repository: 'x:y@github.example/acme/gitops' },
    { repository: 'https://x:secret@github.example/acme/gitops' },
    { branch: '--upload-pack=x' },
    { branch: 'main:refs/heads/other' },
    { branch: '+main' },
  ])('is refused: %o', (inputs) =>
    withFixture(async (fixture) => {
      const result = await fixture.run({ ...shop, ...inputs, 'commit-method': 'git' });
      expect(result.outputs.verdict).toBe('unknown');
      expect(result.outputs.reason).toMatch(/^(invalid-input|branch-not-found)$/);
      expect(fixture.github.requests.filter(({ path }) => path.includes('receive-pack'))).toEqual([]);
    }));
});
