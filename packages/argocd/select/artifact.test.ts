import { describe, expect, it } from 'vitest';
import { argocdWith } from '../api/test-argocd.ts';
import { parseApplication } from '../observation.ts';
import { isArtifactRevision } from './artifact.ts';
import { selectApplications } from './select.ts';

const git = { repoURL: 'https://git.example/acme/gitops', path: 'pay', targetRevision: 'main' };
const oci = { repoURL: 'oci://registry.example/acme/pay', path: '.', targetRevision: 'production' };
const chart = { repoURL: 'https://charts.example', chart: 'pay', targetRevision: '1.4.2' };

/** The source that is chosen of an application that is named. */
async function chosen(spec: object, question: Partial<Parameters<typeof selectApplications>[0]>) {
  const application = parseApplication({ metadata: { name: 'pay' }, spec });
  const argocd = argocdWith({ list: async () => [application] });
  const choice = { type: 'names', names: ['pay'] } as const;
  const { selected } = await selectApplications({ servers: [argocd], choice, ...question });
  return selected.map(({ sourceIndex, source, paths }) => [sourceIndex, source.repoURL, ...paths]);
}

const change = {
  repository: git.repoURL,
  branch: 'main',
  files: [{ path: 'pay/deployment.yaml', edits: [] }],
};

describe('of an application that is named', () => {
  it.each([
    ['a digest is of the first that is no Git repository', `sha256:${'a'.repeat(64)}`, 1, chart.repoURL],
    ['a version as well', '1.4.2', 1, chart.repoURL],
    ['a commit is of the first from Git', 'c'.repeat(40), 0, git.repoURL],
  ])('%s', async (_, revision, index, url) => {
    expect(await chosen({ sources: [git, chart, oci] }, { revision })).toEqual([[index, url]]);
  });

  it('a change of another repository is taken to be in what cannot be read', async () => {
    const other = { ...change, repository: 'https://git.example/acme/app' };
    expect(await chosen({ source: oci }, { change: other })).toEqual([
      [0, oci.repoURL, 'pay/deployment.yaml'],
    ]);
    expect(await chosen({ sources: [git, oci] }, { change })).toEqual([
      [0, git.repoURL, 'pay/deployment.yaml'],
    ]);
  });
});

it('of a hydrated source the dry one is what people change', async () => {
  const syncSource = { targetBranch: 'environments/production', path: 'pay' };
  expect(await chosen({ sourceHydrator: { drySource: git, syncSource } }, { change })).toEqual([
    [0, git.repoURL, 'pay/deployment.yaml'],
  ]);
});

it.each([
  [`sha256:${'a'.repeat(64)}`, true],
  ['1.4.2', true],
  ['v1.4.2-rc.1+build', true],
  ['1.4', false],
  ['main', false],
  ['sha256:abc', false],
  ['a'.repeat(40), false],
  ['1.4.2\n', false],
])('%j is a revision of what is no Git repository: %s', (revision, is) => {
  expect(isArtifactRevision(revision)).toBe(is);
});
