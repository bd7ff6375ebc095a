import { notFound, problem, validationFailed } from '../errors.ts';
import { tryGit } from '../git.ts';
import { branchHead } from '../objects.ts';
import { fullPull, simplePull } from '../render/pull.ts';
import type { Issue, PullRequest, Reply } from '../types.ts';
import { type Call, param, type Routes, text, violation } from './route.ts';

/** The longest title and body of a pull request, in characters. */
const LONGEST = { title: 256, body: 65_536 } as const;

function close(pull: PullRequest, now: number): void {
  pull.state = 'closed';
  pull.closedAt = now;
  delete pull.autoMerge;
}

/** Both ends as they stand now; a deleted branch leaves the last commit that was seen, and closes the pull request. */
async function refreshed(call: Call, pull: PullRequest): Promise<PullRequest> {
  if (pull.state === 'closed') return pull;
  const { hub, repository } = call;
  const now = await branchHead(repository, pull.head);
  if (now === undefined) close(pull, hub.now());
  const head = hub.lags.seen('rest', repository, `refs/heads/${pull.head}`, now);
  pull.headSha = head ?? pull.headSha;
  pull.baseSha = (await branchHead(call.repository, pull.base)) ?? pull.baseSha;
  return pull;
}

const invalid = (call: Call, field: string, message?: string): Reply =>
  validationFailed(
    [
      message === undefined
        ? { resource: 'PullRequest', field, code: 'invalid' }
        : { resource: 'PullRequest', code: 'custom', message },
    ],
    call.docs,
  );

/** The page and the pull request that a `pull_number` names. */
export async function pullOf(call: Call, name: string): Promise<PullRequest | undefined> {
  const pull = call.repository.pulls.get(Number(param(call, name)));
  return pull === undefined ? undefined : refreshed(call, pull);
}

/** The issue or pull request that an `issue_number` names. */
export const numberedOf = async (call: Call, name: string): Promise<Issue | PullRequest | undefined> =>
  call.repository.issues.get(Number(param(call, name))) ?? (await pullOf(call, name));

/** Those that are open, both ends as they stand now. */
export async function openPulls(call: Call): Promise<PullRequest[]> {
  const pulls = await Promise.all([...call.repository.pulls.values()].map((pull) => refreshed(call, pull)));
  return pulls.filter(({ state }) => state === 'open');
}

async function listPulls(call: Call): Promise<Reply> {
  const { hub, query, repository } = call;
  const state = query.get('state') ?? 'open';
  const head = query.get('head');
  if (head !== null && !/^[^:]+:.+$/.test(head)) {
    violation(
      call,
      `The filter head is ${JSON.stringify(head)}: GitHub ignores one without owner and colon.`,
    );
  }
  const wanted = [...repository.pulls.values()]
    .filter((pull) => !hub.lags.hides(repository, pull.number))
    .filter((pull) => state === 'all' || pull.state === state)
    .filter((pull) => head === null || !head.includes(':') || head === `${repository.owner}:${pull.head}`)
    .filter((pull) => query.get('base') === null || query.get('base') === pull.base)
    .sort((a, b) => (query.get('direction') === 'asc' ? a.number - b.number : b.number - a.number));
  const pulls = await Promise.all(wanted.map((pull) => refreshed(call, pull)));
  return { status: 200, body: pulls.map((pull) => simplePull(hub.links, repository, pull)) };
}

async function refusal(
  call: Call,
  head: string,
  base: string,
  headSha: string | undefined,
  baseSha: string | undefined,
) {
  const { repository } = call;
  if (headSha === undefined) return invalid(call, 'head');
  if (baseSha === undefined) return invalid(call, 'base');
  if (head === base) {
    violation(call, `A pull request from ${head} to itself.`);
    return invalid(call, 'head', `No commits between ${base} and ${head}`);
  }
  const contained = await tryGit(repository.dir, ['merge-base', '--is-ancestor', headSha, baseSha]);
  if (contained.code === 0) return invalid(call, 'head', `No commits between ${base} and ${head}`);
  const open = [...repository.pulls.values()].some(
    (pull) => pull.state === 'open' && pull.head === head && pull.base === base,
  );
  const message = `A pull request already exists for ${repository.owner}:${head}.`;
  return open ? invalid(call, 'head', message) : undefined;
}

