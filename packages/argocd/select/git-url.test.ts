import { describe, expect, it } from 'vitest';
import { httpsUrl, sameGitUrl } from './git-url.ts';

const url = 'https://github.com/acme/gitops';

describe('the address of a repository', () => {
  it.each([
    'https://github.com/acme/gitops.git',
    'https://GitHub.com/Acme/gitops/',
    'https://x-access-token@github.com/acme/gitops',
    'git@github.com:acme/gitops.git',
    'github.com:acme/gitops',
    'ssh://git@github.com/acme/gitops.git',
    'ssh://git@github.com:22/acme/gitops',
    'ssh://git@ssh.github.com:443/acme/gitops.git',
  ])('%s is the same', (other) => expect(sameGitUrl(other, url)).toBe(true));

  it.each([
    'https://github.com/acme/gitops-2',
    'https://github.com/acme/gitops/more',
    'https://gitlab.com/acme/gitops',
    'https://github.com:8443/acme/gitops',
    '',
  ])('%s is another', (other) => expect(sameGitUrl(other, url)).toBe(false));

  it.each([
    ['git@github.com:acme/gitops.git', 'https://github.com/acme/gitops'],
    ['https://user:secret@github.com/acme/gitops.git', 'https://github.com/acme/gitops.git'],
    ['ssh://git@git.example/acme/gitops', 'https://git.example/acme/gitops'],
  ])('%s is read as %s', (given, read) => expect(httpsUrl(given, 'https://github.com')).toBe(read));
});
