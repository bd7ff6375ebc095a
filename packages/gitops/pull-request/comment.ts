import { SluiceError } from '@sluice/core/errors';
import type { GitHub } from '@sluice/core/github';
import { namesOf } from './pull-request-api.ts';

/** GitHub refuses a longer one. */
export const COMMENT_LIMIT = 65_536;

export interface CommentPlace {
  /** `owner/name`. */
  readonly repository: string;
  /** Of the pull request. */
  readonly number: number;
  /** Tells it from our other comments; letters, digits and dashes. */
  readonly key: string;
}

const PAGE = 100;
/** A pull request with more comments than these gets another one of ours. */
const PAGES = 30;

/**
 * Keeps one comment of ours on a pull request: makes it, or writes it anew where its text differs. It is known by a hidden
 * mark and by its author, for anybody may write such a mark, and then change what we say.
 */
export async function keepComment(github: GitHub, place: CommentPlace, text: string): Promise<void> {
  const { repository, number, key } = place;
  const mark = `<!-- sluice:${key} -->`;
  const body = `${mark}\n${text}`;
  const at = namesOf(repository);
  const ours = await findComment(github, place, mark);
  if (ours === undefined) {
    await github.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...{ ...at, issue_number: number, body },
    });
  } else if (ours.body.replaceAll('\r\n', '\n').trim() !== body.trim()) {
    await github.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
      ...{ ...at, comment_id: ours.id, body },
    });
  }
}

interface FoundComment {
  readonly id: number;
  readonly body: string;
}

async function findComment(
  github: GitHub,
  place: CommentPlace,
  mark: string,
): Promise<FoundComment | undefined> {
  let viewer: string | undefined;
  for (let page = 1; page <= PAGES; page++) {
    const { data } = await github.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...{ ...namesOf(place.repository), issue_number: place.number, per_page: PAGE, page },
    });
    for (const { id, body = '', user } of data) {
      if (!body.startsWith(mark)) continue;
      viewer ??= await whoWeAre(github);
      // GraphQL leaves `[bot]` away in places where REST has it; a person of that name is another account.
      const isBot = user?.type === 'Bot' && user.login === `${viewer}[bot]`;
      if (user?.login === viewer || isBot) return { id: Number(id), body };
    }
    if (data.length < PAGE) return undefined;
  }
  return undefined;
}

/** `github-actions[bot]`, `alice`: GraphQL tells it of every kind of token, REST of a person's alone. */
async function whoWeAre(github: GitHub): Promise<string> {
  return github.graphql('query Viewer { viewer { login } }', {}, (data) => {
    const login: unknown = Object(Object(data).viewer).login;
    if (typeof login === 'string') return login;
    throw new SluiceError(
      'platform',
      'unexpected-answer',
      'GitHub answered who the token is without a login.',
    );
  });
}
