import { SluiceError } from '@sluice/core/errors';
import { at, items, type Json, text } from '../json.ts';
import type { Client } from './client.ts';
import type { Projects } from './list-filter.ts';

/**
 * The projects that the token may read. Argo CD leaves out what it may not, and refuses nothing; the token of a project's role
 * (`proj:<project>:<role>`) may as a rule not read even its own project, but its name says which that is, and it sees no other.
 * Throws a SluiceError `platform` where Argo CD, or the Kubernetes API behind it, is away: less would be found than there is.
 */
export async function projects(client: Client): Promise<Projects> {
  const names = items(at(await told(client, '/api/v1/projects'), 'items')).map(
    (item) => text(at(item, 'metadata', 'name')) ?? '',
  );
  const user = await told(client, '/api/v1/session/userinfo');
  const [, own] = /^proj:([^:]+):/.exec(text(at(user, 'username')) ?? '') ?? [];
  if (own !== undefined) return { names: [own], isComplete: true };
  const all = names.length > 0 ? await told(client, '/api/v1/account/can-i/projects/get/*') : undefined;
  return { names, isComplete: text(at(all, 'value')) === 'yes' };
}

/** Nothing where the server refuses it or does not know it: the list that follows tells what is wrong with an address or a token. */
async function told(client: Client, path: string): Promise<Json> {
  try {
    const reply = await client.get(path);
    if (reply.ok) return reply.body;
    const { status, message } = reply;
    // Go's own router answers what is not there with 404, grpc-gateway what it does not know with 501.
    if ((status < 500 && status !== 429) || status === 501) return undefined;
    const sentence = `${client.server} does not tell its projects (HTTP ${status}): ${message}`;
    throw new SluiceError('platform', 'argocd-unavailable', sentence);
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'argocd-not-an-api' && error.kind === 'input')
      return undefined;
    throw error;
  }
}
