import { expect, test } from 'vitest';
import type { SmokeEnd } from './builders/types.ts';
import { decide } from './decide.ts';
import type { ScanStage, Stages } from './stages.ts';
import { scanned } from './test-stages.ts';

const built: Stages = { builder: 'docker', build: { type: 'built', ms: 1 }, smoke: [] };
const smoke = (...ends: SmokeEnd[]) => ({
  smoke: ends.map((end, at) => ({ command: `/c${at}`, end, ms: 1 })),
});
const ended = (code: number | undefined): SmokeEnd => ({ type: 'ended', code, lines: [] });
const end = (type: SmokeEnd['type']): SmokeEnd => ({ type, lines: [] });
const scan = (verdict: 'clean' | 'vulnerable' | 'could-not-scan') => ({ scan: scanned(verdict) });
const noScan: { scan: ScanStage } = { scan: { type: 'failed', message: 'x', hint: '' } };
const failure = (reason: 'build-failed' | 'base-image-not-reached' | 'builder-failed') => ({
  build: { type: 'failed', failure: { reason, words: 'x' }, place: undefined, lines: [], ms: 1 } as const,
});
const sbom = (lacks: boolean) => ({
  sbom: { file: 'f', source: 's', cautions: [], lacksSystem: lacks ? 'are elsewhere' : undefined },
});
const reference = 'r.example/a:pr-1';
const leftOut = { push: { type: 'left-out', reference, words: 'x' } as const };

test.each([
  ['built, and nothing else asked for', {}, 'passed', 'all-passed'],
  ['all commands ended well', smoke(ended(0), ended(0)), 'passed', 'all-passed'],
  ['clean', scan('clean'), 'passed', 'all-passed'],
  [
    'all but the push, which a dry run leaves out',
    { ...smoke(ended(0)), ...leftOut },
    'passed',
    'all-passed',
  ],
  ['no build', failure('build-failed'), 'failed', 'build-failed'],
  [
    'a base image that is away',
    failure('base-image-not-reached'),
    'could-not-tell',
    'base-image-not-reached',
  ],
  ['a builder that fails', failure('builder-failed'), 'could-not-tell', 'builder-failed'],
  ['one command that fails among good ones', smoke(ended(0), ended(1), ended(0)), 'failed', 'smoke-failed'],
  ['one that a signal ended', smoke(ended(undefined)), 'failed', 'smoke-failed'],
  ['one that cannot be started', smoke(end('not-started')), 'failed', 'smoke-not-started'],
  ['one that hangs', smoke(end('timed-out')), 'failed', 'smoke-timed-out'],
  ['one that takes too much', smoke(end('memory')), 'failed', 'smoke-memory'],
  ['one that could not be run', smoke(ended(0), end('not-run')), 'could-not-tell', 'smoke-not-run'],
  [
    'one that failed after one that could not be run',
    smoke(end('not-run'), ended(1)),
    'failed',
    'smoke-failed',
  ],
  ['a finding', { ...smoke(ended(0)), ...scan('vulnerable') }, 'failed', 'vulnerability-found'],
  [
    'a finding, and a command that could not be run',
    { ...smoke(end('not-run')), ...scan('vulnerable') },
    'failed',
    'vulnerability-found',
  ],
  [
    'a finding, and a command that fails',
    { ...smoke(ended(2)), ...scan('vulnerable') },
    'failed',
    'smoke-failed',
  ],
  ['no scan', scan('could-not-scan'), 'could-not-tell', 'not-scanned'],
  ['a scan that broke', noScan, 'could-not-tell', 'not-scanned'],
  ['a command that fails, and no scan', { ...smoke(ended(2)), ...noScan }, 'failed', 'smoke-failed'],
  ['a clean part of an image', { ...scan('clean'), ...sbom(true) }, 'could-not-tell', 'sbom-incomplete'],
  [
    'a finding in a part of an image',
    { ...scan('vulnerable'), ...sbom(true) },
    'failed',
    'vulnerability-found',
  ],
  [
    'a push that failed',
    { push: { type: 'failed', reference, words: 'x', lines: [] } },
    'could-not-tell',
    'not-pushed',
  ],
  [
    'another digest in the registry',
    { push: { type: 'differs', reference, words: 'x' } },
    'could-not-tell',
    'digest-differs',
  ],
  [
    'pushed',
    { push: { type: 'pushed', reference, repository: 'r.example/a', digest: 'sha256:1', ms: 1 } },
    'passed',
    'all-passed',
  ],
] satisfies [string, Partial<Stages>, string, string][])('%s', (_, more, verdict, reason) => {
  const decision = decide({ ...built, ...more });
  expect(decision).toMatchObject({ verdict, reason });
  expect(decision.ok).toBe({ passed: 'true', failed: 'false', 'could-not-tell': 'unknown' }[verdict]);
});
