import { expect, test } from 'vitest';
import type { Unmatched } from '../types.ts';
import { unmatchedAdvice } from './unmatched-advice.ts';

const PURL = 'Let the generator of the SBOM write a purl with a version for each component';

test.each<readonly [readonly Unmatched['why'][], string]>([
  [['no-purl'], `${PURL}, or raise \`max-unmatched\``],
  [['no-version', 'unknown-ecosystem'], `${PURL}, or raise \`max-unmatched\``],
  [
    ['no-source'],
    'Let the generator of the SBOM name the source of each package of a distribution, as Syft and Trivy do, or raise `max-unmatched`',
  ],
  [
    ['no-source', 'no-order'],
    `${PURL}, and name the source of each package of a distribution, as Syft and Trivy do, or raise \`max-unmatched\``,
  ],
  [['unknown-ecosystem'], 'What is listed has to be looked at elsewhere; then raise `max-unmatched`'],
])('what to do about %j', (whys, advice) => {
  expect(unmatchedAdvice(whys.map((why) => ({ why })))).toBe(advice);
});
