import { systemClock } from '@sluice/core/clock';
import { readContext } from '@sluice/core/context';
import { parseInputs } from '@sluice/core/contract';
import { silentLog } from '@sluice/core/log';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../bump/bump-plan.ts';
import type { Change, Edit } from '../change.ts';
import type { CommitInfo, Repository, Snapshot } from '../git/repository.ts';
import { bumpInputs } from '../inputs.ts';
import { createOutdatedGuard } from './outdated.ts';
import { overtakenBy } from './outdated-record.ts';

describe('the record', () => {
  const path = 'values.yaml';
  const edit: Edit = { place: { type: 'value', document: 0, path: 'tag' }, from: 'new', to: 'old' };
  const key = { project: 'shop', environment: 'production' };
  const ours: Change = {
    schema: 'sluice.change.v1',
    ...{ repository: 'https://github.com/acme/gitops', branch: 'main', commit: 'head', base: 'head' },
    ...key,
    run: 'acme/app/100/1',
    files: [{ path, edits: [edit] }],
  };
  const trailers = (run: string, more: Record<string, string> = {}) =>
    Object.entries({
      ...{ 'Sluice-Project': 'shop', 'Sluice-Environment': 'production', 'Sluice-Run': run },
      ...more,
    })
      .filter(([, text]) => text !== '')
      .map(([name, text]) => `${name}: ${text}`)
      .join('\n');

  /** `tags`: what the file says after each commit, oldest first, with the trailers of that commit. */
  async function asked(commits: readonly (readonly [tag: string, message: string])[], change = ours) {
    const history: CommitInfo[] = commits.map(([, message], index) => ({
      ...{ sha: `c${index}`, author: 'a', date: 0, message: `Deploy\n\n${message}` },
      parents: index === 0 ? [] : [`c${index - 1}`],
    }));
    const snapshot = async (sha: string): Promise<Snapshot> => ({
      commit: sha,
      list: async () => [],
      read: async () => new Map([[path, `tag: ${commits[Number(sha.slice(1))]?.[0]}\n`]]),
    });
    const port = { history: async () => history.toReversed(), snapshot };
    return overtakenBy(port, change, [{ path, edit }]);
  }

  test('of a newer run that set the value in place is evidence, whatever came after in other places', async () => {
    expect(
      await asked([
        ['old', ''],
        ['new', trailers('acme/app/101/1')],
        ['new', ''],
      ]),
    ).toMatchObject({
      run: 'acme/app/101/1',
      commit: { sha: 'c1' },
    });
  });

  test('of a run without project, environment and tenant counts for runs without them', async () => {
    const { project, environment, ...bare } = ours;
    const commits = [
      ['old', ''],
      ['new', 'Sluice-Run: acme/app/101/1'],
    ] as const;
    expect(await asked(commits, bare)).toMatchObject({ run: 'acme/app/101/1' });
    expect(await asked(commits)).toBeUndefined();
  });

  test.each<[string, string, string]>([
    ['an older run', trailers('acme/app/99/1'), 'new'],
    ['this very run', trailers('acme/app/100/1'), 'new'],
    ['another repository', trailers('acme/other/101/1'), 'new'],
    ['another project', trailers('acme/app/101/1', { 'Sluice-Project': 'cart' }), 'new'],
    ['another environment', trailers('acme/app/101/1', { 'Sluice-Environment': 'staging' }), 'new'],
    ['a tenant', trailers('acme/app/101/1', { 'Sluice-Tenant': 'one' }), 'new'],
    ['a person', '', 'new'],
    ['a newer run that set another value', trailers('acme/app/101/1'), 'other'],
  ])('of %s is none', async (_, message, tag) => {
    expect(
      await asked([
        ['old', ''],
        [tag, message],
      ]),
    ).toBeUndefined();
  });

  test('of a newer run that changed something else in the file is none', async () => {
    expect(
      await asked([
        ['new', ''],
        ['new', trailers('acme/app/101/1')],
      ]),
    ).toBeUndefined();
  });

  test('tells nothing to a run that has no name', async () => {
    const { run, ...nameless } = ours;
    expect(
      await asked(
        [
          ['old', ''],
          ['new', trailers('acme/app/101/1')],
        ],
        nameless,
      ),
    ).toBeUndefined();
  });
});

