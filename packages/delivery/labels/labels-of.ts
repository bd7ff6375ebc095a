import { at, type Json, list } from '@sluice/core/json';

/** The names of the labels of a pull request, as the API and an event have it; undefined where it has no list of them. */
export function labelsOf(pull: Json): readonly string[] | undefined {
  const labels = at(pull, 'labels');
  if (!Array.isArray(labels)) return undefined;
  const names = list(labels).map((label) => at(label, 'name'));
  return names.every((name) => typeof name === 'string') ? names : undefined;
}

/** The number of the pull request that an event is about: its own, or that of the issue which it is. */
export function numberOf(event: Json): number | undefined {
  const pull = at(event, 'pull_request', 'number');
  const issue = at(event, 'issue', 'pull_request') === undefined ? undefined : at(event, 'issue', 'number');
  const number = pull ?? issue;
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
