import { githubFailure } from '@sluice/core/github';
import { namesOf } from './pull-request-api.ts';
import { type Addition, sameName, wordsOf } from './pull-request-step.ts';

/** Who shall be asked for a review: logins, and slugs of teams. */
export interface Reviewers {
  readonly users: readonly string[];
  readonly teams: readonly string[];
}

/** Pages of a hundred events: the first ones hold the requests, and a pull request has hardly more. */
const PAGES = 10;

/**
 * Asks for the reviews that were never asked for. Nobody is asked twice: whoever has reviewed, or whom somebody took off
 * again, stays as it is. Returns a sentence for each who cannot be asked.
 */
export async function askReviewers(
  addition: Addition,
  given: Reviewers,
  isNew: boolean,
): Promise<readonly string[]> {
  // As people are mentioned: `@alice`.
  const plain = (names: readonly string[]) => names.map((name) => name.replace(/^@/, ''));
  const wanted = { users: plain(given.users), teams: plain(given.teams) };
  const { repository, pull } = addition;
  const { owner } = namesOf(repository);
  const strange = wanted.teams.filter(
    (team) => team.includes('/') && !sameName(team.split('/')[0] ?? '', owner),
  );
  const own = wanted.users.filter((user) => sameName(user, pull.author));
  const passedOver = [
    ...strange.map((team) => `The team ${team} was not asked for a review: it is none of ${owner}.`),
    ...own.map(
      (user) => `${user} was not asked for a review: nobody can review a pull request of their own.`,
    ),
  ];
  const open = {
    users: without(wanted.users, [...pull.reviewers, ...own]),
    teams: without(
      wanted.teams.filter((team) => !strange.includes(team)).map((team) => team.split('/').at(-1) ?? ''),
      pull.teams,
    ),
  };
  if (isEmpty(open)) return passedOver;
  const left = isNew ? open : await notAsked(addition, open);
  return isEmpty(left) ? passedOver : [...passedOver, ...(await ask(addition, left))];
}

/** One unknown name makes GitHub refuse them all: then each is asked alone. */
async function ask(addition: Addition, { users, teams }: Reviewers): Promise<readonly string[]> {
  try {
    await request(addition, { users, teams });
    return [];
  } catch (error) {
    if (!isRefused(error)) throw error;
    const single: readonly Reviewers[] = [
      ...users.map((user) => ({ users: [user], teams: [] })),
      ...teams.map((team) => ({ users: [], teams: [team] })),
    ];
    if (single.length === 1) return single.map((one) => refusal(addition, one, error));
    const sentences: string[] = [];
    for (const one of single) {
      const failure = await request(addition, one).catch((cause: unknown) => cause);
      if (failure === undefined) continue;
      if (!isRefused(failure)) throw failure;
      sentences.push(refusal(addition, one, failure));
    }
    return sentences;
  }
}

async function request({ ports, repository, pull }: Addition, { users, teams }: Reviewers): Promise<void> {
  await ports.github.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers', {
    ...{ ...namesOf(repository), pull_number: pull.number },
    ...(users.length > 0 && { reviewers: [...users] }),
    ...(teams.length > 0 && { team_reviewers: [...teams] }),
  });
}

// A team that the token may not see is answered by 422, 403 or 404 alike.
function isRefused(error: unknown): boolean {
  return [403, 404, 422].includes(githubFailure(error)?.status ?? 0);
}

function refusal({ repository }: Addition, { users, teams }: Reviewers, error: unknown): string {
  const said = wordsOf(error)
    .replace(/ - https:\/\/\S+$/, '')
    .replace(/\.?$/, '.');
  const [user] = users;
  if (user !== undefined) {
    return `${user} could not be asked for a review: ${said} Only who can read ${repository} can be asked: correct \`reviewers\`, or give access.`;
  }
  return `The team ${teams.join()} could not be asked for a review: ${said} A team needs access to ${repository}, and the token the organisation permission \`members: read\`, which GITHUB_TOKEN never has: use \`app-id\` and \`app-private-key\`.`;
}

/** Those for whom the pull request's history shows neither a request nor a review. */
async function notAsked({ ports, repository, pull }: Addition, wanted: Reviewers): Promise<Reviewers> {
  let left = wanted;
  for (let page = 1; page <= PAGES && !isEmpty(left); page++) {
    const { data } = await ports.github.request('GET /repos/{owner}/{repo}/issues/{issue_number}/timeline', {
      ...namesOf(repository),
      ...{ issue_number: pull.number, per_page: 100, page },
    });
    const events: readonly unknown[] = data;
    left = {
      users: without(left.users, events.flatMap(userOf)),
      teams: without(left.teams, events.flatMap(teamOf)),
    };
    if (data.length < 100) return left;
  }
  return left;
}

function userOf(event: unknown): readonly string[] {
  const login = {
    review_requested: text(field(event, 'requested_reviewer'), 'login'),
    reviewed: text(field(event, 'user'), 'login'),
  }[text(event, 'event')];
  return login === undefined ? [] : [login];
}

function teamOf(event: unknown): readonly string[] {
  return text(event, 'event') === 'review_requested' ? [text(field(event, 'requested_team'), 'slug')] : [];
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function text(value: unknown, name: string): string {
  const found = field(value, name);
  return typeof found === 'string' ? found : '';
}

function without(names: readonly string[], others: readonly string[]): readonly string[] {
  return names.filter(
    (name, index) =>
      !others.some((other) => sameName(other, name)) &&
      names.findIndex((one) => sameName(one, name)) === index,
  );
}

const isEmpty = ({ users, teams }: Reviewers): boolean => users.length + teams.length === 0;