function checkText(call: Call): Reply | undefined {
  for (const [field, most] of Object.entries(LONGEST)) {
    const { length } = text(call.body, field) ?? '';
    if (length <= most) continue;
    violation(call, `The ${field} of a pull request has ${length} characters: ${most} are allowed.`);
    return invalid(call, field, `${field} is too long (maximum is ${most} characters)`);
  }
  return undefined;
}

async function createPull(call: Call): Promise<Reply> {
  const { hub, repository, token, body } = call;
  const bot = token.actor === 'github-actions[bot]';
  if (bot && !repository.actionsMayCreatePullRequests) {
    return problem(403, 'GitHub Actions is not permitted to create or approve pull requests.', call.docs);
  }
  const title = text(body, 'title');
  if (title === undefined || title === '') {
    violation(call, 'A pull request needs a title.');
    return validationFailed([{ resource: 'PullRequest', field: 'title', code: 'missing_field' }], call.docs);
  }
  const long = checkText(call);
  if (long !== undefined) return long;
  if (body.draft === true && !repository.allowsDrafts)
    return invalid(call, 'base', 'Draft pull requests are not supported in this repository.');
  const head = (text(body, 'head') ?? '').replace(new RegExp(`^${repository.owner}:`), '');
  const base = text(body, 'base') ?? '';
  const headSha = await branchHead(repository, head);
  const baseSha = await branchHead(repository, base);
  const refused = await refusal(call, head, base, headSha, baseSha);
  if (refused !== undefined || headSha === undefined || baseSha === undefined) {
    return refused ?? invalid(call, 'head');
  }
  const now = hub.now();
  const pull: PullRequest = {
    number: repository.nextNumber,
    author: token.actor,
    head,
    base,
    createdAt: now,
    updatedAt: now,
    title,
    body: text(body, 'body') ?? null,
    state: 'open',
    draft: body.draft === true,
    labels: [],
    reviewers: [],
    teamReviewers: [],
    headSha,
    baseSha,
  };
  repository.nextNumber += 1;
  repository.pulls.set(pull.number, pull);
  hub.lags.opened(repository, pull.number);
  return { status: 201, body: fullPull(hub.links, repository, pull) };
}

async function getPull(call: Call): Promise<Reply> {
  const pull = await pullOf(call, 'pull_number');
  if (pull === undefined) return notFound(call.docs);
  return { status: 200, body: fullPull(call.hub.links, call.repository, pull) };
}

async function updatePull(call: Call): Promise<Reply> {
  const { hub, body, repository } = call;
  const pull = await pullOf(call, 'pull_number');
  if (pull === undefined) return notFound(call.docs);
  const long = checkText(call);
  if (long !== undefined) return long;
  const state = text(body, 'state');
  if (state === 'open' && pull.mergedAt !== undefined)
    return invalid(call, 'state', 'state cannot be changed. The pull request was merged.');
  pull.title = text(body, 'title') ?? pull.title;
  pull.body = text(body, 'body') ?? pull.body;
  if (state === 'closed' && pull.state === 'open') close(pull, hub.now());
  if (state === 'open') delete pull.closedAt;
  if (state === 'open') pull.state = 'open';
  pull.updatedAt = hub.now();
  return { status: 200, body: fullPull(hub.links, repository, pull) };
}

const reads = { permission: 'pull_requests', access: 'read' } as const;
const writes = { permission: 'pull_requests', access: 'write' } as const;

export const pullRoutes: Routes = {
  'GET /repos/{owner}/{repo}/pulls': { ...reads, docs: 'pulls/pulls#list-pull-requests', handle: listPulls },
  'POST /repos/{owner}/{repo}/pulls': {
    ...writes,
    docs: 'pulls/pulls#create-a-pull-request',
    handle: createPull,
  },
  'GET /repos/{owner}/{repo}/pulls/{pull_number}': {
    ...reads,
    docs: 'pulls/pulls#get-a-pull-request',
    handle: getPull,
  },
  'PATCH /repos/{owner}/{repo}/pulls/{pull_number}': {
    ...writes,
    docs: 'pulls/pulls#update-a-pull-request',
    handle: updatePull,
  },
};
