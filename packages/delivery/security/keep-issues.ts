import { at, text } from '@sluice/argocd/json';
import { SluiceError } from '@sluice/core/errors';
import type { GitHub } from '@sluice/core/github';
import type { World } from '@sluice/core/run';
import type { Advisory } from './advisories.ts';
import { markOf } from './issue-mark.ts';
import { type IssuePlan, type KnownIssue, type Planning, planIssues, type Step } from './issue-plan.ts';

/** Where issues are kept. */
export interface IssueHome {
  readonly github: GitHub;
  readonly owner: string;
  readonly repo: string;
  readonly label: string;
}

/** What became of the issues. */
export interface KeptIssues {
  readonly opened: readonly number[];
  readonly updated: readonly number[];
  readonly reopened: readonly number[];
  readonly closed: readonly number[];
  /** Left open: what they are about may be in what could not be scanned. */
  readonly kept: readonly number[];
  /** How many vulnerabilities that count have no issue, for lack of `max-issues`. */
  readonly left: number;
  readonly numbers: ReadonlyMap<Advisory, number>;
  /** Why they could not all be brought up to date. */
  readonly failed?: SluiceError;
}

const PER_PAGE = 100;
/** Five thousand issues of one label. */
const MOST_PAGES = 50;
/** What is refused to one is refused to all. */
const FOR_ALL: ReadonlySet<string> = new Set([
  ...['permission-denied', 'bad-credentials', 'rate-limited', 'github-unavailable', 'github-unreachable'],
]);
/** Of what is left alone. */
const SHOWN = 10;
/** GitHub's clock may be behind ours. */
const SKEW_MS = 60_000;

type Writing = { -readonly [K in 'opened' | 'updated' | 'reopened' | 'closed']: number[] };

/**
 * Makes the issues say what was found. Never throws for what GitHub refuses: the verdict stands, and what was not written is said.
 * With `isDry` nothing is written.
 */
export async function keepIssues(
  home: IssueHome,
  planning: Omit<Planning, 'issues'>,
  world: Pick<World, 'clock' | 'log' | 'signal'>,
  isDry: boolean,
): Promise<KeptIssues> {
  const done: Writing = { opened: [], updated: [], reopened: [], closed: [] };
  const since = new Date(world.clock.now() - SKEW_MS).toISOString();
  let plan: IssuePlan = { steps: [], numbers: new Map(), left: 0, kept: [] };
  const numbers = new Map<Advisory, number>();
  let self = '';
  try {
    self = await selfOf(home);
    const listed = await listIssues(home);
    const issues = listed.filter((issue) => isBy(issue, self));
    tellForeign(listed.filter((issue) => !isBy(issue, self)));
    plan = planIssues({ ...planning, issues });
    for (const [advisory, number] of plan.numbers) numbers.set(advisory, number);
  } catch (error) {
    return { ...done, ...plan, numbers, failed: refusalOf(error) };
  }
  let failed: SluiceError | undefined;
  for (const step of isDry ? [] : plan.steps) {
    try {
      await take(step);
    } catch (error) {
      const refusal = refusalOf(error);
      failed ??= refusal;
      // The others would fare no better.
      if (FOR_ALL.has(refusal.code)) break;
    }
  }
  return { ...done, ...plan, numbers, ...(failed && { failed }) };

  /** Somebody's copy of a mark, or what another token has opened: it is not ours to write to. */
  function tellForeign(issues: readonly KnownIssue[]): void {
    const marked = issues.filter(({ isOpen, body }) => isOpen && markOf(body)?.scope === planning.scope);
    if (marked.length === 0) return;
    const numbers = marked.slice(0, SHOWN).map(({ number }) => `#${number}`);
    const more = marked.length > SHOWN ? ` and ${marked.length - SHOWN} more` : '';
    world.log.warning(
      `Left alone, because they are not by ${self}, as which the token writes: ${numbers.join(', ')}${more}. Where another token has opened them, close them by hand.`,
    );
  }

  function refusalOf(error: unknown): SluiceError {
    world.signal.throwIfAborted();
    if (error instanceof SluiceError) return error;
    throw error;
  }

  async function take(step: Step): Promise<void> {
    switch (step.type) {
      case 'open': {
        const other = await openedMeanwhile(home, step.advisory, planning.scope, { since, self });
        const number = other ?? (await open(home, step.title, step.body));
        numbers.set(step.advisory, number);
        if (other === undefined) done.opened.push(number);
        return;
      }
      case 'update':
        await change(home, step.number, { body: step.body });
        done.updated.push(step.number);
        return;
      case 'reopen':
        await change(home, step.number, {
          state: 'open',
          ...(step.body === undefined ? {} : { body: step.body }),
        });
        done.reopened.push(step.number);
        await comment(home, step.number, step.comment, world.log);
        return;
      case 'close':
        await change(home, step.number, {
          state: 'closed',
          state_reason: step.isDuplicate ? 'not_planned' : 'completed',
        });
        done.closed.push(step.number);
        await comment(home, step.number, step.comment, world.log);
    }
  }
}

