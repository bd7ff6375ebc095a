import { parseInputs } from '@sluice/core/contract';
import { describe, expect, it } from 'vitest';
import { advisoriesOf } from './advisories.ts';
import { securityInputs } from './inputs.ts';
import { notesOf } from './notes.ts';
import { type SecurityOutcome, securityOutcome, type Trouble } from './outcome.ts';
import type { Scanned } from './scan-targets.ts';
import { expired, finding, seen, target, unseen } from './test-scanned.ts';
import { unmatchedOf } from './unmatched.ts';

const inputs = parseInputs(securityInputs, { INPUT_TOKEN: 't' });

const told = (
  scanned: readonly Scanned[],
  troubles: readonly Trouble[] = [],
  more: Partial<typeof inputs> = {},
): SecurityOutcome =>
  securityOutcome({
    ...{ inputs: { ...inputs, ...more }, scanned, troubles },
    ...{ advisories: advisoriesOf(scanned), notes: notesOf(scanned), unmatched: unmatchedOf(scanned) },
  });

const unread: Trouble = { reason: 'not-scanned', sentence: 'r could not be read.', hint: 'Give a token.' };
const empty: Trouble = { reason: 'no-deployment', sentence: 'r has no active Deployment.' };
const low = finding('GHSA-low', { severity: 'low', blocking: false });
const bad = seen('bad', [finding('GHSA-1')]);
const good = seen('good', []);
const unmatched = seen('odd', [], {
  ...{ verdict: 'could-not-scan', reason: 'too-many-unmatched' },
  unmatched: [{ component: 'x', why: 'no-purl', file: 'f' }],
});

describe('the verdict of all that was scanned', () => {
  it.each<readonly [string, readonly Scanned[], readonly Trouble[], string, string, string]>([
    ['nothing active', [], [], 'could-not-scan', 'unknown', 'no-deployment'],
    ['nothing found in any', [good, good], [], 'clean', 'true', 'nothing-found'],
    [
      'nothing that counts',
      [good, seen('x', [low], { reason: 'none-counts' })],
      [],
      'clean',
      'true',
      'none-counts',
    ],
    ['one of them vulnerable', [good, bad], [], 'vulnerable', 'false', 'at-threshold'],
    ['one without an SBOM', [good, unseen('x', 'no-sbom')], [], 'could-not-scan', 'unknown', 'no-sbom'],
    ['one that was not fetched', [good, unseen('x')], [], 'could-not-scan', 'unknown', 'not-scanned'],
    [
      'one of which too little is known',
      [good, unmatched],
      [],
      'could-not-scan',
      'unknown',
      'too-many-unmatched',
    ],
    ['one vulnerable, one not fetched', [unseen('x'), bad], [], 'vulnerable', 'false', 'at-threshold'],
    ['a repository that was not read', [good], [unread], 'could-not-scan', 'unknown', 'not-scanned'],
    [
      'a repository in which nothing is active',
      [good],
      [empty],
      'could-not-scan',
      'unknown',
      'no-deployment',
    ],
    ['no repository that was read', [], [unread], 'could-not-scan', 'unknown', 'not-scanned'],
    [
      'one exploited among others',
      [bad, seen('x', [finding('GHSA-2')], { reason: 'exploited' })],
      [],
      'vulnerable',
      'false',
      'exploited',
    ],
  ])('%s', (_, scanned, troubles, verdict, ok, reason) => {
    expect(told(scanned, troubles)).toMatchObject({ verdict, ok, reason });
  });

  it('says what could not be scanned, whatever else was found', () => {
    const { summary, page, hint } = told(
      [bad, unseen('ledger')],
      [{ ...unread, sentence: 'acme/x could not be read.' }],
    );
    expect(summary).toBe(
      '2 active Deployments in production have 1 vulnerability that counts: GHSA-1 in bad in production. acme/x could not be read. 1 could not be scanned: ledger in production: It could not be fetched.',
    );
    expect(page).toContain('ledger in production: It could not be fetched.');
    expect(hint).toMatch(/^Update the packages .* with a reason and a date\. Give a token\.$/);
  });

  it('says that not all of something vulnerable was looked up', () => {
    const component = { component: 'pkg:x/y@1', why: 'unknown-ecosystem', file: 'f' } as const;
    const partly = seen('odd', [finding('GHSA-1')], { isWhole: false, unmatched: [component, component] });
    const { summary, page, result } = told([partly], [], { 'max-unmatched': 1 });
    const why = 'odd in production: 2 components could not be looked up, and `max-unmatched` is 1.';
    expect(summary).toBe(
      `1 active Deployment in production has 1 vulnerability that counts: GHSA-1 in odd in production. 1 could not be looked up as a whole: ${why}`,
    );
    expect(page).toContain('could not be looked up, and \\`max-unmatched\\` is 1');
    expect(result.deployments).toMatchObject([{ verdict: 'vulnerable', sentence: why, unmatched: 2 }]);
  });

  it.each<readonly [string, readonly Scanned[], readonly Trouble[], string]>([
    ['no Deployment is active', [], [], 'Check `environment` and `deployment-repositories`'],
    ['a repository could not be read', [good, unseen('x')], [unread], 'Give a token.'],
    ['too much could not be looked up', [good, unmatched], [], 'or raise `max-unmatched`'],
    [
      'an SBOM lists nothing',
      [seen('x', [], { verdict: 'could-not-scan', reason: 'nothing-to-scan', isWhole: false })],
      [],
      'Check that the SBOM is that of what was built',
    ],
  ])('says what to do where %s', (_, scanned, troubles, hint) => {
    expect(told(scanned, troubles).hint).toContain(hint);
  });

  it('has no number where nothing was scanned', () => {
    expect(told([unseen('x')]).outputs).toEqual({ findings: '', unmatched: '', issues: '' });
    expect(told([good]).outputs).toEqual({ findings: '0', unmatched: '0', issues: '' });
  });
});

