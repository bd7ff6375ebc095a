import { type ErrorCode, type ErrorKind, SluiceError } from '@sluice/core/errors';
import type { Package, Scan } from '@sluice/sbom/types';
import { describe, expect, it } from 'vitest';
import { lookUpTogether } from './look-up.ts';

const pack = (name: string, file: string, purl = `pkg:npm/${name}@1.0.0`): Package => ({
  ...{ purl, ecosystem: 'npm', name, version: '1.0.0', paths: [[file]], files: [file] },
});
const advisory = { id: 'GHSA-1', aliases: [], summary: '', ratings: [] } as const;

/** Finds `bad`, cannot tell of `odd`, and refuses what holds `evil`. */
function stage(refusal: readonly [ErrorKind, ErrorCode] = ['platform', 'scan-too-large']) {
  const asked: string[] = [];
  const source = async (packages: readonly Package[]): Promise<Scan> => {
    asked.push(packages.map(({ name }) => name).join(' '));
    if (packages.some(({ name }) => name === 'evil')) throw new SluiceError(...refusal, 'Too much.');
    const odd = packages.filter(({ name }) => name === 'odd');
    return {
      ...{ source: 'S', warnings: ['w'], unanswered: odd },
      unmatched: odd.map(({ purl, files }) => ({ component: purl, why: 'no-order', file: files[0] ?? '' })),
      matches: packages
        .filter(({ name }) => name === 'bad')
        .map((one) => ({ package: one, advisory, fixed: [] })),
    };
  };
  return { asked, source };
}

const list = (file: string, names: string): readonly Package[] =>
  names.split(' ').map((name) => pack(name, file));
const shown = (one: Scan | SluiceError) =>
  one instanceof SluiceError
    ? one.code
    : [
        ...one.matches.map(({ package: { files, name } }) => `${name} in ${files[0]}`),
        ...one.unmatched.map(({ component, file }) => `${component} in ${file}`),
      ];

describe('the packages of several SBOMs', () => {
  it('are looked up once, and each gets what is about its own, as it lists them', async () => {
    const { asked, source } = stage();
    const lists = [list('a', 'bad fine'), list('b', 'bad odd'), list('c', 'fine')];
    const answers = await lookUpTogether(lists, source);
    expect(asked).toEqual(['bad fine odd']);
    expect(answers.map(shown)).toEqual([['bad in a'], ['bad in b', 'pkg:npm/odd@1.0.0 in b'], []]);
    expect(answers).toMatchObject([
      { source: 'S', warnings: ['w'], unanswered: [] },
      { unanswered: [{ files: ['b'] }] },
      {},
    ]);
  });

  it('are told apart by the purl too: what one writes oddly is not asked for another', async () => {
    const { asked, source } = stage();
    await lookUpTogether([[pack('bad', 'a', 'pkg:npm/BAD@1.0.0')], list('b', 'bad')], source);
    expect(asked).toEqual(['bad bad']);
  });

  it.each([0, 1, 4])('leave the others their answer where one is refused: the one at %i', async (at) => {
    const { source } = stage();
    const lists = Array.from({ length: 5 }, (_, index) => list(`f${index}`, index === at ? 'evil' : 'bad'));
    const answers = await lookUpTogether(lists, source);
    expect(answers.map(shown)).toEqual(
      lists.map((_, index) => (index === at ? 'scan-too-large' : [`bad in f${index}`])),
    );
  });

  it.each<[ErrorKind, ErrorCode, number]>([
    ['platform', 'osv-unreachable', 1],
    ['input', 'database-broken', 1],
    ['platform', 'osv-unavailable', 11],
  ])('are not asked about again where that is no matter of what is asked: %s %s', async (kind, code, times) => {
    const { asked, source } = stage([kind, code]);
    const lists = Array.from({ length: 40 }, (_, index) => list(`f${index}`, 'evil'));
    const answers = await lookUpTogether(lists, source);
    expect(answers.map(shown)).toEqual(lists.map(() => code));
    expect(asked).toHaveLength(times);
  });

  it('are none where there is no SBOM', async () => {
    const { asked, source } = stage();
    expect(await lookUpTogether([], source)).toEqual([]);
    expect(asked).toEqual([]);
  });
});
