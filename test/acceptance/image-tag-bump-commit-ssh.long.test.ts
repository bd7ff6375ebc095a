import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { systemExec } from '@sluice/core/exec';
import type { RunResult } from '@sluice/testbed/runner';
import { describe, expect, it } from 'vitest';
import { deployment, type Fixture, gitops, manifest, withFixture } from './image-tag-bump-setup.ts';

const shop = { images: 'registry.example/shop:1.4.2', 'commit-method': 'git', branch: 'main' };

interface Ssh extends Disposable {
  /** A private key, which nobody may see. */
  readonly key: string;
  /** With this `ssh` first on PATH, and a folder of its own for RUNNER_TEMP. */
  readonly env: Readonly<Record<string, string>>;
  /** Arguments of each call, one a line. */
  calls(): readonly string[];
  /** Names of files that are left in RUNNER_TEMP. */
  left(): readonly string[];
}

/** A program in place of OpenSSH: it notes how it is called, looks at the key, and runs what Git asks for on the stand-in's folder. */
async function fakeSsh(fixture: Fixture, after = ''): Promise<Ssh> {
  const dir = mkdtempSync(join(tmpdir(), 'ssh-'));
  const temp = mkdtempSync(join(dir, 'it’s a temp-'));
  await systemExec('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', join(dir, 'made')]);
  const program = `#!/bin/sh
for word in "$@"; do printf '%s\\n' "$word" >> '${dir}/calls'; done
printf -- '--\\n' >> '${dir}/calls'
while [ "$1" != -i ]; do shift; done
cmp -s "$2" '${dir}/made' || { echo 'Load key: invalid format' >&2; exit 255; }
[ "$(stat -c %a "$2")" = 600 ] || { echo 'UNPROTECTED PRIVATE KEY FILE!' >&2; exit 255; }
while [ $# -gt 1 ]; do shift; done
cd '${fixture.github.root}' || exit 1
command=$(printf '%s' "$1" | sed "s# '/# './#")
sh -c "$command"
code=$?
${after}
exit $code
`;
  writeFileSync(join(dir, 'ssh'), program);
  chmodSync(join(dir, 'ssh'), 0o755);
  return {
    key: readFileSync(join(dir, 'made'), 'utf8'),
    env: { PATH: `${dir}${delimiter}${process.env.PATH ?? ''}`, RUNNER_TEMP: temp },
    calls: () => (existsSync(join(dir, 'calls')) ? readFileSync(join(dir, 'calls'), 'utf8').split('\n') : []),
    left: () => readdirSync(temp),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true }),
  };
}

const withKey = (ssh: Ssh, more: Readonly<Record<string, string>> = {}) => ({
  ...shop,
  'ssh-key': ssh.key,
  'ssh-known-hosts':
    '127.0.0.1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl',
  token: '',
  ...more,
});

function expectNoKey(ssh: Ssh, result: RunResult): void {
  const lines = ssh.key.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
  const shown =
    result.log.replace(/^::add-mask::.*\n/gm, '') + JSON.stringify(result.outputs) + result.summary;
  for (const line of lines) {
    expect(shown).not.toContain(line);
    expect(ssh.calls().join('\n')).not.toContain(line);
  }
}

