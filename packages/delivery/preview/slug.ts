/**
 * Characters: of the 63 of a Kubernetes label (RFC 1123), so that a template can put a name before it or behind it.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
 */
const LONGEST = 40;

/**
 * A name for a pull request that Kubernetes and DNS take, whatever its branch is called: `pr-12-feature-x`. The number tells two
 * branches apart that come to the same letters.
 */
export function slugOf(number: number, branch: string): string {
  const letters = branch
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-');
  return `pr-${number}-${letters.replace(/^-/, '')}`.slice(0, LONGEST).replace(/-+$/, '');
}
