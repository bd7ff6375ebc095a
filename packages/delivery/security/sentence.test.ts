import { parseInputs } from '@sluice/core/contract';
import { describe, expect, it } from 'vitest';
import { advisoriesOf } from './advisories.ts';
import { securityInputs } from './inputs.ts';
import { notesOf } from './notes.ts';
import { securityOutcome } from './outcome.ts';
import type { Scanned } from './scan-targets.ts';
import { finding, seen, unseen } from './test-scanned.ts';
import { unmatchedOf } from './unmatched.ts';

const address = 'https://a.example/sbom.json';
const given = parseInputs(securityInputs, { INPUT_TOKEN: 't' });

function sentence(scanned: readonly Scanned[], more: Partial<typeof given> = {}): string {
  const inputs = { ...given, ...more };
  const found = { advisories: advisoriesOf(scanned), notes: notesOf(scanned) };
  return securityOutcome({ inputs, scanned, troubles: [], unmatched: unmatchedOf(scanned), ...found })
    .summary;
}

describe('the sentence of all that was scanned', () => {
  it('names the worst, and that it is the first of several', () => {
    const one = finding('GHSA-1');
    expect(sentence([seen('a', [one])])).toMatch(
      /has 1 vulnerability that counts: GHSA-1 in a in production\.$/,
    );
    expect(sentence([seen('a', [one, finding('GHSA-2', { score: 7 })])])).toMatch(
      /has 2 vulnerabilities that count, first GHSA-1 in a in production\.$/,
    );
  });

  it('names the first of several that could not be scanned', () => {
    const why = 'in production: It could not be fetched.';
    expect(sentence([unseen('a')])).toMatch(new RegExp(`told\\. 1 could not be scanned: a ${why}$`));
    expect(sentence([unseen('a'), unseen('b')])).toMatch(
      new RegExp(`2 could not be scanned, first a ${why}$`),
    );
  });

  it('names an address once', () => {
    const target = { ...unseen('a').target, name: address };
    const sbom = { url: address, digest: `sha256:${'a'.repeat(64)}` };
    const why = `${address} could not be fetched.`;
    expect(sentence([{ type: 'unseen', reason: 'not-scanned', target, why }], { sbom })).toBe(
      `Whether the SBOM has vulnerabilities could not be told. ${why}`,
    );
  });
});