describe.concurrent('a deploy key', { timeout: 60_000 }, () => {
  it('reads and pushes, needs no token, and leaves nothing behind', () =>
    withFixture(async (fixture) => {
      using ssh = await fakeSsh(fixture);
      const result = await fixture.run(withKey(ssh), { env: ssh.env });
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 0,
        verdict: 'updated',
        'commit-sha': await fixture.github.head(gitops),
      });
      expect(await fixture.text(manifest)).toBe(deployment('1.4.2'));
      expect(fixture.github.requests).toEqual([]);
      expect(ssh.left()).toEqual([]);
      expectNoKey(ssh, result);
    }));

  it('is the only one that is offered, to a host that is known', () =>
    withFixture(async (fixture) => {
      using ssh = await fakeSsh(fixture);
      await fixture.run(withKey(ssh), { env: ssh.env });
      const calls = ssh.calls().join('\n').split('\n--\n');
      for (const call of calls.filter((one) => one.includes('git-'))) {
        expect(call).toContain('IdentitiesOnly=yes');
        expect(call).toContain('StrictHostKeyChecking=yes');
        expect(call).toContain('BatchMode=yes');
        expect(call).toMatch(/\ngit@127\.0\.0\.1\ngit-(upload|receive)-pack '\/acme\/gitops\.git'$/);
      }
      expect(calls.some((call) => call.includes('git-receive-pack'))).toBe(true);
    }));

  it('is removed when the run is cancelled', () =>
    withFixture(async (fixture) => {
      using ssh = await fakeSsh(fixture, 'sleep 20');
      const asked = (async () => {
        while (ssh.calls().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      })();
      const result = await fixture.run(withKey(ssh), {
        env: ssh.env,
        kill: { signal: 'SIGTERM', after: asked },
      });
      expect(result.outputs).toMatchObject({ verdict: 'unknown', reason: 'cancelled', changed: 'false' });
      expect(ssh.left().filter((name) => name.startsWith('sluice-ssh'))).toEqual([]);
    }));

  it.each([
    [
      'Host key verification failed.\nfatal: Could not read from remote repository.',
      'untrusted-host-key',
      /ssh-known-hosts/,
    ],
    ['git@127.0.0.1: Permission denied (publickey).', 'bad-credentials', /ssh-key/],
  ])('that does not lead in is one sentence: %s', (words, reason, hint) =>
    withFixture(async (fixture) => {
      using ssh = await fakeSsh(fixture);
      const program = `#!/bin/sh\nprintf '%s\\n' '${words}' >&2\nexit 255\n`;
      writeFileSync(join(ssh.env.PATH?.split(delimiter)[0] ?? '', 'ssh'), program);
      const result = await fixture.run(withKey(ssh), { env: ssh.env });
      expect(result.outputs).toMatchObject({ verdict: 'unknown', reason });
      expect(result.annotations.map(({ message }) => message).join('\n')).toMatch(hint);
      expect(ssh.left()).toEqual([]);
    }));

  it('that may only read is told to get write access', () =>
    withFixture(async (fixture) => {
      using ssh = await fakeSsh(fixture);
      const path = join(ssh.env.PATH?.split(delimiter)[0] ?? '', 'ssh');
      const readOnly = 'ERROR: The key you are authenticating with has been marked as read only.';
      const guard = `case "$*" in *git-receive-pack*) echo '${readOnly}' >&2; exit 1;; esac\n`;
      writeFileSync(path, readFileSync(path, 'utf8').replace('#!/bin/sh\n', `#!/bin/sh\n${guard}`));
      const result = await fixture.run(withKey(ssh), { env: ssh.env });
      expect(result.outputs).toMatchObject({
        verdict: 'unknown',
        reason: 'permission-denied',
        changed: 'false',
      });
      expect(result.outputs.summary).toMatch(/deploy key may not write/);
    }));

  it.each([
    [{ 'commit-method': 'api' }, /`ssh-key` is given, and `commit-method` is `api`/],
    [{ 'ssh-key': 'no key' }, /ssh-key.*allowed: a private key/],
    [{ 'ssh-key': '' }, /`ssh-known-hosts` is given without `ssh-key`/],
    [{ commit: 'auto' }, /there is no token/],
  ])('with inputs that contradict it is refused: %o', (more, says) =>
    withFixture(async (fixture) => {
      using ssh = await fakeSsh(fixture);
      const result = await fixture.run(withKey(ssh, more), { env: ssh.env });
      expect(result.outputs).toMatchObject({ verdict: 'unknown', reason: 'invalid-input' });
      expect(result.outputs.summary).toMatch(says);
      expectNoKey(ssh, result);
    }));
});