describe('an allowance that has expired', () => {
  const overdue = (name: string, ...problems: ReturnType<typeof expired>[]): Scanned =>
    seen(name, [], { verdict: 'could-not-scan', reason: 'expired-allowance', problems });

  it('and that nothing needs hides nothing: what was found is said, and what to do', () => {
    const { verdict, reason, summary, hint, result, page } = told([
      overdue('a', expired('CVE-9')),
      overdue('b', expired('CVE-9')),
    ]);
    expect({ verdict, reason }).toEqual({ verdict: 'could-not-scan', reason: 'expired-allowance' });
    expect(summary).toBe(
      '2 active Deployments in production have no known vulnerability, and 1 allowance has expired: allow.yml:3: CVE-9 was allowed to 2026-01-01: "no harm".',
    );
    expect(hint).toBe('Nothing needs line 3 of allow.yml: remove the entry.');
    expect(result).toMatchObject({
      deployments: [
        { verdict: 'clean', reason: 'nothing-found', sentence: '' },
        { verdict: 'clean', reason: 'nothing-found', sentence: '' },
      ],
      problems: [expect.stringMatching(/^allow\.yml:3: CVE-9/)],
    });
    expect(page).toContain('The verdict is `could-not-scan`: this is not `clean`.');
    expect(page).not.toContain('| could-not-scan |');
  });

  it('and that one Deployment needs is no obstacle in another', () => {
    const found = finding('GHSA-1', { aliases: ['CVE-9'] });
    const { summary, hint } = told([
      seen('a', [found], { problems: [expired('CVE-9', [found])] }),
      overdue('b', expired('CVE-9')),
    ]);
    expect(summary).toBe(
      '2 active Deployments in production have 1 vulnerability that counts: GHSA-1 in a in production; 1 allowance has expired: allow.yml:3: CVE-9 was allowed to 2026-01-01: "no harm".',
    );
    expect(hint).toBe(
      'Update the packages to a fixed version, and deploy. Where the reason still holds, give line 3 of allow.yml a later date.',
    );
  });

  it('and hid what does not count is said with its line', () => {
    const problems = [expired('GHSA-low', [low]), expired('CVE-9', [], 8)];
    const { verdict, summary, hint } = told([
      seen('a', [low], { verdict: 'vulnerable', reason: 'expired-allowance', problems }),
    ]);
    expect(verdict).toBe('vulnerable');
    expect(summary).toMatch(/has 2 allowances that have expired: allow\.yml:3: GHSA-low was allowed/);
    expect(hint).toMatch(/^What line 3 of allow\.yml allowed .* Nothing needs line 8 of allow\.yml: remove/);
  });

  it('is called needless only where all was looked at', () => {
    const { hint } = told([bad, overdue('b', expired('CVE-9')), unseen('c')]);
    expect(hint).not.toContain('Nothing needs');
    expect(told([overdue('b', expired('CVE-9')), unseen('c')])).toMatchObject({ reason: 'not-scanned' });
  });
});

