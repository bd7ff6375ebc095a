import { GraphQLError } from 'graphql';
import { tryGit } from './git.ts';
import type { Hub } from './hub.ts';
import { resolveRevision } from './objects.ts';
import { moveRef } from './ref-store.ts';
import { nodeId } from './render/account.ts';
import { brokenRule, graphqlRefusal, isSigned } from './rules.ts';
import { allows } from './tokens.ts';
import type { Repository, Token } from './types.ts';

interface Update {
  readonly name: string;
  readonly beforeOid?: string;
  readonly afterOid: string;
  readonly force: boolean;
}

const failure = (type: string, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { type } });

/** Checked by the schema before it comes here; `force` has its default. */
function updateOf(input: unknown): Update {
  const { name, beforeOid, afterOid, force } = Object(input);
  return {
    name: String(name),
    afterOid: String(afterOid),
    force: force === true,
    ...(typeof beforeOid === 'string' ? { beforeOid } : {}),
  };
}

/** What the schema lets pass, and GitHub or Sluice's own rule does not. */
function problems(updates: readonly Update[]): string[] {
  const found = updates.length === 1 ? [] : [`${updates.length} updates: the stand-in knows one at a time.`];
  for (const { name, beforeOid, afterOid, force } of updates) {
    if (!/^refs\/heads\/.+/.test(name)) found.push(`${name} is not the full name of a branch.`);
    for (const oid of [beforeOid ?? afterOid, afterOid]) {
      if (!/^[0-9a-f]{40}$/.test(oid)) found.push(`${oid} is not 40 hexadecimal digits.`);
    }
    if (force && beforeOid === undefined)
      found.push(`${name} is forced whatever stands there: another's commit is lost.`);
  }
  return found;
}

function writable(hub: Hub, token: Token, id: unknown): Repository {
  const repository = [...hub.repositories.values()].find((one) => nodeId('R', one.id) === id);
  if (repository === undefined || !token.repositories.includes(repository.fullName)) {
    throw failure('NOT_FOUND', `Could not resolve to a node with the global id of '${String(id)}'.`);
  }
  if (!allows(token, 'contents', 'write'))
    throw failure('FORBIDDEN', 'Resource not accessible by integration');
  return repository;
}

/** The mutation: moves a branch from the commit at which it is expected to another one. */
export async function updateRefs(hub: Hub, token: Token, raw: unknown): Promise<object> {
  const { repositoryId, refUpdates, clientMutationId = null } = Object(raw);
  const updates = Array.isArray(refUpdates) ? refUpdates.map(updateOf) : [];
  const wrong = problems(updates);
  const [update] = updates;
  if (wrong.length > 0 || update === undefined) {
    hub.violations.push(...wrong.map((sentence) => `updateRefs: ${sentence}`));
    throw failure('UNPROCESSABLE', wrong.join(' '));
  }
  const repository = writable(hub, token, repositoryId);
  const signed = isDeletion(update.afterOid) || (await isSigned(repository.dir, update.afterOid));
  const rule = brokenRule(repository, update.name, { signed, forced: update.force });
  if (rule !== undefined) {
    const { type, message } = graphqlRefusal(rule);
    throw failure(type, message);
  }
  const old = await move(repository, update);
  hub.lags.moved(repository, update.name, old);
  await endPulls(repository, update.name.replace('refs/heads/', ''), hub.now());
  return { clientMutationId };
}

/** GitHub's schema: a ref that shall be all zeros is deleted. */
const isDeletion = (oid: string): boolean => /^0{40}$/.test(oid);

async function move(
  { dir }: Repository,
  { name, beforeOid, afterOid, force }: Update,
): Promise<string | undefined> {
  const old = await resolveRevision(dir, name);
  // The words are inferred, not recorded: nothing may depend on them.
  const refused = failure('UNPROCESSABLE', `The reference ${name} could not be updated.`);
  if (beforeOid !== undefined && old !== beforeOid) throw refused;
  if (isDeletion(afterOid)) {
    if (old === undefined || (await tryGit(dir, ['update-ref', '-d', name, old])).code !== 0) throw refused;
    return;
  }
  if ((await resolveRevision(dir, `${afterOid}^{commit}`)) !== afterOid) throw refused;
  const isForward =
    old === undefined || (await tryGit(dir, ['merge-base', '--is-ancestor', old, afterOid])).code === 0;
  if (!isForward && !force) throw refused;
  if (!(await moveRef(dir, name, old, afterOid))) throw refused;
  return old;
}

/** GitHub closes a pull request whose branch comes to have no commit of its own. */
async function endPulls({ dir, pulls }: Repository, branch: string, now: number): Promise<void> {
  for (const pull of pulls.values()) {
    if (pull.state !== 'open' || pull.head !== branch) continue;
    const contained = await tryGit(dir, [
      'merge-base',
      '--is-ancestor',
      `refs/heads/${branch}`,
      `refs/heads/${pull.base}`,
    ]);
    if (contained.code !== 0) continue;
    pull.state = 'closed';
    pull.closedAt = now;
  }
}
