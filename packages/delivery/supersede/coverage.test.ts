import { describe, expect, test } from 'vitest';
import { covers, toldBy } from './coverage.ts';

const container = (name: string) => ({
  ...{
    type: 'container',
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name,
    list: 'containers',
    container: 'app',
  },
});
const change = (repository: string, path: string, ...names: readonly string[]) => ({
  ...{ schema: 'sluice.change.v1', repository, branch: 'main' },
  files: [
    {
      path,
      edits: names.map((name) => ({ place: container(name), from: 'x:1', to: 'x:2', image: `${name}:2` })),
    },
  ],
});
const set = { path: 'values.yaml', edits: [{ place: { type: 'value', document: 0, path: 'replicas' } }] };
const images = (...names: readonly string[]) => names.map((image) => ({ image, digest: null }));
const api = { images: images('shop/api:1'), change: change('acme/gitops', 'a.yaml', 'api') };
const both = {
  images: images('shop/api:2', 'shop/worker:2@sha256:00'),
  change: change('acme/gitops', 'a.yaml', 'api', 'worker'),
};

describe('a newer deployment covers an older one', () => {
  test.each([
    ['that sets the same, to another version', { ...api, images: images('shop/api:9') }, api, true],
    ['that sets a part of it', both, api, true],
    ['but not one that sets more', api, both, false],
    [
      'but not one of another image',
      { images: images('shop/worker:7') },
      { images: images('shop/api:1') },
      false,
    ],
    [
      'but not the same image in another file',
      api,
      { ...api, change: change('acme/gitops', 'b.yaml', 'api') },
      false,
    ],
    [
      'but not the same file of another repository',
      api,
      { ...api, change: change('acme/other', 'a.yaml', 'api') },
      false,
    ],
    [
      'but not one that sets a field which it does not set',
      api,
      { images: [], change: { ...api.change, files: [set] } },
      false,
    ],
    [
      'in several repositories',
      { ...both, change: [both.change, change('acme/other', 'b.yaml', 'api')] },
      { ...api, change: change('acme/other', 'b.yaml', 'api') },
      true,
    ],
    [
      'of which only the digest is told, by its images',
      both,
      { ...api, change: { digest: 'sha256:00' } },
      true,
    ],
    [
      'by its images where only its own digest is told',
      { ...both, change: { digest: 'sha256:00' } },
      {
        ...api,
        images: [],
        change: {
          ...change('acme/gitops', 'a.yaml'),
          files: [{ path: 'a.yaml', edits: [{ place: container('api'), image: 'shop/api:1' }] }],
        },
      },
      true,
    ],
    [
      'but no field that is not of an image where only its own digest is told',
      { ...both, change: { digest: 'sha256:00' } },
      { images: [], change: { ...api.change, files: [set] } },
      false,
    ],
    ['that tells nothing', api, {}, true],
    ['where it tells nothing itself', {}, both, true],
  ])('%s', (_, newer, older, expected) => {
    expect(covers(toldBy(newer), toldBy(older))).toBe(expected);
  });

  test.each([
    [
      'what is large and sets more than images is covered by nothing',
      both,
      { digest: 'x', imagesOnly: false },
      false,
    ],
    [
      'what is large and sets images only is covered by its images',
      both,
      { digest: 'x', imagesOnly: true },
      true,
    ],
  ])('%s', (_, newer, given, expected) => {
    expect(covers(toldBy(newer), toldBy({ ...api, change: given }))).toBe(expected);
  });

  test('what is large and sets more than images covers images, and is not taken for one that says nothing', () => {
    const large = toldBy({ images: images('api:2'), change: { digest: 'x', imagesOnly: false } });
    expect(covers(large, toldBy(api))).toBe(true);
    expect(covers(toldBy({ change: { digest: 'x', imagesOnly: false } }), toldBy(api))).toBe(false);
  });

  test('by another field of the same kustomize entry, and a repository whose address has other capitals', () => {
    const entry = (field: string, repository: string) => ({
      repository,
      branch: 'main',
      files: [
        {
          path: 'k.yaml',
          edits: [{ place: { type: 'kustomize-image', name: 'api', field }, image: 'shop/api:1' }],
        },
      ],
    });
    const [tag, digest] = [
      entry('newTag', 'https://x/Acme/GitOps'),
      entry('digest', 'https://x/acme/gitops'),
    ];
    expect(covers(toldBy({ change: digest }), toldBy({ change: tag }))).toBe(true);
    expect(covers(toldBy({ change: entry('digest', 'https://x/a/b') }), toldBy({ change: tag }))).toBe(false);
  });

  test('in whatever order a place is written', () => {
    const turned = Object.fromEntries(Object.entries(container('api')).toReversed());
    const older = { ...api.change, files: [{ path: 'a.yaml', edits: [{ place: turned }] }] };
    expect(covers(toldBy(api), toldBy({ change: older }))).toBe(true);
  });
});