describe('what could not be looked up', () => {
  const log = { component: 'pkg:x/log@1', why: 'unknown-ecosystem', file: 'f' } as const;
  const zlib = { component: 'zlib <1>', why: 'no-purl', file: 'f' } as const;
  const scanned = [seen('a', [], { unmatched: [log, zlib] }), seen('b', [], { unmatched: [log] })];

  it('is counted where all else is clean, and listed with why and where, each once', () => {
    const { verdict, summary, outputs, result, page } = told(scanned);
    expect(verdict).toBe('clean');
    expect(summary).toBe(
      '2 active Deployments in production have no known vulnerability; 2 components could not be looked up.',
    );
    expect(outputs).toMatchObject({ unmatched: '2' });
    expect(result.unmatched).toEqual([
      { component: 'pkg:x/log@1', why: 'unknown-ecosystem', where: ['a in production', 'b in production'] },
      { component: 'zlib <1>', why: 'no-purl', where: ['a in production'] },
    ]);
    expect(page).toContain('  - `pkg:x/log@1` in `a in production` and 1 more');
    expect(page).toContain('- 1 component with no purl\n  - `zlib <1>` in `a in production`');
  });

  it('is shown as far as anybody reads', () => {
    const many = Array.from({ length: 30_000 }, (_, at) => ({
      ...zlib,
      component: `${'x'.repeat(300)}${at}`,
    }));
    const { page, result } = told([seen('a', [], { unmatched: many })]);
    expect(page.length).toBeLessThan(20_000);
    expect(JSON.stringify(result).length).toBeLessThan(40_000);
    expect(page).toContain('  - … and 29,975 more');
  });
});

describe('what is to be known beside it', () => {
  const unused = { file: 'allow.yml', line: 3, message: 'was not used' };
  const noted = (name: string, warnings: readonly (typeof unused | string)[]): Scanned =>
    seen(name, [], { warnings });

  it.each([
    [
      'an entry that no SBOM used',
      [noted('a', [unused]), noted('b', [unused])],
      ['allow.yml:3: was not used'],
    ],
    ['an entry that one of them used', [noted('a', [unused]), noted('b', [])], []],
    ['an entry that may be for what was not scanned', [noted('a', [unused]), unseen('b')], []],
    ['what a source says, once', [noted('a', ['old']), noted('b', ['old']), good], ['old']],
  ])('%s', (_, scanned, warnings) => {
    expect(told(scanned).result.warnings).toEqual(warnings);
  });
});

it('a result holds what an output holds, and says what it leaves out', () => {
  const many = Array.from({ length: 3000 }, (_, at) =>
    seen(`p${at} ${'x'.repeat(200)}`, [finding(`GHSA-${at}`)]),
  );
  const { result, page } = told([...many, unseen('last')]);
  expect(JSON.stringify(result).length).toBeLessThan(400_000);
  expect(result).toMatchObject({ omittedDeployments: 2851, deployments: { 0: { project: 'last' } } });
  expect(page.length).toBeLessThan(100_000);
});

it('the result has the address of an SBOM without what may be a signature', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const signed = target('a', { sbom: { url: 'https://a.example/s.json?X-Amz-Signature=5ec#x', digest } });
  const { result } = told([{ ...seen('a', []), target: signed }]);
  expect(result).toMatchObject({ deployments: [{ sbom: { url: 'https://a.example/s.json', digest } }] });
});
