import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord, type Json } from '@sluice/core/json';
import type { RegistryCredential } from '@sluice/oci/credentials';

type Texts = Readonly<Record<string, string>>;

/**
 * The environment of a builder that finds these logins beside those that it has: in a copy of Docker's configuration and of what podman and
 * buildah keep, both below `folder`, which is removed with the run. What else is in Docker's folder (contexts, plugins, builders) is linked.
 */
export async function withLogins(
  credentials: readonly RegistryCredential[],
  env: Texts,
  folder: string,
): Promise<Texts> {
  if (credentials.length === 0) return env;
  const original = env.DOCKER_CONFIG || join(env.HOME ?? '/', '.docker');
  const target = join(folder, 'logins');
  await mkdir(target, { mode: 0o700 });
  for (const name of await readdir(original).catch(() => [])) {
    if (name !== 'config.json') await symlink(join(original, name), join(target, name));
  }
  const docker = await readConfig(join(original, 'config.json'));
  const kept = await readConfig(
    env.REGISTRY_AUTH_FILE ||
      join(env.XDG_RUNTIME_DIR || `/run/containers/${process.getuid?.() ?? 0}`, 'containers', 'auth.json'),
  );
  const authFile = join(target, 'auth.json');
  await write(join(target, 'config.json'), dockerConfig(docker, credentials));
  await write(authFile, authConfig(docker, kept, credentials));
  return { ...env, DOCKER_CONFIG: target, REGISTRY_AUTH_FILE: authFile };
}

/** https://docs.docker.com/reference/cli/docker/#configuration-files: a store of credentials hides `auths`, but for a registry whose helper is none. */
function dockerConfig(config: Fields, credentials: readonly RegistryCredential[]): Fields {
  const names = credentials.map(({ registry }) => (registry === 'docker.io' ? DOCKER_HUB : registry));
  const own = credentials.map((one, at) => [names[at] ?? '', { auth: authOf(one) }]);
  return {
    ...config,
    auths: { ...fields(config.auths), ...Object.fromEntries(own) },
    credHelpers: { ...fields(config.credHelpers), ...Object.fromEntries(names.map((name) => [name, ''])) },
  };
}
const DOCKER_HUB = 'https://index.docker.io/v1/';

/** Where this file is named, podman and buildah read no other: it has what Docker knows, too. */
function authConfig(docker: Fields, kept: Fields, credentials: readonly RegistryCredential[]): Fields {
  const own = credentials.map((one) => [one.registry, { auth: authOf(one) }]);
  const names = new Set(credentials.map(({ registry }) => registry));
  const helpers = Object.entries({ ...fields(docker.credHelpers), ...fields(kept.credHelpers) });
  return {
    auths: { ...fields(docker.auths), ...fields(kept.auths), ...Object.fromEntries(own) },
    credHelpers: Object.fromEntries(helpers.filter(([name]) => !names.has(name))),
  };
}

const authOf = ({ user, password }: RegistryCredential): string =>
  Buffer.from(`${user}:${password}`).toString('base64');

type Fields = Readonly<Record<string, Json>>;
const fields = (value: Json): Fields => (isRecord(value) ? value : {});

/** One that is not there or cannot be read has nothing. */
async function readConfig(file: string): Promise<Fields> {
  try {
    const read: Json = JSON.parse(await readFile(file, 'utf8'));
    return fields(read);
  } catch {
    return {};
  }
}

const write = (file: string, config: Fields): Promise<void> =>
  writeFile(file, JSON.stringify(config), { mode: 0o600 });
