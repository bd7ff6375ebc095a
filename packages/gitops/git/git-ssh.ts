import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '@sluice/core/errors';

/** How to log in by SSH, while it is open. */
export interface SshLogin extends Disposable {
  /** `ssh://git@github.com/acme/gitops.git` */
  readonly url: string;
  /** For `createGit`. */
  readonly command: string;
}

interface KeyFiles {
  readonly key: string;
  readonly knownHosts: string;
}

/**
 * https://docs.github.com/authentication/keeping-your-account-and-data-secure/githubs-ssh-key-fingerprints; the API has
 * them too: https://api.github.com/meta.
 */
export const githubHostKeys = [
  'github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl',
  'github.com ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg=',
  'github.com ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQCj7ndNxQowgcQnjshcLrqPEiiphnt+VTTvDP6mHBL9j1aNUkY4Ue1gvwnGLVlOhGeYrnZaMgRK6+PKCUXaDbC7qtbW8gIkhL7aGCsOr/C56SJMy/BCZfxd1nWzAOxSDPgVsmerOBYfNqltV9/hWCqBywINIR+5dIg6JTJ72pcEpEjcYgXkE2YEFXV1JHnsKgbLWNlhScqb2UmyRkQyytRLtL+38TGxkxCflmO+5Z8CSSNY7GidjMIZ7Q4zMjA2n1nGrlTDkzwDCsw+wqFPGQA179cnfGWOWRVruj16z6XyvxvjJwbz0wQZ75XK5tKSb7FNyeIEs4TT4jk+S4dhPeAUC5y+bDYirYgM4GC7uEnztnZyaVWQ7B381AK4Qdrwt51ZqExKbQpTUNn+EjqoTwvqNj4kqx5QUCI0ThS/YkOxJCXmPUWZbhjpCg56i+2aB6CmK2JGhn57K5mj0MNdBXA4/WnwH6XoPWJzK5Nyu2zB3nAZp+S5hpQs+p1vN1/wsjk=',
];

/**
 * Writes a deploy key into a folder that is removed when the login is disposed of, and when the process ends before that;
 * only SIGKILL leaves it to the runner, which empties RUNNER_TEMP after each job.
 */
export function openSshLogin(
  given: { readonly key: string; readonly knownHosts: string },
  where: { readonly serverUrl: string; readonly repository: string; readonly tempDir: string },
): SshLogin {
  const url = sshUrl(where.serverUrl, where.repository);
  const knownHosts = knownHostsFor(new URL(url).hostname, given.knownHosts);
  const dir = mkdtempSync(join(where.tempDir, 'sluice-ssh-'));
  const remove = () => rmSync(dir, { recursive: true, force: true });
  process.once('exit', remove);
  const close = () => {
    process.removeListener('exit', remove);
    remove();
  };
  try {
    const files = { key: join(dir, 'key'), knownHosts: join(dir, 'known_hosts') };
    // OpenSSH wants line feeds, and one at the end; secrets often lack it.
    const key = `${given.key.replace(/\r\n?/g, '\n').trimEnd()}\n`;
    writeFileSync(files.key, key, { mode: 0o600, flag: 'wx' });
    writeFileSync(files.knownHosts, `${knownHosts}\n`, { mode: 0o600, flag: 'wx' });
    return { url, command: sshCommand(files), [Symbol.dispose]: close };
  } catch (error) {
    close();
    throw error;
  }
}

export function sshUrl(serverUrl: string, repository: string): string {
  return `ssh://git@${new URL(serverUrl).hostname}/${repository}.git`;
}

function knownHostsFor(host: string, given: string): string {
  if (given !== '') return given.replace(/\r\n?/g, '\n');
  if (host === 'github.com') return githubHostKeys.join('\n');
  throw new SluiceError('input', 'untrusted-host-key', `No SSH host key of ${host} is known.`, {
    hint: 'Give `ssh-known-hosts` the keys that the operator of the server publishes, as lines of a known_hosts file.',
  });
}

/** OpenSSH with this key, these hosts, and nothing of the machine's configuration; it asks nobody, and gives up on a dead connection. */
export function sshCommand({ key, knownHosts }: KeyFiles): string {
  const options = [
    'IdentitiesOnly=yes',
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile="${percents(knownHosts).replace(/["\\]/g, '\\$&')}"`,
    'GlobalKnownHostsFile=/dev/null',
    'UpdateHostKeys=no',
    'ConnectTimeout=30',
    'ServerAliveInterval=15',
    'ServerAliveCountMax=3',
  ];
  const words = ['-F', '/dev/null', '-i', percents(key), ...options.flatMap((option) => ['-o', option])];
  return `ssh ${words.map(quote).join(' ')}`;
}

/** ssh_config(5), TOKENS: a path may hold `%d` and the like. */
const percents = (path: string): string => path.replaceAll('%', '%%');

/** Git gives the command to a shell. */
const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
