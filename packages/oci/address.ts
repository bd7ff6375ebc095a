import { SluiceError } from '@sluice/core/errors';

/** A repository of a registry, and where it is asked for. */
export interface RepositoryAddress {
  /** As in the names of its images: `docker.io`. */
  readonly registry: string;
  /** `library/nginx` */
  readonly name: string;
  /** `https://registry-1.docker.io`; plain http on this machine only. */
  readonly origin: string;
}

/** `repository` with its registry, as `docker.io/library/nginx`. */
export function addressOf(repository: string): RepositoryAddress {
  const slash = repository.indexOf('/');
  const registry = repository.slice(0, slash);
  // What answers at docker.io is a web site.
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  const url = URL.parse(`http://${host}`);
  if (url === null) {
    throw new SluiceError('input', 'invalid-input', `${registry} is no name of a registry.`, {
      hint: 'Write it as host or host:port, the port at most 65535.',
    });
  }
  const scheme = isLoopback(url) ? 'http' : 'https';
  return { registry, name: repository.slice(slash + 1), origin: `${scheme}://${host}` };
}

/** Whether an address stays on this machine: `localhost`, 127.0.0.0/8, `[::1]`. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** Whether an address may be asked: https, or plain http from a registry on this machine to this machine. */
export function isSafe(target: URL, origin: string): boolean {
  if (target.protocol === 'https:') return true;
  return target.protocol === 'http:' && isLoopback(target) && isLoopback(new URL(origin));
}
