import type { Edit, Place } from '@sluice/gitops/change';
import type { Repository } from '@sluice/gitops/git/repository';
import { expect, describe as group, it } from 'vitest';
import { application, BEFORE, manifest, OURS } from '../decide/testing.ts';
import type { Json } from '../json.ts';
import { siblingImages } from './siblings.ts';

const api = (tag: string): string => `registry.example/api:${tag}`;
const [old, wanted] = [api('1.3.9'), api('1.4.2')];
const no = () => Promise.reject(new Error('not asked in this test'));
const object = (name: string, image: string): Json => manifest(image, { metadata: { name } });

interface Given {
  readonly files: Readonly<Record<string, string>>;
  readonly edits: readonly { readonly path: string; readonly place: Place; readonly from?: string }[];
  readonly before: Readonly<Record<string, string>>;
  readonly now: Readonly<Record<string, string>>;
  readonly source?: Json;
  readonly base?: string;
}

/** What is excused, where Argo CD renders these images by the names of their Deployments. */
function siblings({ files, edits, before, now, source = {}, base = BEFORE }: Given) {
  const contents = new Map(Object.entries(files));
  const repository: Repository = {
    ...{
      url: 'https://git.example/gitops',
      defaultBranch: no,
      relation: no,
      commitsBetween: no,
      history: no,
    },
    resolve: async (ref) => ref,
    snapshot: async (commit) => ({
      commit,
      list: async (folder) =>
        [...contents.keys()]
          .filter((path) => folder === '.' || path === folder || path.startsWith(`${folder}/`))
          .map((path) => ({ path, mode: '100644' })),
      read: async (paths) =>
        new Map(paths.flatMap((path) => (contents.has(path) ? [[path, contents.get(path) ?? '']] : []))),
    }),
  };
  const made = edits.map(({ path, place, from = '1.3.9' }) => {
    const edit: Edit = { place, from, to: '1.4.2', image: wanted };
    return { path, edit };
  });
  const spec = { repoURL: repository.url, path: 'app', targetRevision: 'main', ...Object(source) };
  const app = application({ spec: { source: spec } });
  const [first] = app.sources;
  if (first === undefined) throw new Error('no source');
  return siblingImages({
    ...{ repository, application: app, source: first, revision: OURS },
    expectation: {
      type: 'change',
      change: {
        ...{ schema: 'sluice.change.v1', repository: repository.url, branch: 'main' },
        ...{ commit: OURS, base, files: made.map(({ path, edit }) => ({ path, edits: [edit] })) },
      },
      edits: made,
    },
    items: Object.entries(now).map(([name, image]) => ({
      ...{ group: 'apps', kind: 'Deployment', namespace: 'payments', name, target: object(name, image) },
    })),
    manifests: async (commit) => {
      expect(commit).toBe(BEFORE);
      return Object.entries(before).map(([name, image]) => object(name, image));
    },
  });
}

const entry = (name: string, tag: string, newName = 'registry.example/api'): string =>
  `  - name: ${name}\n    newName: ${newName}\n    newTag: ${tag}\n`;
const kustomization = (resources: string, ...entries: readonly string[]): string =>
  `resources: [${resources}]\nimages:\n${entries.join('')}`;
const place = (name: string): Place => ({ type: 'kustomize-image', name, field: 'newTag' });
const value = (path: string): Place => ({ type: 'helm-value', path, holds: 'tag' });
const values = (key: string, tag: string): string =>
  `${key}:\n  image:\n    repository: registry.example/api\n    tag: ${tag}\n`;

const [before, now] = [
  { stable: old, canary: old },
  { stable: old, canary: wanted },
];
const kustomize: Given = {
  files: {
    'app/kustomization.yaml': kustomization('a.yaml', entry('stable', '1.3.9'), entry('canary', '1.4.2')),
  },
  edits: [{ path: 'app/kustomization.yaml', place: place('canary') }],
  ...{ before, now },
};
const helm: Given = {
  files: {
    'app/Chart.yaml': 'name: api\n',
    'app/web.yaml': values('web', '1.4.2'),
    'app/worker.yaml': values('worker', '1.3.9'),
  },
  edits: [{ path: 'app/web.yaml', place: value('web.image.tag') }],
  source: { helm: { valueFiles: ['web.yaml', 'worker.yaml'] } },
  before: { worker: old, web: old },
  now: { worker: old, web: wanted },
};
const with_ = (given: Given, files: Readonly<Record<string, string>>): Given => ({
  ...given,
  files: { ...given.files, ...files },
});

