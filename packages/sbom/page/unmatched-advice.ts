import type { Unmatched } from '../types.ts';

/** What to do about more that could not be looked up than `max-unmatched` lets pass, without a full stop. */
export function unmatchedAdvice(unmatched: readonly Pick<Unmatched, 'why'>[]): string {
  const has = (wanted: (why: Unmatched['why']) => boolean): boolean =>
    unmatched.some(({ why }) => wanted(why));
  const parts = [
    ...(has((why) => why !== 'no-source' && why !== 'unknown-ecosystem')
      ? ['write a purl with a version for each component']
      : []),
    ...(has((why) => why === 'no-source')
      ? ['name the source of each package of a distribution, as Syft and Trivy do']
      : []),
  ];
  // Of an ecosystem that nobody looks up here no other purl would help.
  if (parts.length === 0) return 'What is listed has to be looked at elsewhere; then raise `max-unmatched`';
  return `Let the generator of the SBOM ${parts.join(', and ')}, or raise \`max-unmatched\``;
}
