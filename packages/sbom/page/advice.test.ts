import { describe, expect, it } from 'vitest';
import type { ScanInput } from '../decide/types.ts';
import { decided, match, report } from '../test-decision.ts';
import { scanOutcome } from './outcome.ts';

const high = match('GHSA-1', 'qs', 7.5);
const low = match('GHSA-2', 'ws', 3.1);
const old = (id: string, line: number) => ({
  ...{ id, line, reason: 'never called', expires: '2026-01-01', file: '.github/sluice-allow.yml' },
});
const unmatched = [{ component: 'x', why: 'no-version', file: 'a' }] as const;

const told = (matches: Parameters<typeof decided>[0], given: Partial<ScanInput>) => {
  const { verdict, reason, summary, hint, page } = scanOutcome(report(decided(matches, given)), '');
  return { said: `${verdict} (${reason})`, summary, hint, page };
};

describe('what to do about an entry of the allow-list that has expired', () => {
  it('nothing needs it: remove it', () => {
    expect(told([], { allow: [old('GHSA-1', 3)], unmatched })).toMatchObject({
      said: 'could-not-scan (expired-allowance)',
      summary:
        'shop 1.4.2 has no known vulnerability, and 1 allowance has expired; 1 component could not be looked up: .github/sluice-allow.yml:3: GHSA-1 was allowed to 2026-01-01: "never called".',
      hint: 'Nothing needs line 3 of .github/sluice-allow.yml: remove the entry.',
    });
  });

  it('it names what counts: a later date, and no second entry', () => {
    const { said, hint, page } = told([high], { allow: [old('GHSA-1', 3)] });
    expect(said).toBe('vulnerable (at-threshold)');
    expect(hint).toBe(
      'Update the packages to a fixed version. Where the reason still holds, give line 3 of .github/sluice-allow.yml a later date.',
    );
    expect(page).not.toContain('- id:');
  });

  it('others count as well: those can be allowed', () => {
    const { hint, page } = told([high, match('GHSA-3', 'ms', 7.2)], { allow: [old('GHSA-1', 3)] });
    expect(hint).toMatch(/line 3 of \S+ a later date\. What else has to stay can be allowed in /);
    expect(page).toContain('- id: GHSA-3\n  package: ms');
  });

  it('others are needed by nothing: remove those', () => {
    const allow = [old('GHSA-1', 3), old('GHSA-8', 9), old('GHSA-9', 15)];
    expect(told([high], { allow }).hint).toMatch(
      /a later date\. Nothing needs lines 9, 15 of \.github\/sluice-allow\.yml: remove the entries\.$/,
    );
  });

  it('what it names does not count by itself: remove it, or a later date', () => {
    expect(told([low], { allow: [old('GHSA-2', 3)] })).toMatchObject({
      said: 'vulnerable (expired-allowance)',
      hint: 'What line 3 of .github/sluice-allow.yml allowed does not count by itself: remove the entry; or, where the reason still holds, give it a later date.',
    });
  });
});