/** All issues with the label, open or not; of pull requests, which are listed too, none. */
async function listIssues({ github, owner, repo, label }: IssueHome): Promise<readonly KnownIssue[]> {
  const found: KnownIssue[] = [];
  const about = { owner, repo, labels: label, state: 'all', direction: 'asc', per_page: PER_PAGE } as const;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { data } = await github.request('GET /repos/{owner}/{repo}/issues', { ...about, page });
    found.push(...data.filter(({ pull_request: pull }) => pull === undefined).map(known));
    if (data.length < PER_PAGE) return found;
  }
  const sentence = `${owner}/${repo} has more than ${MOST_PAGES * PER_PAGE} issues with the label ${label}: not all can be read, and one might be opened twice.`;
  throw new SluiceError('platform', 'github-refused', sentence, { hint: 'Give another `label`.' });
}

const known = (issue: {
  readonly number: number;
  readonly state: string;
  readonly body?: string | null | undefined;
  readonly user: { readonly login: string } | null;
}): KnownIssue => ({
  ...{ number: issue.number, isOpen: issue.state === 'open', body: issue.body },
  author: issue.user?.login ?? '',
});

/**
 * As whom our token writes: `github-actions[bot]`. By GraphQL, because REST's `GET /user` refuses the token of an installation, as
 * that of a job is. An account that gets another name has it here and in its issues alike, and a moved issue keeps its author.
 */
async function selfOf({ github }: IssueHome): Promise<string> {
  const login = await github.graphql('query Self { viewer { login } }', {}, (data) =>
    text(at(data, 'viewer', 'login')),
  );
  if (login) return login;
  throw new SluiceError('platform', 'github-refused', 'GitHub did not say as whom the token writes issues.');
}

/** Logins have no case. */
const isBy = ({ author }: KnownIssue, login: string): boolean => author.toLowerCase() === login.toLowerCase();

/** The issue that another run has opened since this one began. */
async function openedMeanwhile(
  { github, owner, repo, label }: IssueHome,
  { names }: Advisory,
  scope: string,
  { since, self }: { readonly since: string; readonly self: string },
): Promise<number | undefined> {
  const { data } = await github.request('GET /repos/{owner}/{repo}/issues', {
    ...{ owner, repo, labels: label, since, state: 'all', direction: 'desc', per_page: PER_PAGE },
  });
  return data.find((issue) => {
    const mark = markOf(issue.body);
    return isBy(known(issue), self) && mark?.scope === scope && mark.names.some((name) => names.has(name));
  })?.number;
}

/** Sent once: a request that was cut may have opened it, and the next run finds it. */
async function open(home: IssueHome, title: string, body: string): Promise<number> {
  const { github, owner, repo, label } = home;
  const issue = { owner, repo, title, body, labels: [label] };
  const { data } = await github.request('POST /repos/{owner}/{repo}/issues', issue, { once: true });
  const { number, labels } = data;
  const isLabelled = labels.some(
    (one) => (typeof one === 'string' ? one : one.name)?.toLowerCase() === label.toLowerCase(),
  );
  // GitHub drops the labels of who may not set them, without a word; and without it the next run would open another one.
  if (!isLabelled) await addLabel(home, number);
  return number;
}

async function addLabel({ github, owner, repo, label }: IssueHome, number: number): Promise<void> {
  const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels';
  await github.request(route, { owner, repo, issue_number: number, labels: [label] });
}

async function change(
  { github, owner, repo }: IssueHome,
  number: number,
  to: {
    readonly body?: string;
    readonly state?: 'open' | 'closed';
    readonly state_reason?: 'completed' | 'not_planned';
  },
): Promise<void> {
  const route = 'PATCH /repos/{owner}/{repo}/issues/{issue_number}';
  await github.request(route, { owner, repo, issue_number: number, ...to });
}

/** What has been done stands without it. */
async function comment(
  { github, owner, repo }: IssueHome,
  number: number,
  body: string,
  log: World['log'],
): Promise<void> {
  try {
    const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
    await github.request(route, { owner, repo, issue_number: number, body }, { once: true });
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code === 'cancelled') throw error;
    log.warning(`#${number} has no comment that says why it was changed: ${error.message}`);
  }
}
