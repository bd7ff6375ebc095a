import { GraphQLError } from 'graphql';
import { type Hub, visible } from './hub.ts';
import { branchHead, type Files, fileAt, writeCommit } from './objects.ts';
import { oneByOne } from './one-by-one.ts';
import { moveRef } from './ref-store.ts';
import { nodeId } from './render/account.ts';
import { timestamp } from './render/links.ts';
import { brokenRule, graphqlRefusal } from './rules.ts';
import { allows } from './tokens.ts';
import type { Repository, Token } from './types.ts';

type Fields = Readonly<Record<string, unknown>>;

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {});
const string = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fields) : []);

/** An error as GitHub shapes it: its type stands at the top level. */
const failure = (type: string, message: string, extensions: Fields = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { type, ...extensions } });

const stale = (expected: string): GraphQLError =>
  failure('STALE_DATA', `Expected branch to point to "${expected}" but it did not.  Pull and try again.`);

const forbidden = (): GraphQLError =>
  failure('FORBIDDEN', 'Resource not accessible by integration', { saml_failure: false });

/** Canonical base64 with padding; GitHub refuses what does not decode. */
const isBase64 = (text: string): boolean => Buffer.from(text, 'base64').toString('base64') === text;

const isPlainPath = (path: string): boolean =>
  path !== '' &&
  !path.startsWith('/') &&
  path.split('/').every((part) => !['', '.', '..', '.git'].includes(part));

/** Everything in the input that the schema lets pass and GitHub does not. */
function problems(input: Fields): string[] {
  const branch = fields(input.branch);
  const changes = fields(input.fileChanges);
  const additions = list(changes.additions);
  const paths = [...additions, ...list(changes.deletions)].map(({ path }) => string(path));
  const name = string(branch.branchName);
  const found = additions
    .filter(({ contents }) => !isBase64(string(contents)))
    .map(({ path }) => `The contents of ${string(path)} are not base64.`);
  if (!/^[0-9a-f]{40}$/.test(string(input.expectedHeadOid)))
    found.push('expectedHeadOid is not 40 hexadecimal digits.');
  if (!/^[^/]+\/[^/]+$/.test(string(branch.repositoryNameWithOwner)))
    found.push('repositoryNameWithOwner is not owner/name.');
  if (name === '' || name.startsWith('refs/')) found.push('branchName is not an unqualified name.');
  if (new Set(paths).size !== paths.length) found.push('A path stands twice in fileChanges.');
  found.push(
    ...paths
      .filter((path) => !isPlainPath(path))
      .map((path) => `The path ${JSON.stringify(path)} is not allowed.`),
  );
  if (/[\r\n]/.test(string(fields(input.message).headline)))
    found.push('The headline has more than one line.');
  if (string(fields(input.message).headline).trim() === '') found.push('The headline is empty.');
  return found;
}

/** Additions are written as plain files: this mutation knows no modes. */
function changedFiles(input: Fields): Files {
  const changes = fields(input.fileChanges);
  const added = list(changes.additions).map((one) => [
    string(one.path),
    Buffer.from(string(one.contents), 'base64'),
  ]);
  const deleted = list(changes.deletions).map((one) => [string(one.path), null]);
  return Object.fromEntries([...added, ...deleted]);
}

function writable(hub: Hub, token: Token, input: Fields): Repository {
  const name = string(fields(input.branch).repositoryNameWithOwner);
  const repository = visible(hub, name, token);
  if (repository === undefined) {
    throw failure('NOT_FOUND', `Could not resolve to a Repository with the name '${name}'.`);
  }
  if (!token.repositories.includes(repository.fullName) || !allows(token, 'contents', 'write')) {
    throw forbidden();
  }
  return repository;
}

/** The mutation: a commit by the token's owner on a branch, if its head is the expected one (a real compare and swap). */
export async function createCommitOnBranch(hub: Hub, token: Token, raw: unknown): Promise<object> {
  const input = fields(raw);
  const wrong = problems(input);
  if (wrong.length > 0) {
    hub.violations.push(...wrong.map((sentence) => `createCommitOnBranch: ${sentence}`));
    throw failure('UNPROCESSABLE', wrong.join(' '));
  }
  const repository = writable(hub, token, input);
  // One after the other: who comes late is told so before anything is written.
  return oneByOne(repository.dir, () => commit(hub, token, input, repository));
}

async function commit(hub: Hub, token: Token, input: Fields, repository: Repository): Promise<object> {
  const branch = string(fields(input.branch).branchName);
  const ref = `refs/heads/${branch}`;
  const expected = string(input.expectedHeadOid);
  const head = await branchHead(repository, branch);
  if (head === undefined) throw failure('NOT_FOUND', `Could not resolve to a Ref with the name '${branch}'.`);
  const rule = brokenRule(repository, ref, { signed: true, forced: false });
  if (rule !== undefined) {
    const { type, message } = graphqlRefusal(rule);
    throw failure(type, message);
  }
  if (head !== expected) throw stale(expected);
  const files = changedFiles(input);
  const workflows = Object.keys(files).some((path) => path.startsWith('.github/workflows/'));
  if (workflows && !allows(token, 'workflows', 'write')) throw forbidden();
  await checkDeletions(repository, head, files);
  const { headline, body } = fields(input.message);
  const message = string(body) === '' ? string(headline) : `${string(headline)}\n\n${string(body)}`;
  const date = hub.now();
  const author = `${token.actor} <${token.actor}@users.noreply.github.com>`;
  const sha = await writeCommit(repository.dir, head, files, {
    message,
    author,
    committer: 'GitHub <noreply@github.com>',
    date,
  });
  if (!(await moveRef(repository.dir, ref, head, sha))) throw stale(expected);
  hub.lags.moved(repository, ref, head);
  const web = `${hub.links.web}/${repository.fullName}`;
  const made = {
    __typename: 'Commit',
    id: nodeId('C', sha),
    oid: sha,
    abbreviatedOid: sha.slice(0, 7),
    url: `${web}/commit/${sha}`,
    commitUrl: `${web}/commit/${sha}`,
    message,
    messageHeadline: string(headline),
    messageBody: string(body),
    committedDate: timestamp(date),
  };
  return {
    clientMutationId: input.clientMutationId ?? null,
    commit: made,
    ref: { __typename: 'Ref', id: nodeId('REF', ref), name: branch, prefix: 'refs/heads/', target: made },
  };
}

async function checkDeletions(repository: Repository, head: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    if (content === null && (await fileAt(repository.dir, head, path)) === undefined) {
      const message = `A path was requested for deletion which does not exist as of commit oid \`${head}\`: ${path}`;
      throw failure('UNPROCESSABLE', message);
    }
  }
}
