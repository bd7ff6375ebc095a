import type { World } from '@sluice/core/run';
import type { RegistryClient } from '@sluice/oci/client';
import { readDockerLogins } from '@sluice/oci/docker-config';
import type { BumpInputs } from '../inputs.ts';

/** What asking a registry takes of the world. */
export type RegistryWorld = Pick<World, 'env' | 'fetch' | 'clock' | 'log' | 'signal'>;

/**
 * A client with the logins of `registry-credentials`, and behind them those that `docker login` left. It is loaded late: most runs ask no
 * registry.
 */
export async function openRegistry(
  inputs: Pick<BumpInputs, 'registry-credentials'>,
  world: RegistryWorld,
  patience: { readonly tries?: number } = {},
): Promise<RegistryClient> {
  const { createRegistryClient } = await import('@sluice/oci/client');
  const { env, fetch, clock, log, signal } = world;
  const docker = readDockerLogins(env);
  for (const { password, identityToken } of docker.credentials) log.mask?.(identityToken ?? password);
  const credentials = [...inputs['registry-credentials'], ...docker.credentials];
  return createRegistryClient({
    fetch,
    clock,
    log,
    signal,
    credentials,
    helpers: docker.helpers,
    ...patience,
  });
}
