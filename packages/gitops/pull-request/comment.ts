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

export interface CommentOptions {
  /** False: none is made where there is none. */
  readonly creates?: boolean;
  /** Whether what stands there may be written over; asked with the text of the comment. */
  readonly replaces?: (body: string) => boolean;
  /** Others of ours with the same mark are deleted: two runs at once may each have made one. */
  readonly isOnly?: boolean;
}

/**
 * Keeps one comment of ours on a pull request: makes it, or writes it anew where its text differs. It is known by a hidden
 * mark and by its author, for anybody may write such a mark, and then change what we say.
 */
export async function keepComment(
  github: GitHub,
  place: CommentPlace,
  text: string,
  { creates = true, replaces = () => true, isOnly = false }: CommentOptions = {},
): Promise<void> {
  const { repository, number, key } = place;
  const mark = `<!-- sluice:${key} -->`;
  const body = `${mark}\n${text}`;
  const at = namesOf(repository);
  let [ours, ...others] = await findComments(github, place, mark, isOnly);
  if (ours === undefined) {
    if (!creates) return;
    await github.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...{ ...at, issue_number: number, body },
    });
    if (!isOnly) return;
    // The oldest one stays: each of the runs that made one comes to the same.
    [ours, ...others] = await findComments(github, place, mark, isOnly);
  }
  if (
    ours !== undefined &&
    replaces(ours.body) &&
    ours.body.replaceAll('\r\n', '\n').trim() !== body.trim()
  ) {
    await github.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
      ...{ ...at, comment_id: ours.id, body },
    });
  }
  for (const { id } of isOnly ? others : []) await deleteComment(github, { ...at, comment_id: id });
}

/** Somebody else may have deleted it meanwhile. */
async function deleteComment(
  github: GitHub,
  which: { readonly owner: string; readonly repo: string; readonly comment_id: number },
): Promise<void> {
  try {
    await github.request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', which);
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== 'not-visible') throw error;
  }
}

interface FoundComment {
  readonly id: number;
  readonly body: string;
}

/** Ours, oldest first; with `all` every one, else the first. */
async function findComments(
  github: GitHub,
  place: CommentPlace,
  mark: string,
  all: boolean,
): Promise<readonly FoundComment[]> {
  const found: FoundComment[] = [];
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
      if (user?.login === viewer || isBot) found.push({ id: Number(id), body });
    }
    if (data.length < PAGE || (found.length > 0 && !all)) break;
  }
  return found;
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
