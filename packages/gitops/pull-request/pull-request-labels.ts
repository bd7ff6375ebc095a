import { namesOf } from './pull-request-api.ts';
import { type Addition, sameName } from './pull-request-step.ts';

/** Adds the labels that a pull request lacks, in one call; GitHub makes those that the repository does not have. Takes none away. */
export async function addLabels(
  { ports, repository, pull }: Addition,
  wanted: readonly string[],
): Promise<readonly string[]> {
  const labels = wanted.filter((label) => !pull.labels.some((one) => sameName(one, label)));
  if (labels.length === 0) return [];
  const issue = { ...namesOf(repository), issue_number: pull.number };
  await ports.github.request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', { ...issue, labels });
  return [];
}
