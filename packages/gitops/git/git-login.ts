import { createGit, type Git } from '@sluice/core/git';
import type { GitHub } from '@sluice/core/github';
import type { World } from '@sluice/core/run';
import { usesCheckoutLogin } from '../commit/commit-inputs.ts';
import type { BumpInputs, LoginInputs } from '../inputs.ts';
import type { Checkout } from './checkout.ts';

/** How Git reaches the repository, while it is open. */
export interface GitLogin extends Disposable {
  /** Without credentials. */
  readonly url: string;
  /** Git in a folder that holds nothing of anybody's configuration. */
  readonly git: (dir: string) => Git;
}

interface Where {
  /** `owner/name`. */
  readonly repository: string;
  /** `https://github.com/acme/gitops` */
  readonly url: string;
  readonly github: GitHub;
  readonly checkout: Checkout | undefined;
}

/** By the deploy key that is given, by the login of the checkout where nothing is given, else by the token. */
export async function openGitLogin(
  inputs: BumpInputs & LoginInputs,
  world: World,
  { repository, url, github, checkout }: Where,
): Promise<GitLogin> {
  const { exec, env, signal, clock, log } = world;
  const { serverUrl, tempDir } = world.context;
  const https = `${url}.git`;
  const byToken = (token: () => Promise<string>): GitLogin => ({
    url: https,
    git: (dir) => createGit({ exec, dir, url: https, token, env, signal, clock }),
    [Symbol.dispose]() {},
  });
  const bySsh = (ssh: { readonly url: string; readonly command: string }, close: () => void): GitLogin => ({
    url: ssh.url,
    git: (dir) => createGit({ exec, dir, url: ssh.url, ssh: ssh.command, env, signal, clock }),
    [Symbol.dispose]: close,
  });
  if (inputs['ssh-key'] !== '') {
    const { openSshLogin } = await import('./git-ssh.ts');
    const given = { key: inputs['ssh-key'], knownHosts: inputs['ssh-known-hosts'] };
    const ssh = openSshLogin(given, { serverUrl, repository, tempDir });
    return bySsh(ssh, () => ssh[Symbol.dispose]());
  }
  if (checkout === undefined || !usesCheckoutLogin(inputs)) return byToken(() => github.token());
  const { readCheckoutLogin } = await import('./checkout-login.ts');
  const login = await readCheckoutLogin(checkout, https);
  if (login.type === 'token') {
    log.mask?.(login.token);
    return byToken(async () => login.token);
  }
  const { sshUrl } = await import('./git-ssh.ts');
  return bySsh({ url: sshUrl(serverUrl, repository), command: login.command }, () => {});
}
