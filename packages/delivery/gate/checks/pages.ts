import { SluiceError } from '@sluice/core/errors';
import { type CallOptions, githubFailure } from '@sluice/core/github';

const PAGE = 100;
/** More than GitHub keeps of one commit: 1,000 suites, 1,000 statuses of a context. */
const MOST_PAGES = 100;

interface Answer<T> {
  readonly items: readonly T[];
  /** How many there are on all pages, where GitHub says so. */
  readonly total?: number;
  readonly etag: string | undefined;
}

/** Asks for one page. */
export type AskPage<T> = (
  page: { readonly per_page: number; readonly page: number },
  options: CallOptions,
) => Promise<Answer<T>>;

/** A list that is read again and again: a page that has not changed costs none of the rate limit. */
export function pagedList<T extends { readonly id: number }>(ask: AskPage<T>) {
  const known = new Map<number, Answer<T>>();
  return async (): Promise<{ readonly items: readonly T[]; readonly isWhole: boolean }> => {
    const items = new Map<number, T>();
    let total = 0;
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const answer = await askOnce(ask, page, known);
      for (const item of answer.items) items.set(item.id, item);
      total = answer.total ?? items.size;
      // What came in between may have pushed an entry to a page that was read already: it is counted, and missing.
      if (answer.items.length < PAGE) return { items: [...items.values()], isWhole: items.size >= total };
    }
    throw new SluiceError(
      'platform',
      'unexpected-answer',
      `GitHub lists more than ${PAGE * MOST_PAGES} entries for one commit.`,
    );
  };
}

async function askOnce<T>(ask: AskPage<T>, page: number, known: Map<number, Answer<T>>): Promise<Answer<T>> {
  const before = known.get(page);
  try {
    const answer = await ask({ per_page: PAGE, page }, { etag: before?.etag });
    known.set(page, answer);
    return answer;
  } catch (error) {
    if (before !== undefined && githubFailure(error)?.status === 304) return before;
    throw error;
  }
}
