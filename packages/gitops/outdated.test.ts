import { systemClock } from '@sluice/core/clock';
import { readContext } from '@sluice/core/context';
import { parseInputs } from '@sluice/core/contract';
import { silentLog } from '@sluice/core/log';
import { describe, expect, test } from 'vitest';
import type { Plan } from './bump-plan.ts';
import type { Change, Edit, Place } from './change.ts';
import { bumpInputs } from './inputs.ts';
import { createOutdatedGuard } from './outdated.ts';
import { olderBuild, type Standing } from './outdated-build.ts';
import { suspectsOf } from './outdated-places.ts';
import { overtakenBy } from './outdated-record.ts';
import type { CommitInfo, Repository, Snapshot } from './repository.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const NEW = `sha256:${'b'.repeat(64)}`;

const container: Place = {
  ...{ type: 'container', apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop', list: 'containers' },
  container: 'app',
};
const helm = (holds: 'reference' | 'repository' | 'tag' | 'digest'): Place => ({
  ...{ type: 'helm-value', path: `image.${holds}`, holds },
});
const kustomize = (field: 'newName' | 'newTag' | 'digest'): Place => ({
  ...{ type: 'kustomize-image', name: 'shop', field },
});
const value: Place = { type: 'value', document: 0, path: 'version' };

describe('what versions do not tell', () => {
  const version = (reference: string) => ({ repository: 'registry.example/shop', reference });
  const shop = (rest: string) => `registry.example/shop${rest}`;

  test.each<[string, Place, Edit['from'], string, string, string, string]>([
    ['commits', container, shop(':abc'), shop(':def'), shop(':def'), 'abc', 'def'],
    ['a version and a commit', container, shop(':1.2.3'), shop(':def'), shop(':def'), '1.2.3', 'def'],
    ['digests', container, shop(`@${DIGEST}`), shop(`@${NEW}`), shop(`@${NEW}`), DIGEST, NEW],
    ['a tag that moves', container, shop(`:x@${DIGEST}`), shop(`:x@${NEW}`), shop(`:x@${NEW}`), DIGEST, NEW],
    ['no tag', container, shop(''), shop(':def'), shop(':def'), 'latest', 'def'],
    ['tags of a kustomization', kustomize('newTag'), 'abc', 'def', shop(':def'), 'abc', 'def'],
    ['a tag that is a number', helm('tag'), 123, '124', shop(':124'), '123', '124'],
    ['a tag with its digest', helm('tag'), `abc@${DIGEST}`, 'def', shop(':def'), DIGEST, 'def'],
    ['digests of values', helm('digest'), DIGEST, NEW, shop(`@${NEW}`), DIGEST, NEW],
  ])('is %s', (_, place, from, to, image, found, wanted) => {
    const edit = { place, from, to, image };
    expect(suspectsOf({ files: [{ path: 'a.yaml', edits: [edit] }] })).toEqual([
      { path: 'a.yaml', edit, images: { found: version(found), wanted: version(wanted) } },
    ]);
  });

  test('is a text that `set` writes', () => {
    const edit = { place: value, from: 'abc', to: 'def' };
    expect(suspectsOf({ files: [{ path: 'a.yaml', edits: [edit] }] })).toEqual([{ path: 'a.yaml', edit }]);
  });

  test.each<[string, Place, Edit['from'], Edit['to'], string | undefined]>([
    ['two versions', container, shop(':1.2.3'), shop(':1.2.4'), shop(':1.2.4')],
    ['versions with another digest', container, shop(`:1.2.3@${DIGEST}`), shop(':1.2.4'), shop(':1.2.4')],
    ['what is so already', container, shop(':abc'), shop(':abc'), shop(':abc')],
    ['the name of a repository', kustomize('newName'), 'shop', shop(''), shop(':abc')],
    ['the digest beside a version', kustomize('digest'), DIGEST, '', shop(':1.2.4')],
    ['a field that is added', kustomize('newTag'), null, 'abc', shop(':abc')],
    ['versions that `set` writes', value, '1.2.3', '1.2.4', undefined],
    ['a number that `set` writes', value, 2, 3, undefined],
    ['a text that `set` writes where there was none', value, '', 'abc', undefined],
  ])('is not %s', (_, place, from, to, image) => {
    const edit = { place, from, to, ...(image !== undefined && { image }) };
    expect(suspectsOf({ files: [{ path: 'a.yaml', edits: [edit] }] })).toEqual([]);
  });
});

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

describe('the build', () => {
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
      facts('bbb', EARLY),
      facts('aaa', LATE),
      'contained',
      /from aaa, .* later bbb/,
    ],
    [
      'earlier',
      facts(undefined, LATE),
      facts(undefined, EARLY),
      undefined,
      /2026-01-01T00:00:00Z, .* 2026-01-02T00:00:00Z/,
    ],
    [
      'earlier, of commits nobody can compare',
      facts('bbb', LATE),
      facts('aaa', EARLY),
      undefined,
      /it was built on/,
    ],
    ['earlier, on another branch', facts('bbb', LATE), facts('aaa', EARLY), 'unrelated', /it was built on/],
  ])('is older: %s', async (_, found, wanted, standing, why) => {
    expect(await olderBuild(found, wanted, saying(standing))).toMatch(why);
  });

  test.each<[string, ReturnType<typeof facts>, ReturnType<typeof facts>, Standing | undefined]>([
    ['from a later commit, though built earlier', facts('aaa', LATE), facts('bbb', EARLY), 'newer'],
    ['from the same commit, built earlier', facts('aaa', LATE), facts('aaa', EARLY), 'contained'],
    ['later', facts(undefined, EARLY), facts(undefined, LATE), undefined],
    ['at the same time', facts(undefined, EARLY), facts(undefined, EARLY), undefined],
    ['at a time that nobody knows', facts(undefined, LATE), facts(), undefined],
    [
      'at a time that no build has',
      facts(undefined, LATE),
      facts(undefined, '1970-01-01T00:00:00Z'),
      undefined,
    ],
    [
      'from another repository',
      facts('bbb'),
      facts('aaa', undefined, 'https://github.com/acme/b'),
      'contained',
    ],
  ])('is not older: %s', async (_, found, wanted, standing) => {
    expect(await olderBuild(found, wanted, saying(standing))).toBeUndefined();
  });
});
