import { at, type Json } from '@sluice/core/json';

/**
 * The tag of an image that nobody has released: `pr-12-<commit>` for the head of a pull request, else the commit. The event says which commit
 * that is: the runner's own is a merge that GitHub made for the run. The whole commit: pr.yml names the image by it in a run that a label
 * has started, and an expression cannot shorten; and two commits that begin alike are made in seconds.
 */
export function temporaryTag(event: Json, sha: string): string {
  const number = at(event, 'pull_request', 'number');
  const head = at(event, 'pull_request', 'head', 'sha');
  if (
    Number.isSafeInteger(number) &&
    Number(number) > 0 &&
    typeof head === 'string' &&
    /^[0-9a-f]{40,64}$/.test(head)
  )
    return `pr-${number}-${head}`;
  return /^[0-9a-f]{40,64}$/.test(sha) ? sha : 'unknown';
}
