const word = `[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?`;
const key = `(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?/)?${word}`;
const requirements = [
  String.raw`!?\s*${key}`,
  String.raw`${key}\s*(?:=|==|!=)\s*(?:${word})?`,
  String.raw`${key}\s*[<>]\s*-?\d+`,
  String.raw`${key}\s+(?:in|notin)\s*\(\s*(?:${word})?(?:\s*,\s*(?:${word})?)*\s*\)`,
].map((one) => new RegExp(`^${one}$`));

/**
 * Throws where Argo CD would refuse it: the grammar of Kubernetes' label selectors.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function isLabelSelector(selector: string): void {
  if (selector === '') return;
  // A comma within brackets is between values.
  const wrong = selector
    .split(/,(?![^()]*\))/)
    .map((one) => one.trim())
    .find((one) => !requirements.some((pattern) => pattern.test(one)));
  if (wrong === undefined) return;
  throw new Error(
    'allowed: labels as `kubectl get -l` takes them: team=pay, team in (pay, web), team, !team; with commas between them',
  );
}
