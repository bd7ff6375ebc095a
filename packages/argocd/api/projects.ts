import { SluiceError } from '@sluice/core/errors';
import { at, items, type Json, text } from '../json.ts';
import type { Client } from './client.ts';
import type { Project } from './list-filter.ts';

/**
 * The projects that the token may read. Argo CD leaves out what it may not, and refuses nothing; the token of a project's role
 * (`proj:<project>:<role>`) may as a rule not read even its own project, but its name says which that is.
 */
export async function projects(client: Client): Promise<readonly Project[]> {
  const listed = items(at(await told(client, '/api/v1/projects'), 'items')).map(project);
  if (listed.length > 0) return listed;
  const user = await told(client, '/api/v1/session/userinfo');
  const [, own] = /^proj:([^:]+):/.exec(text(at(user, 'username')) ?? '') ?? [];
  return own === undefined ? [] : [{ name: own, sourceRepos: ['*'] }];
}

/** Nothing where this is not answered: the list that follows tells what is wrong with an address or a token. */
async function told(client: Client, path: string): Promise<Json> {
  try {
    const reply = await client.get(path);
    return reply.ok ? reply.body : undefined;
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'argocd-not-an-api') return undefined;
    throw error;
  }
}

const project = (item: Json): Project => ({
  name: text(at(item, 'metadata', 'name')) ?? '',
  sourceRepos: items(at(item, 'spec', 'sourceRepos')).filter((one) => typeof one === 'string'),
});
