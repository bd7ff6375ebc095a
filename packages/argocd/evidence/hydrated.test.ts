import { SluiceError } from '@sluice/core/errors';
import type { Repository } from '@sluice/gitops/git/repository';
import { describe, expect, it } from 'vitest';
import { parseApplication } from '../observation.ts';
import { dryRevision } from './hydrated.ts';

const [dry, rendered, merged] = ['d', 'a', 'b'].map((digit) => digit.repeat(40));

const no = () => Promise.reject(new SluiceError('internal', 'internal-error', 'not asked in this test'));

/** A repository whose commits hold these files. */
const repositoryWith = (files: Readonly<Record<string, string>>): Repository => ({
  ...{ url: 'https://git.example/acme/gitops', defaultBranch: no, relation: no },
  ...{ commitsBetween: no, history: no },
  resolve: async (ref) => ref,
  snapshot: async (commit) => ({
    ...{ commit, list: no },
    read: async (paths) => new Map(Object.entries(files).filter(([path]) => paths.includes(path))),
  }),
});

const observed = {
  takenAt: 0,
  application: parseApplication({
    metadata: { name: 'web' },
    spec: { sourceHydrator: { syncSource: { targetBranch: 'environments/dev', path: 'web' } } },
    status: { sourceHydrator: { lastSuccessfulOperation: { drySHA: dry, hydratedSHA: rendered } } },
  }),
};

const noted = (drySha: string, repoURL = 'https://git.example/acme/gitops.git'): string =>
  JSON.stringify({ drySha, repoURL });

describe('the commit that people made, of a rendered one', () => {
  it('is what the hydrator says of its last', async () => {
    expect(await dryRevision(rendered ?? '', observed, { repository: repositoryWith({}) })).toBe(dry);
  });

  it.each([
    ['its folder', { 'web/hydrator.metadata': noted('1'), 'hydrator.metadata': noted('2') }, '1'],
    ['its branch', { 'hydrator.metadata': noted('2') }, '2'],
    [
      'its branch, where its folder names none',
      { 'web/hydrator.metadata': '{"commands":[]}', 'hydrator.metadata': noted('2') },
      '2',
    ],
    [
      'its branch, where its folder was made of another repository',
      { 'web/hydrator.metadata': noted('1', 'https://git.example/other'), 'hydrator.metadata': noted('2') },
      '2',
    ],
  ])('of a merge is what is noted in %s', async (_, files, expected) => {
    expect(await dryRevision(merged ?? '', observed, { repository: repositoryWith(files) })).toBe(expected);
  });

  it.each([
    {},
    { 'hydrator.metadata': 'no JSON' },
    { 'hydrator.metadata': noted('2', 'https://git.example/other') },
  ])('cannot be told of %j', async (files) => {
    const found = await dryRevision(merged ?? '', observed, { repository: repositoryWith(files) });
    expect(found).toHaveProperty('unavailable', expect.stringContaining('hydrator.metadata'));
  });
});
