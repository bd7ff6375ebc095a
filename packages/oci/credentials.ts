/** How to log in to one registry. */
export interface RegistryCredential {
  /** As in the names of its images: `registry.example:5000`, `docker.io`. */
  readonly registry: string;
  readonly user: string;
  readonly password: string;
  /** In place of the password: what a token service exchanges for a token (OAuth 2.0 refresh token). */
  readonly identityToken?: string;
}

const HOST = /^(?:\[[0-9a-f:]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::\d{1,5})?$/;
// As Docker's configuration and older documentation spell it.
const DOCKER_HUB = /^(?:index\.docker\.io|registry-1\.docker\.io|registry\.hub\.docker\.com)$/;

/** Reads a line of `registry-credentials`: `<registry>=<user>:<password>`. Its errors repeat nothing of it. */
export function parseRegistryCredential(line: string): RegistryCredential {
  const [, host = '', user = '', password = ''] = /^([^=]*)=([^:]*):(.*)$/s.exec(line) ?? [];
  const registry = registryName(host);
  if (registry === undefined || user === '' || password === '') {
    throw new Error(
      'allowed: <registry>=<user>:<password>, the registry as images name it (registry.example:5000)',
    );
  }
  return { registry, user, password };
}

/** What of a line is to be masked: the password, also where the rest of the line is wrong. */
export function passwordsOf(line: string): readonly string[] {
  const afterName = line.slice(line.indexOf('=') + 1);
  const password = afterName.slice(afterName.indexOf(':') + 1).trim();
  return password === '' ? [] : [password];
}

/** Refuses two logins for one registry. */
export function checkRegistryCredentials(credentials: readonly RegistryCredential[]): void {
  const names = credentials.map(({ registry }) => registry);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`${twice} is given twice: give each registry once`);
}

/** `registry.example` of `https://registry.example/`, `docker.io` of `https://index.docker.io/v1/`; undefined where the text names no host. */
export function registryName(text: string): string | undefined {
  const host = text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/(?:v[12]\/?)?$/, '');
  if (!HOST.test(host)) return undefined;
  return DOCKER_HUB.test(host) ? 'docker.io' : host;
}
