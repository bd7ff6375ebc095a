import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemExec } from '@sluice/core/exec';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { githubHostKeys, openSshLogin, sshCommand } from './git-ssh.ts';

const where = { serverUrl: 'https://github.com', repository: 'acme/gitops' };
const key = '-----BEGIN OPENSSH PRIVATE KEY-----\r\nAAAA\r\n-----END OPENSSH PRIVATE KEY-----';
let tempDir: string;
beforeEach(() => {
  tempDir = mkdtempSync(join(tmpdir(), 'ssh-'));
});
afterEach(() => rmSync(tempDir, { recursive: true }));

describe('a login by SSH', () => {
  it('keeps its key in a file that nobody else reads, and removes it', () => {
    const login = openSshLogin({ key, knownHosts: '' }, { ...where, tempDir });
    const [folder = ''] = readdirSync(tempDir);
    const file = join(tempDir, folder, 'key');
    expect(login.url).toBe('ssh://git@github.com/acme/gitops.git');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(tempDir, folder)).mode & 0o777).toBe(0o700);
    expect(readFileSync(file, 'utf8')).toBe(`${key.replaceAll('\r', '')}\n`);
    expect(login.command).not.toContain('AAAA');
    login[Symbol.dispose]();
    expect(readdirSync(tempDir)).toEqual([]);
  });

  it('removes its key also when the process ends without a word', async () => {
    const script = `
      import { openSshLogin } from ${JSON.stringify(join(import.meta.dirname, 'git-ssh.ts'))};
      openSshLogin({ key: 'x', knownHosts: '' }, ${JSON.stringify({ ...where, tempDir })});
      process.exit(0);`;
    const args = ['--input-type=module', '--experimental-strip-types', '-e', script];
    const { code, stderr } = await systemExec(process.execPath, args);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(existsSync(tempDir) && readdirSync(tempDir)).toEqual([]);
  });

  it('knows the host keys of github.com, as GitHub publishes their fingerprints', () => {
    const fingerprints = githubHostKeys.map((line) =>
      createHash('sha256')
        .update(Buffer.from(line.split(' ')[2] ?? '', 'base64'))
        .digest('base64'),
    );
    expect(fingerprints).toEqual([
      '+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU=',
      'p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM=',
      'uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s=',
    ]);
  });

  it('knows none of another server, and asks for them', () => {
    const other = { ...where, serverUrl: 'https://github.example', tempDir };
    expect(() => openSshLogin({ key, knownHosts: '' }, other)).toThrow(
      expect.objectContaining({ code: 'untrusted-host-key' }),
    );
    expect(readdirSync(tempDir)).toEqual([]);
    using login = openSshLogin({ key, knownHosts: 'github.example ssh-ed25519 AAAA' }, other);
    expect(login.url).toBe('ssh://git@github.example/acme/gitops.git');
  });
});

describe('the command for SSH', () => {
  it('passes paths unharmed through a shell, and through what OpenSSH replaces', async () => {
    const odd = "/tmp/it's $(touch pwned) `x` 100%d/key";
    const command = sshCommand({ key: odd, knownHosts: odd }).replace(/^ssh /, '');
    const { stdout } = await systemExec('sh', ['-c', `printf '%s\\n' ${command}`]);
    const words = stdout.trimEnd().split('\n');
    expect(words[words.indexOf('-i') + 1]).toBe(odd.replace('%', '%%'));
    expect(words).toContain(`UserKnownHostsFile="${odd.replace('%', '%%')}"`);
  });

  it('trusts no other host, asks nobody, and offers no other key', () => {
    const command = sshCommand({ key: '/k', knownHosts: '/h' });
    for (const option of [
      'StrictHostKeyChecking=yes',
      'BatchMode=yes',
      'IdentitiesOnly=yes',
      'GlobalKnownHostsFile=/dev/null',
    ]) {
      expect(command).toContain(`'-o' '${option}'`);
    }
    expect(command).toContain("'-F' '/dev/null'");
  });
});
