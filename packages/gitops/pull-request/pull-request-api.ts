import { SluiceError } from '@sluice/core/errors';
import { type GitHub, githubFailure } from '@sluice/core/github';
import { asking, type Writing } from '../bump/writing.ts';
import { withoutRun } from './pull-request-text.ts';

export interface PullRequest {
  readonly number: number;
  readonly url: string;
}

/** A pull request as it was seen last. */
export interface SeenPull extends PullRequest {
  /** For GraphQL. */
  readonly id: string;
  readonly author: string;
  readonly headSha: string;
  readonly draft: boolean;
  readonly labels: readonly string[];
  /** Who is asked for a review now: logins, and slugs of teams. */
  readonly reviewers: readonly string[];
  readonly teams: readonly string[];
  /** Whether GitHub shall merge it by itself. */
  readonly autoMerge: boolean;
}

/** What became of the pull request; `nothing`: it had the commits and the text already. */
export type Did = 'created' | 'updated' | 'nothing';

/** A pull request with the title and body that are wanted. */
export interface Shown {
  readonly pull: SeenPull;
  readonly did: Did;
  /** Wanted as a draft, in a repository that has none. */
  readonly noDraft?: true;
}

/** From which branch into which. */
export interface PullEnds {
  /** `owner/name`. */
  readonly repository: string;
  readonly base: string;
  readonly branch: string;
}

export interface PullWanted extends PullEnds {
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly writing?: Writing | undefined;
}

/** Pull requests of one branch name that are looked at, of forks too. */
const LOOKED_AT = 100;

/**
 * The newest pull request of a branch into the base branch; into any, where none is given. A fork may belong to the same owner, and
 * have a branch of the same name: GitHub lists its pull requests too.
 */
export async function findPull(
  github: GitHub,
  { repository, base, branch }: Omit<PullEnds, 'base'> & Partial<PullEnds>,
  state: 'open' | 'closed',
): Promise<(PullRequest & { readonly headSha: string; readonly base: string }) | undefined> {
  const { owner, repo } = namesOf(repository);
  const { data } = await github.request('GET /repos/{owner}/{repo}/pulls', {
    ...{ owner, repo, state, ...(base !== undefined && { base }), head: `${owner}:${branch}` },
    ...{ sort: 'created', direction: 'desc', per_page: LOOKED_AT },
  });
  const pull = data.find((one) => one.head.repo?.id === one.base.repo.id);
  if (pull === undefined) return undefined;
  const { number, html_url: url, head } = pull;
  return { number, url, headSha: head.sha, base: pull.base.ref };
}

/** Undefined: somebody was faster, and that one is not open any more. */
export async function openPull(github: GitHub, wanted: PullWanted): Promise<Shown | undefined> {
  const { repository, base, branch, title, body, draft, writing } = wanted;
  const request = { ...namesOf(repository), head: branch, base, title, body, ...(draft && { draft }) };
  const unconfirmed = `A pull request of the branch ${branch} was asked for and not confirmed: it may be there.`;
  try {
    const { data } = await asking(writing, unconfirmed, () =>
      github.request('POST /repos/{owner}/{repo}/pulls', request),
    );
    return { pull: seen(data), did: 'created' };
  } catch (error) {
    const said = githubFailure(error)?.message ?? '';
    if (/not permitted to create or approve pull requests/i.test(said)) throw mayNotOpen(error);
    // A private repository of a free plan has none.
    if (draft && /draft pull requests are not supported/i.test(said)) {
      const shown = await openPull(github, { ...wanted, draft: false });
      return shown && { ...shown, noDraft: true };
    }
    // A run beside us, or a first try whose answer was lost.
    const open = githubFailure(error)?.status === 422 ? await findPull(github, wanted, 'open') : undefined;
    if (open === undefined) throw error;
    return updatePull(github, open, wanted);
  }
}

/** Undefined: it is not open any more, and nobody would merge what was committed since. */
export async function updatePull(
  github: GitHub,
  { number, url }: PullRequest,
  { repository, title, body, writing }: PullWanted,
): Promise<Shown | undefined> {
  const one = { ...namesOf(repository), pull_number: number };
  const { data: now } = await github.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', one);
  if (now.state !== 'open') return undefined;
  if (now.title === title && withoutRun(now.body ?? '') === withoutRun(body)) {
    return { pull: seen(now), did: 'nothing' };
  }
  await asking(writing, `A new text of the pull request ${url} was sent and not confirmed.`, () =>
    github.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', { ...one, title, body }),
  );
  return { pull: seen(now), did: 'updated' };
}

/** `acme/gitops` in the names of GitHub's API. */
export function namesOf(repository: string): { readonly owner: string; readonly repo: string } {
  const [owner = '', repo = ''] = repository.split('/');
  return { owner, repo };
}

/** Of GitHub's answer, what is read. */
interface PullAnswer {
  readonly number: number;
  readonly html_url: string;
  readonly node_id: string;
  readonly user: { readonly login: string } | null;
  readonly head: { readonly sha: string };
  readonly draft?: boolean;
  readonly labels: readonly { readonly name: string }[];
  readonly requested_reviewers?: readonly { readonly login: string }[] | null;
  readonly requested_teams?: readonly { readonly slug: string }[] | null;
  readonly auto_merge: object | null;
}

function seen(pull: PullAnswer): SeenPull {
  return {
    number: pull.number,
    url: pull.html_url,
    id: pull.node_id,
    author: pull.user?.login ?? '',
    headSha: pull.head.sha,
    draft: pull.draft === true,
    labels: pull.labels.map(({ name }) => name),
    reviewers: (pull.requested_reviewers ?? []).map(({ login }) => login),
    teams: (pull.requested_teams ?? []).map(({ slug }) => slug),
    autoMerge: pull.auto_merge !== null,
  };
}

function mayNotOpen(cause: unknown): SluiceError {
  return new SluiceError(
    'permission',
    'pull-requests-not-allowed',
    'GITHUB_TOKEN may not open pull requests in this repository: GitHub Actions is not permitted to create them.',
    {
      hint: 'Switch on "Allow GitHub Actions to create and approve pull requests" under Settings, Actions, General; or log in with `app-id` and `app-private-key`, whose pull requests also start the checks.',
      cause,
    },
  );
}
