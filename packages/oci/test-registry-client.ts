import type { Clock } from '@sluice/core/clock';
import { silentLog } from '@sluice/core/log';
import { plainFetch } from '@sluice/core/plain-fetch';
import { type RegistryOptions, type RegistryStandIn, startRegistry } from '@sluice/testbed/registry/start';
import { expect, onTestFinished } from 'vitest';
import { createRegistryClient, type RegistryClient } from './client.ts';
import type { RegistryCredential } from './credentials.ts';

/** Closes a registry when the test ends, which fails where somebody asked what no client may. */
export function watched(registry: RegistryStandIn): RegistryStandIn {
  onTestFinished(async () => {
    await registry.close();
    registry.expectNoViolations();
  });
  return registry;
}

export interface Stage {
  readonly registry: RegistryStandIn;
  readonly client: RegistryClient;
  readonly masked: string[];
  readonly waits: number[];
  image(reference: string): { repository: string; reference: string };
}

export const login = { user: 'robot', password: 'canary-password' };

export async function stage(
  options: RegistryOptions = {},
  given: Partial<RegistryCredential> | undefined = undefined,
  helpers: string[] = [],
): Promise<Stage> {
  const registry = watched(await startRegistry(options));
  const masked: string[] = [];
  const waits: number[] = [];
  const clock: Clock = {
    now: Date.now,
    sleep: async (ms) => {
      waits.push(ms);
    },
  };
  const client = createRegistryClient({
    fetch: plainFetch,
    clock,
    log: { ...silentLog, mask: (secret) => masked.push(secret) },
    credentials: given === undefined ? [] : [{ registry: registry.host, ...login, ...given }],
    helpers,
  });
  return {
    ...{ registry, client, masked, waits },
    image: (reference) => ({ repository: `${registry.host}/team/shop`, reference }),
  };
}

export const code = (code: string, message = /./) => ({ code, message: expect.stringMatching(message) });
