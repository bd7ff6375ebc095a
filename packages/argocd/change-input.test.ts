import type { Change } from '@sluice/gitops/change';
import { describe, expect, it } from 'vitest';
import { parseChanges } from './change-input.ts';

const oneChange = (content: string) => parseChanges(content)[0];

const sha = 'a'.repeat(40);
const change: Change = {
  schema: 'sluice.change.v1',
  repository: 'https://github.com/acme/gitops',
  branch: 'main',
  commit: sha,
  base: 'b'.repeat(40),
  project: 'shop',
  environment: 'production',
  run: 'acme/app/7/1',
  defaultRegistry: 'registry.example',
  files: [
    {
      path: 'apps/shop/deployment.yaml',
      edits: [
        {
          place: {
            ...{
              type: 'container',
              apiVersion: 'apps/v1',
              kind: 'Deployment',
              namespace: 'shop',
              name: 'web',
            },
            ...{ list: 'initContainers', container: 'app' },
          },
          from: 'web:1',
          to: 'web:2',
          image: 'docker.io/library/web:2',
        },
        { place: { type: 'kustomize-image', name: 'web', field: 'newTag' }, from: '1', to: '2' },
        { place: { type: 'helm-value', path: 'image.tag', holds: 'tag' }, from: 1, to: '1.10' },
        {
          place: {
            ...{ type: 'container', apiVersion: 'example.io/v1', kind: 'Shop', name: 'web' },
            ...{ list: 'containers', container: 'app', pod: 'spec.front.spec' },
          },
          from: 'web:1',
          to: 'web:2',
        },
        {
          place: {
            ...{ type: 'object-value', apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' },
            ...{ namespace: 'argocd', name: 'shop', path: 'spec.source.helm.values' },
            ...{ within: 'image.tag', holds: 'tag' },
          },
          from: '1',
          to: '2',
        },
        { place: { type: 'value', document: 1, path: 'spec.replicas' }, from: null, to: 3 },
      ],
    },
  ],
};

describe('the input change', () => {
  it('is read back as image-tag-bump put it out', () => {
    expect(oneChange(JSON.stringify(change))).toEqual(change);
  });

  it('loses what it should not hold', () => {
    expect(oneChange(JSON.stringify({ ...change, token: 'x' }))).toEqual(change);
  });

  it.each([
    ['{', /no JSON/],
    ['c'.repeat(40), /^for a commit use `revision`$/],
    ['1'.repeat(40), /^for a commit use `revision`$/],
    ['[]', /empty list/],
    [{ ...change, schema: 'sluice.change.v2' }, /sluice\.change\.v1/],
    [{ ...change, files: undefined }, /shortened/],
    [{ ...change, commit: 'main' }, /`commit` is no commit/],
    [{ ...change, commit: undefined }, /`commit` is missing/],
    [{ ...change, repository: 'file:///etc' }, /`repository` is no URL/],
    [{ ...change, files: [{ path: '../x', edits: [] }] }, /inside the repository/],
    [{ ...change, files: [{ path: '/etc/passwd', edits: [] }] }, /relative to the repository/],
    [
      { ...change, files: [{ path: 'a', edits: [{ place: { type: 'line' }, from: 1, to: 2 }] }] },
      /unknown type "line"/,
    ],
    [
      {
        ...change,
        files: [{ path: 'a', edits: [{ place: change.files[0]?.edits[1]?.place, from: {}, to: 2 }] }],
      },
      /`from`/,
    ],
  ])('%j: %s', (given, message) => {
    expect(() => oneChange(typeof given === 'string' ? given : JSON.stringify(given))).toThrow(message);
  });
});

describe('changes of several repositories', () => {
  it('are a list, each read back as it was', () => {
    const other = { ...change, repository: 'https://github.com/acme/other' };
    expect(parseChanges(JSON.stringify([change, other]))).toEqual([change, other]);
  });

  it('a list with one that is none is refused', () => {
    expect(() => parseChanges(JSON.stringify([change, 1]))).toThrow(/output `change`/);
  });
});
