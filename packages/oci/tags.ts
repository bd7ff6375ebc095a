import { answerError, type Question } from './errors.ts';
import type { Session } from './session.ts';
import type { Answer } from './transport.ts';

const PAGE_SIZE = 1000;
const MOST_PAGES = 1000;
// A registry without pages gives all tags at once: 128 bytes each at most.
const LARGEST_PAGE = 32_000_000;
const TAG = /^\w[\w.-]{0,127}$/;

/** Every tag, page by page. What is no tag by the specification is left out. */
export async function listTags(session: Session, question: Question): Promise<readonly string[]> {
  const tags = new Set<string>();
  const seen = new Set<string>();
  let path: string | undefined = `/v2/${question.name}/tags/list?n=${PAGE_SIZE}`;
  while (path !== undefined) {
    if (seen.has(path)) throw answerError(question, 'its pages go round in circles');
    if (seen.size === MOST_PAGES) throw answerError(question, `it has more than ${MOST_PAGES} pages`);
    seen.add(path);
    const answer: Answer = await session(question, { path, maxBytes: LARGEST_PAGE });
    for (const tag of await tagsIn(answer, question)) if (TAG.test(tag)) tags.add(tag);
    path = nextPage(answer, question);
  }
  return [...tags];
}

async function tagsIn(answer: Answer, question: Question): Promise<readonly string[]> {
  const body: unknown = await answer.json().catch(() => undefined);
  const { tags }: { readonly tags?: unknown } = typeof body === 'object' && body !== null ? body : {};
  // Docker's registry says null of a repository whose tags are all gone.
  if (tags === null) return [];
  if (Array.isArray(tags)) return tags.filter((tag) => typeof tag === 'string');
  throw answerError(question, 'it is no list of tags');
}

/** `Link: </v2/shop/tags/list?last=1.2&n=1000>; rel="next"` (RFC 8288); never on another server. */
function nextPage(answer: Answer, question: Question): string | undefined {
  const link = /<([^>]*)>\s*;\s*rel="?next"?/i.exec(answer.headers.get('link') ?? '')?.[1];
  if (link === undefined) return undefined;
  const next = URL.parse(link, answer.url);
  if (next?.origin !== question.origin) throw answerError(question, 'its next page is on another server');
  return next.pathname + next.search;
}
