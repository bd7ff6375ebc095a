import { parseInputs } from '@sluice/core/contract';
import { describe, expect, it } from 'vitest';
import { advisoriesOf } from './advisories.ts';
import { securityInputs } from './inputs.ts';
import { type SecurityOutcome, securityOutcome } from './outcome.ts';
import type { Scanned } from './scan-targets.ts';
import { finding, seen, unseen } from './test-scanned.ts';

const inputs = parseInputs(securityInputs, { INPUT_TOKEN: 't' });

const told = (scanned: readonly Scanned[], troubles: readonly string[] = []): SecurityOutcome =>
  securityOutcome({ inputs, scanned, advisories: advisoriesOf(scanned), troubles });

const low = finding('GHSA-low', { severity: 'low', blocking: false });
const bad = seen('bad', [finding('GHSA-1')]);
const good = seen('good', []);
const unmatched = seen('odd', [], { verdict: 'could-not-scan', reason: 'too-many-unmatched' });

describe('the verdict of all that was scanned', () => {
  it.each<readonly [string, readonly Scanned[], readonly string[], string, string, string]>([
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
    [
      'a repository that was not read',
      [good],
      ['r could not be read.'],
      'could-not-scan',
      'unknown',
      'not-scanned',
    ],
    ['no repository that was read', [], ['r could not be read.'], 'could-not-scan', 'unknown', 'not-scanned'],
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
    const { summary, page } = told([bad, unseen('ledger')], ['acme/x could not be read.']);
    expect(summary).toBe(
      '2 active Deployments in production have 1 vulnerability that counts, first GHSA-1 in bad in production. 1 could not be scanned: acme/x could not be read.',
    );
    expect(page).toContain('ledger in production: It could not be fetched.');
  });

  it('has no number where nothing was scanned', () => {
    expect(told([unseen('x')]).outputs).toEqual({ findings: '', unmatched: '', issues: '' });
    expect(told([good]).outputs).toEqual({ findings: '0', unmatched: '0', issues: '' });
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
