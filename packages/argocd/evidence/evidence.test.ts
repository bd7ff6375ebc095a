import { SluiceError } from '@sluice/core/errors';
import type { Change, Edit } from '@sluice/gitops/change';
import type { Repository } from '@sluice/gitops/git/repository';
import { describe, expect, it } from 'vitest';
import { embedded, parseManagedResource } from '../api/managed-resource.ts';
import { argocdWith } from '../api/test-argocd.ts';
import { application, BEFORE, imageEdit, LATER, manifest, OURS, seconds } from '../decide/testing.ts';
import type { RenderedEvidence } from '../decide/types.ts';
import type { Json } from '../json.ts';
import { gather } from './evidence.ts';

const no = () => Promise.reject(new SluiceError('internal', 'internal-error', 'not asked in this test'));
const repository: Repository = {
  ...{ url: 'https://git.example/gitops', resolve: no, defaultBranch: no, snapshot: no, relation: no },
  ...{ commitsBetween: no, history: no },
};

const settings = (color: string, name = 'settings') => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { color } },
});

/** What is found of our change, where Argo CD renders these objects at each commit and compares with the later one. */
async function found(
  rendered: Readonly<Record<string, readonly Json[]>>,
  given: {
    readonly base?: string;
    readonly repository?: Partial<Repository>;
    readonly beside?: readonly Edit[];
    readonly to?: string;
  } = {},
): Promise<RenderedEvidence> {
  const argocd = argocdWith({ manifests: async (_, revision) => rendered[revision] ?? [] });
  const edit: Edit = {
    place: { type: 'value', document: 0, path: 'data.color' },
    from: 'red',
    to: given.to ?? 'blue',
  };
  const edits = [edit, ...(given.beside ?? [])];
  const files = [{ path: 'apps/payments/settings.yaml', edits }];
  const change: Change = {
    schema: 'sluice.change.v1',
    ...{ repository: repository.url, branch: 'main', commit: OURS, base: given.base ?? BEFORE, files },
  };
  const app = application({ revision: LATER });
  const source = { repoURL: repository.url, raw: {} };
  const evidence = await gather(
    { type: 'ask', clause: 'effective', evidence: 'rendered' },
    { application: app, takenAt: seconds(60) },
    { content: new Map() },
    {
      ...{ argocd, repository: { ...repository, ...given.repository } },
      ...{ clock: { now: () => seconds(60), sleep: no } },
      selected: { argocd, application: app, sourceIndex: 0, source, paths: [files[0]?.path ?? ''] },
      expectation: {
        type: 'change',
        change,
        edits: edits.map((one) => ({ path: files[0]?.path ?? '', edit: one })),
      },
    },
  );
  const part = evidence.rendered;
  if (part === undefined || 'unavailable' in part) throw new Error(part?.unavailable ?? 'not gathered');
  return part;
}

const differing = async (rendered: Parameters<typeof found>[0]): Promise<readonly string[]> =>
  (await found(rendered)).differing.map(({ name }) => name);

describe('the rendered difference of a change', () => {
  const [red, blue] = [settings('red'), settings('blue')];
  const [old, theirs] = [settings('a', 'other'), settings('b', 'other')];

  it('is what differs by its own commit and still does at the revision that runs', async () => {
    expect(await differing({ [BEFORE]: [red, old], [OURS]: [blue, old], [LATER]: [blue, theirs] })).toEqual([
      'settings',
    ]);
  });

  it('is none where only a later commit of others made one', async () => {
    expect(await differing({ [BEFORE]: [red, old], [OURS]: [red, old], [LATER]: [red, theirs] })).toEqual([]);
  });

  it('is none where it was taken back, whatever else differs', async () => {
    expect(await differing({ [BEFORE]: [red, old], [OURS]: [blue, old], [LATER]: [red, theirs] })).toEqual(
      [],
    );
  });
});

describe('beside an image', () => {
  const workload = (tag: string, fields = {}) =>
    manifest(`registry.example/api:${tag}`, {
      metadata: { name: 'api', labels: { version: tag } },
      ...fields,
    });
  const beside = [imageEdit()];
  const of = async (after: Json, to = 'blue') => {
    const rendered = { [BEFORE]: [workload('1.3.9')], [OURS]: [after], [LATER]: [after] };
    return (await found(rendered, { beside, to })).differing;
  };

  it('the image, and its tag wherever it is rendered, are no difference by the other values', async () => {
    expect(await of(workload('1.4.2'))).toEqual([]);
  });

  it('a field that is set to the same tag is one', async () => {
    expect(await of(workload('1.4.2'), '1.4.2')).toMatchObject([
      { fields: [{ path: ['metadata', 'labels', 'version'] }] },
    ]);
  });

  it('another field is', async () => {
    expect(await of(workload('1.4.2', { data: { replicas: '3' } }))).toMatchObject([
      { kind: 'Deployment', fields: [{ path: ['data', 'replicas'], after: '3' }] },
    ]);
  });
});

it('a value that was there from the first commit on can be held against nothing, which no second look mends', async () => {
  const first = { sha: OURS, author: 'a', date: 0, message: 'first', parents: [] };
  for (const commits of [[], [first]]) {
    const history = async () => commits;
    expect(await found({}, { base: OURS, repository: { history } })).toEqual({
      ...{ revision: LATER, differing: [], baseless: true },
    });
  }
});

describe('JSON inside of JSON', () => {
  it.each(['', 'null', undefined, '[]'])('%j is no object', (targetState) => {
    const { target, live } = parseManagedResource({
      kind: 'Secret',
      name: 'a',
      targetState,
      liveState: '{}',
    });
    expect(target).toBeUndefined();
    expect(live).toEqual({});
  });

  it('that was cut passes for nothing, and says so', () => {
    expect(() => embedded('{"kind":')).toThrow(expect.objectContaining({ kind: 'platform' }));
  });
});
