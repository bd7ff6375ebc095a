import { SluiceError } from '@sluice/core/errors';
import { at, type Json, text } from '../json.ts';
import type { Client } from './client.ts';

/** An ApplicationSet as it came; undefined where there is none, or the token may not see it. */
export async function readApplicationSet(
  client: Client,
  { name, namespace }: { readonly name: string; readonly namespace: string },
): Promise<Json> {
  const path = `/api/v1/applicationsets/${encodeURIComponent(name)}`;
  const reply = await client.get(path, { appsetNamespace: namespace || undefined });
  if (reply.ok) return text(at(reply.body, 'metadata', 'name')) === undefined ? undefined : reply.body;
  // In a project that the token is not of, and before it exists, both answer 403 or 404.
  if (reply.status === 403 || reply.status === 404) return undefined;
  throw new SluiceError(
    'platform',
    'argocd-unavailable',
    `${client.server} does not show the ApplicationSet ${name} (HTTP ${reply.status}): ${reply.message}`,
  );
}
