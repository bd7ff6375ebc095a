import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RegistryCredential, registryName } from './credentials.ts';

/** What Docker's configuration knows of logins. */
export interface DockerLogins {
  readonly credentials: readonly RegistryCredential[];
  /** The programs that hold further logins; they are never started: `docker-credential-pass`. */
  readonly helpers: readonly string[];
}

/**
 * Reads `config.json` of `DOCKER_CONFIG`, else of `~/.docker`, and behind it what podman and buildah keep, which has the same form
 * (https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md). One that is not there or cannot be read knows nothing.
 */
export function readDockerLogins(env: Readonly<Record<string, string | undefined>>): DockerLogins {
  const folder = env.DOCKER_CONFIG || (env.HOME ? join(env.HOME, '.docker') : '');
  const files = [
    folder === '' ? '' : join(folder, 'config.json'),
    env.REGISTRY_AUTH_FILE ||
      (env.XDG_RUNTIME_DIR ? join(env.XDG_RUNTIME_DIR, 'containers', 'auth.json') : ''),
  ];
  const logins = files.filter((file) => file !== '').map(readLogins);
  return {
    credentials: logins.flatMap(({ credentials }) => credentials),
    helpers: [...new Set(logins.flatMap(({ helpers }) => helpers))],
  };
}

function readLogins(file: string): DockerLogins {
  try {
    return parseDockerLogins(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { credentials: [], helpers: [] };
  }
}

/** https://docs.docker.com/reference/cli/docker/#configuration-files */
export function parseDockerLogins(config: unknown): DockerLogins {
  const { auths, credsStore, credHelpers } = fields(config);
  const credentials = Object.entries(fields(auths)).flatMap(([name, entry]) => {
    const registry = registryName(name);
    const login = loginOf(fields(entry));
    return registry === undefined || login === undefined ? [] : [{ registry, ...login }];
  });
  const helpers = [credsStore, ...Object.values(fields(credHelpers))]
    .filter((name) => typeof name === 'string' && name !== '')
    .map((name) => `docker-credential-${name}`);
  return { credentials, helpers: [...new Set(helpers)] };
}

function loginOf(entry: Readonly<Record<string, unknown>>): Omit<RegistryCredential, 'registry'> | undefined {
  const { auth, username, password, identitytoken } = entry;
  if (typeof identitytoken === 'string' && identitytoken !== '') {
    return { user: 'the identity token', password: '', identityToken: identitytoken };
  }
  if (typeof username === 'string' && typeof password === 'string' && username !== '') {
    return password === '' ? undefined : { user: username, password };
  }
  if (typeof auth !== 'string') return undefined;
  const text = Buffer.from(auth, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const user = text.slice(0, Math.max(colon, 0));
  const secret = text.slice(colon + 1).replace(/\0+$/, '');
  return user === '' || secret === '' ? undefined : { user, password: secret };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
