import { describe, expect, test } from 'vitest';
import { olderBuild, type Standing } from './outdated-build.ts';

describe('the build', () => {
  const [A, B] = ['a'.repeat(40), 'b'.repeat(40)];
  const facts = (revision?: string, created?: string, source = 'https://github.com/acme/app') => ({
    labels: {
      'org.opencontainers.image.source': source,
      ...(revision !== undefined && { 'org.opencontainers.image.revision': revision }),
    },
    created,
  });
  const [EARLY, LATE] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'];
  const saying = (standing: Standing | undefined) => async () => standing;

  test.each<[string, ReturnType<typeof facts>, ReturnType<typeof facts>, Standing | undefined, RegExp]>([
    [
      'from a commit that the other contains',
      facts(B, EARLY),
      facts(A, LATE),
      'contained',
      /from aaaaaaa, .* later bbbbbbb/,
    ],
    [
      'earlier',
      facts(undefined, LATE),
      facts(undefined, EARLY),
      undefined,
      /2026-01-01T00:00:00Z, .* 2026-01-02T00:00:00Z/,
    ],
    ['earlier, of commits nobody can compare', facts(B, LATE), facts(A, EARLY), undefined, /it was built on/],
    ['earlier, on another branch', facts(B, LATE), facts(A, EARLY), 'unrelated', /it was built on/],
    ['earlier, of what is no commit', facts('main', LATE), facts('main', EARLY), 'newer', /it was built on/],
  ])('is older: %s', async (_, found, wanted, standing, why) => {
    expect(await olderBuild(found, wanted, saying(standing))).toMatch(why);
  });

  test.each<[string, ReturnType<typeof facts>, ReturnType<typeof facts>, Standing | undefined]>([
    ['from a later commit, though built earlier', facts(A, LATE), facts(B, EARLY), 'newer'],
    ['from the same commit, built earlier', facts(A, LATE), facts(A, EARLY), 'contained'],
    ['from the same branch, built later', facts('main', EARLY), facts('main', LATE), undefined],
    ['later', facts(undefined, EARLY), facts(undefined, LATE), undefined],
    ['at the same time', facts(undefined, EARLY), facts(undefined, EARLY), undefined],
    ['at a time that nobody knows', facts(undefined, LATE), facts(), undefined],
    [
      'at a time that no build has',
      facts(undefined, LATE),
      facts(undefined, '1970-01-01T00:00:00Z'),
      undefined,
    ],
    ['from another repository', facts(B), facts(A, undefined, 'https://github.com/acme/b'), 'contained'],
  ])('is not older: %s', async (_, found, wanted, standing) => {
    expect(await olderBuild(found, wanted, saying(standing))).toBeUndefined();
  });
});
