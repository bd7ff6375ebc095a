import type { Change } from '@sluice/gitops/change';
import type { CommitInfo, Repository } from '@sluice/gitops/git/repository';
import { describe, expect, test } from 'vitest';
import { findOverwrites } from './overwrites.ts';

interface State {
  readonly api: string;
  readonly web: string;
  readonly message: string;
  readonly author: string;
}

const sha = (index: number): string => String(index).padStart(40, '0');
const never = () => Promise.reject(new Error('not asked for'));

/** A branch of such states, one a commit; the first is ours. `read` counts the commits that were looked at. */
function branch(states: readonly State[], parents = (index: number) => [sha(index - 1)]) {
  const read = new Set<string>();
  const commits = states.map(
    ({ author, message }, index): CommitInfo => ({
      ...{ sha: sha(index), author, date: index, message },
      parents: index === 0 ? [] : parents(index),
    }),
  );
  const repository: Repository = {
    url: 'https://git.example/gitops',
    resolve: never,
    defaultBranch: never,
    relation: never,
    history: never,
    snapshot: async (commit) => ({
      commit,
      list: never,
      read: async () => {
        read.add(commit);
        const { api = '', web = '' } = states[Number(commit)] ?? {};
        const values = Object.entries({ api, web });
        return new Map(
          values.map(([name, tag]) => [`${name}.yaml`, `image: { repository: ${name}, tag: "${tag}" }\n`]),
        );
      },
    }),
    commitsBetween: async (from, to, _, limit) =>
      commits.slice(Number(from) + 1, Number(to) + 1).slice(0, limit),
  };
  return { repository, read };
}

const edit = (name: string) => ({
  place: { type: 'helm-value', path: 'image.tag', holds: 'tag' } as const,
  from: '1',
  to: '2',
  image: `${name}:2`,
});
const change: Change = {
  schema: 'sluice.change.v1',
  repository: 'https://git.example/gitops',
  branch: 'main',
  base: sha(9999),
  commit: sha(0),
  project: 'shop',
  environment: 'production',
  run: 'acme/app/7/1',
  files: ['api', 'web'].map((name) => ({ path: `${name}.yaml`, edits: [edit(name)] })),
};

const ours: State = { api: '2', web: '2', message: 'ours', author: 'us' };
const trailers = 'Deploy\n\nSluice-Project: shop\nSluice-Environment: production\nSluice-Run: acme/app/8/1';
const newer: State = { api: '3', web: '2', message: trailers, author: 'bot' };
const many = (count: number, state: State): State[] =>
  Array.from({ length: count }, () => ({ ...state, message: 'replicas', author: 'carl' }));

describe('who overwrote the places of a change', () => {
  test('the newest commits are searched: a loss behind a hundred others is found', async () => {
    const back: State = { api: '3', web: '1', message: 'back', author: 'alice' };
    const { repository } = branch([ours, newer, ...many(100, newer), back]);
    expect(await findOverwrites(repository, change, sha(102))).toMatchObject({
      by: [{ author: 'alice', path: 'web.yaml', from: '2', to: '1', newer: false }],
      unexplained: ['api.yaml, image.tag, holds 3, not 2; no commit was found that set it'],
    });
  });

  test('each place has its own last commit, told oldest first', async () => {
    const both: State = { ...newer, web: '0', message: 'by hand', author: 'alice' };
    const { repository } = branch([ours, newer, ...many(3, newer), both]);
    expect(await findOverwrites(repository, change, sha(5))).toMatchObject({
      by: [
        { sha: sha(1), path: 'api.yaml', newer: true },
        { sha: sha(5), path: 'web.yaml', newer: false },
      ],
      unexplained: [],
    });
  });

  test('nothing older is read once every lost place is explained', async () => {
    const { repository, read } = branch([ours, ...many(50, ours), newer]);
    expect(await findOverwrites(repository, change, sha(51))).toMatchObject({ by: [{ newer: true }] });
    expect([...read].sort()).toEqual([sha(50), sha(51)]);
  });

  test('where no commit by its parent took a place, the order of the commits tells', async () => {
    const before: State = { api: '1', web: '2', message: 'one', author: 'us' };
    const { repository } = branch([ours, newer, before], () => [sha(2)]);
    expect(await findOverwrites(repository, change, sha(1))).toMatchObject({
      by: [{ sha: sha(1), newer: true }],
      unexplained: [],
    });
  });

  test('a place that no commit explains is said', async () => {
    const { repository } = branch([
      { ...ours, web: '1' },
      { ...newer, web: '1' },
    ]);
    expect(await findOverwrites(repository, change, sha(1))).toMatchObject({
      by: [{ path: 'api.yaml', newer: true }],
      unexplained: ['web.yaml, image.tag, holds 1, not 2; no commit was found that set it'],
    });
  });

  const squash = `Deploy (#1)\n\n* Deploy\n\nSluice-Project: shop\nSluice-Environment: production\nSluice-Run: acme/app/7/1\n* No`;

  test('our own squash that lost the value is no newer deployment, although it carries our trailers', async () => {
    const states = [ours, { api: '1.9', web: '2', message: squash, author: 'alice' }, { ...ours, api: '1' }];
    const { repository } = branch(states, () => [sha(2)]);
    expect(await findOverwrites(repository, change, sha(1))).toMatchObject({
      by: [{ sha: sha(1), to: '1.9', newer: false }],
      unexplained: [],
    });
  });

  test('a newer deployment that left the place alone explains nothing', async () => {
    const before: State = { ...ours, api: '1' };
    const { repository } = branch([ours, { ...newer, api: '1' }, before], () => [sha(2)]);
    expect(await findOverwrites(repository, change, sha(1))).toEqual({
      by: [],
      unexplained: ['api.yaml, image.tag, holds 1, not 2; no commit was found that set it'],
    });
  });

  test('where a newer deployment left the place alone, the squash after it that set the place is told', async () => {
    const before: State = { ...ours, api: '1' };
    const other = { api: '1.9', web: '2', message: squash, author: 'alice' };
    const parents = (index: number) => [index === 1 ? sha(3) : sha(1)];
    const { repository } = branch([ours, { ...newer, api: '1' }, other, before], parents);
    expect(await findOverwrites(repository, change, sha(2))).toMatchObject({
      by: [{ sha: sha(2), to: '1.9', newer: false }],
      unexplained: [],
    });
  });

  test('a commit whose value does not stand there any more explains nothing', async () => {
    const before: State = { ...ours, api: '1' };
    const merged: State = { ...before, message: 'merge', author: 'alice' };
    const { repository } = branch([ours, newer, merged, before], () => [sha(3)]);
    expect(await findOverwrites(repository, change, sha(2))).toMatchObject({
      by: [],
      unexplained: [expect.stringContaining('holds 1, not 2')],
    });
  });
});