describe('the guard', () => {
  const digest = `sha256:${'d'.repeat(64)}`;
  const planned = (from: string): Plan => ({
    change: {
      schema: 'sluice.change.v1',
      ...{ repository: 'https://github.com/acme/gitops', branch: 'main', commit: 'c1', base: 'c1' },
      run: 'acme/app/100/1',
      files: [
        { path: 'a.yaml', edits: [{ place: { type: 'value', document: 0, path: 'tag' }, from, to: 'old' }] },
      ],
    },
    ...{ digest, decision: { type: 'write' }, files: [], executable: new Set(), images: [], missing: [] },
    ...{ problems: [], skipped: [], warnings: [], sources: [] },
  });

  /** A branch whose last commit set `tag: new`, by the given run; `asked` counts the looks at it. */
  async function guarded(run: string, inputs: Record<string, string> = {}) {
    const commits: CommitInfo[] = ['c1', 'c0'].map((sha, index) => ({
      ...{ sha, author: 'a', date: 0, message: index === 0 ? `x\n\nSluice-Run: ${run}` : '' },
      parents: index === 0 ? ['c0'] : [],
    }));
    let asked = 0;
    const never = () => Promise.reject(new Error('not asked for'));
    const repository: Repository = {
      ...{ url: '', resolve: never, defaultBranch: never, relation: never, commitsBetween: never },
      history: async () => {
        asked += 1;
        return commits;
      },
      snapshot: async (commit) => ({
        commit,
        list: never,
        read: async () => new Map([['a.yaml', `tag: ${commit === 'c1' ? 'new' : 'older'}\n`]]),
      }),
    };
    const context = readContext({});
    const world = {
      ...{ env: {}, fetch: never, clock: systemClock, log: silentLog, context },
      signal: new AbortController().signal,
    };
    const github = { request: never, graphql: never, token: never };
    const given = parseInputs(bumpInputs, { INPUT_SET: 'a.yaml tag=old', ...inputs });
    const guard = createOutdatedGuard(given, world, { repository, github });
    return {
      asked: () => asked,
      decide: async (from: string) => (await guard(planned(from))).decision,
    };
  }

  test('refuses each time that it is asked, and says who was faster', async () => {
    const { decide } = await guarded('acme/app/101/1');
    const refusal = {
      type: 'refused',
      reason: 'outdated',
      why: 'a.yaml, tag: old is older than new, which the newer run acme/app/101/1 set with c1',
    };
    expect(await decide('new')).toMatchObject(refusal);
    expect(await decide('new')).toMatchObject(refusal);
  });

  test('looks at a value once, and again when another one stands there', async () => {
    const { decide, asked } = await guarded('acme/app/99/1');
    for (const from of ['new', 'new', 'new']) expect(await decide(from)).toEqual({ type: 'write' });
    expect(asked()).toBe(1);
    await decide('newer');
    expect(asked()).toBe(2);
  });

  test('looks each time where there are two branches, that of the pull request and its base', async () => {
    const { decide, asked } = await guarded('acme/app/99/1', { INPUT_COMMIT: 'pull-request' });
    await decide('new');
    await decide('new');
    expect(asked()).toBe(2);
  });

  test('does not look where it is allowed to go back', async () => {
    const { decide, asked } = await guarded('acme/app/101/1', { 'INPUT_ALLOW-DOWNGRADE': 'true' });
    expect(await decide('new')).toEqual({ type: 'write' });
    expect(asked()).toBe(0);
  });
});