group(
  'a container with another image is none of the change where another place of Git asks for that image',
  () => {
    it.each<readonly [string, Given]>([
      ['another entry of the kustomization', kustomize],
      [
        'an entry of another base',
        {
          ...kustomize,
          files: {
            'app/kustomization.yaml': 'resources: [../one, ../two]\n',
            'one/kustomization.yaml': kustomization('a.yaml', entry('stable', '1.3.9')),
            'two/kustomization.yaml': kustomization('a.yaml', entry('canary', '1.4.2')),
          },
          edits: [{ path: 'two/kustomization.yaml', place: place('canary') }],
        },
      ],
      ['another value of the chart', helm],
      [
        'an entry of that very name before ours, which kustomize has applied by then',
        with_(kustomize, {
          'app/kustomization.yaml': kustomization(
            'a.yaml',
            entry('registry.example/api', '1.3.9'),
            entry('canary', '1.4.2'),
          ),
        }),
      ],
      [
        'nothing was left to do: then the wanted image need not be new',
        {
          ...kustomize,
          base: OURS,
          before: {},
          edits: kustomize.edits.map((one) => ({ ...one, from: '1.4.2' })),
        },
      ],
    ])('%s', async (_, given) => {
      expect(await siblings(given)).toEqual([old]);
    });
  },
);

group('nothing is excused', () => {
  const both: Given = {
    ...kustomize,
    now: { stable: wanted, canary: old },
    before: { stable: wanted, canary: old },
  };
  const sources = (source: Json): Given => ({
    ...helm,
    source: { helm: { valueFiles: ['web.yaml', 'worker.yaml'], ...Object(source) } },
  });
  it.each<readonly [string, Given]>([
    [
      'where no place of Git asks for that image',
      { ...kustomize, now: { stable: api('1.3.8'), canary: wanted } },
    ],
    ['where nothing shows the wanted image', { ...kustomize, now: before }],
    ['where the wanted image is only shown by what showed it before', both],
    [
      'where a file that the application does not read asks for it',
      {
        ...kustomize,
        files: {
          'app/kustomization.yaml': kustomization('a.yaml', entry('canary', '1.4.2')),
          'other/kustomization.yaml': kustomization('a.yaml', entry('stable', '1.3.9')),
        },
      },
    ],
    [
      'where an overlay asks for it',
      {
        ...kustomize,
        files: {
          'app/kustomization.yaml': kustomization('../base', entry('registry.example/api', '1.3.9')),
          'base/kustomization.yaml': kustomization(
            'a.yaml',
            entry('stable', '1.3.9'),
            entry('canary', '1.4.2'),
          ),
        },
        edits: [{ path: 'base/kustomization.yaml', place: place('canary') }],
      },
    ],
    [
      'where a later entry takes the name that ours sets',
      with_(kustomize, {
        'app/kustomization.yaml': kustomization(
          'a.yaml',
          entry('canary', '1.4.2'),
          entry('registry.example/api', '1.3.9'),
        ),
      }),
    ],
    [
      'where a manifest, maybe a patch, asks for it',
      with_(kustomize, {
        'app/a.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: canary }\nspec: { template: { spec: { containers: [{ name: app, image: "${old}" }] } } }\n`,
      }),
    ],
    [
      'where another values file sets the same value',
      with_(sources({ valueFiles: ['web.yaml', 'worker.yaml', 'last.yaml'] }), {
        'app/last.yaml': values('web', '1.3.9'),
      }),
    ],
    [
      'where a parameter of the Application has that tag',
      sources({ parameters: [{ name: 'web.image.tag', value: '1.3.9' }] }),
    ],
    [
      'where inline values of the Application have that tag',
      sources({ valuesObject: { web: { image: { tag: '1.3.9' } } } }),
    ],
    [
      'where a file of the Application alone has that tag',
      with_(helm, {
        'app/.argocd-source-payments.yaml': 'helm: { parameters: [{ name: t, value: 1.3.9 }] }\n',
      }),
    ],
  ])('%s', async (_, given) => {
    expect(await siblings(given)).toEqual([]);
  });
});
