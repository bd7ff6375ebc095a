import { SluiceError } from '@sluice/core/errors';
import type { Checkout } from './checkout.ts';
import { sshCommand } from './git-ssh.ts';

/** The login that a checkout has in its own configuration, as actions/checkout leaves it there. */
export type CheckoutLogin =
  | { readonly type: 'token'; readonly token: string }
  | { readonly type: 'ssh'; readonly command: string };

/**
 * Reads it. Its command for SSH is not run as it stands: of it the key and the known hosts are taken. An address with a
 * password in it is refused.
 */
export async function readCheckoutLogin(checkout: Checkout, httpsUrl: string): Promise<CheckoutLogin> {
  const { git, url } = checkout;
  if (/^[a-z+]+:\/\/[^/@]*:[^/@]*@/i.test(url) || /^https?:\/\/[^/@]*@/i.test(url)) {
    throw noLogin('The address of `origin` in the workspace has a password in it, which is not used.');
  }
  if (/^https?:/i.test(url)) {
    const header = await git.run(['config', '--get-urlmatch', 'http.extraheader', httpsUrl]).catch(() => '');
    const token = tokenOf(header.trim());
    if (token !== undefined) return { type: 'token', token };
    throw noLogin('The checkout in the workspace has no login of its own.');
  }
  const command = await git.run(['config', '--get', 'core.sshCommand']).catch(() => '');
  const files = keyFilesOf(command.trim());
  if (files !== undefined) return { type: 'ssh', command: sshCommand(files) };
  throw noLogin('The checkout in the workspace has no SSH key of its own.');
}

/** `AUTHORIZATION: basic <base64 of x-access-token:…>` */
function tokenOf(header: string): string | undefined {
  const [, scheme = '', value = ''] = /^authorization:\s*(basic|bearer|token)\s+(\S+)$/i.exec(header) ?? [];
  if (scheme.toLowerCase() !== 'basic') return value === '' ? undefined : value;
  const text = Buffer.from(value, 'base64').toString('utf8');
  const token = text.slice(text.indexOf(':') + 1);
  return token === '' ? undefined : token;
}

/** `"/usr/bin/ssh" -i "$RUNNER_TEMP/key" -o StrictHostKeyChecking=yes -o CheckHostIP=no -o "UserKnownHostsFile=$RUNNER_TEMP/hosts"` */
function keyFilesOf(command: string): { key: string; knownHosts: string } | undefined {
  const [, key] = /\s-i\s+"([^"$`\\]+)"/.exec(command) ?? [];
  const [, knownHosts] = /\s-o\s+"UserKnownHostsFile=([^"$`\\]+)"/.exec(command) ?? [];
  return key === undefined || knownHosts === undefined ? undefined : { key, knownHosts };
}

function noLogin(message: string): SluiceError {
  return new SluiceError('input', 'invalid-input', message, {
    hint: 'Give `token` or `ssh-key`; or check out with `persist-credentials: true`.',
  });
}
