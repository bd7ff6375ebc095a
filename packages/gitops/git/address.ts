/** Where GitHub takes SSH on the port of HTTPS (https://docs.github.com/authentication/troubleshooting-ssh/using-ssh-over-the-https-port). */
const SSH_ALIASES: Readonly<Record<string, string>> = { 'ssh.github.com': 'github.com' };

/**
 * The address of a repository as a URL: `git@host:owner/name.git` is `ssh://host/owner/name.git`, and GitHub's other name for SSH is
 * its own. Undefined for what is no address.
 */
export function parseAddress(address: string): URL | undefined {
  const text = address.trim();
  const scp = /^(?:[^@/\s]+@)?([\w.-]+):(?!\/\/)\/*([^\s]+)$/.exec(text);
  const url = URL.parse(scp === null ? text : `ssh://${scp[1]}/${scp[2]}`);
  if (url === null) return undefined;
  // The host of a scheme that is not the web's keeps its case.
  const host = url.hostname.toLowerCase();
  const alias = url.protocol === 'ssh:' ? SSH_ALIASES[host] : undefined;
  if (alias !== undefined) {
    url.hostname = alias;
    url.port = '';
  }
  return url;
}
