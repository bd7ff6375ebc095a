import { describe, expect, it } from 'vitest';
import type { ListFilter, Project } from '../api/list-filter.ts';
import type { Listed } from '../api/port.ts';
import { argocdWith } from '../api/test-argocd.ts';
import { parseApplication } from '../observation.ts';
import { type Choice, candidates, named } from './candidates.ts';

const repoURL = 'https://github.com/acme/gitops';

const application = (name: string, metadata: object = {}, spec: object = {}): Listed =>
  parseApplication({
    metadata: { name, namespace: 'argocd', ...metadata },
    spec: { project: 'shop', source: { repoURL, path: name }, ...spec },
  });

/** An Argo CD with these applications and projects, and what it was asked. */
function stage(applications: readonly Listed[], projects: readonly Project[]) {
  const asked: ListFilter[] = [];
  const argocd = argocdWith({
    projects: async () => projects,
    list: async (filter) => {
      asked.push(filter);
      return filter.type === 'name' ? applications.filter(({ name }) => name === filter.name) : applications;
    },
  });
  return { argocd, asked };
}

const shop: Project = { name: 'shop', sourceRepos: [`${repoURL}.git`] };
const others: Project = { name: 'others', sourceRepos: ['https://github.com/others/*'] };
const touched: Choice = { type: 'touched' };

describe('a list is always narrowed at the server', () => {
  it.each([
    [
      'to the projects that may read the repository',
      touched,
      [shop, others],
      [{ type: 'projects', projects: ['shop'] }],
    ],
    [
      'by labels, whatever the projects',
      { type: 'selector', selector: 'team=pay' },
      [],
      [{ type: 'selector', selector: 'team=pay' }],
    ],
    ['not at all where no project may read it: nothing is asked', touched, [others], []],
  ] as const)('%s', async (_, choice, projects, filters) => {
    const { argocd, asked } = stage([], projects);
    await candidates(argocd, choice, repoURL);
    expect(asked).toEqual(filters);
  });

  it('by every spelling of the address, where the token may read no project; each application counts once', async () => {
    const { argocd, asked } = stage([application('web')], []);
    const found = await candidates(argocd, touched, repoURL);
    expect(found.map(({ application: { name } }) => name)).toEqual(['web']);
    expect(asked).toEqual(
      [
        repoURL,
        `${repoURL}.git`,
        'git@github.com:acme/gitops',
        'git@github.com:acme/gitops.git',
        'ssh://git@github.com/acme/gitops',
        'ssh://git@github.com/acme/gitops.git',
      ].map((repo) => ({ type: 'repo', repo })),
    );
  });

  it('and nothing is listed where there is nothing to narrow it by', async () => {
    const { argocd, asked } = stage([application('web')], []);
    expect(await candidates(argocd, touched, undefined)).toEqual([]);
    expect(asked).toEqual([]);
  });
});

describe('names', () => {
  const all = [
    application('web'),
    application('web-eu'),
    application('web-us', { namespace: 'team' }),
    application('api'),
  ];
  it.each([
    ['web', ['web']],
    ['web-*', ['web-eu', 'web-us']],
    ['*', ['web', 'web-eu', 'web-us', 'api']],
    ['team/*', ['web-us']],
    ['argocd/web', ['web']],
    ['team/web', []],
    ['*.b', []],
  ])('%s', async (pattern, names) => {
    const { argocd } = stage(all, [shop]);
    const found = await named(argocd, pattern, repoURL);
    expect(found.map((one) => one.application.name)).toEqual(names);
  });
});

describe('annotations', () => {
  const key = { project: 'pay', environment: 'production', tenant: '' };
  const annotated = (prefix: string, more: object = {}) => ({
    annotations: { [`${prefix}/project`]: 'pay', [`${prefix}/environment`]: 'Production', ...more },
  });
  const all = [
    application('ours', annotated('sluice.dev')),
    application('octopus', annotated('argo.octopus.com')),
    application('tenant', annotated('sluice.dev', { 'sluice.dev/tenant': 'acme' })),
    application('none'),
  ];
  it('select by project, environment and tenant, all three equal', async () => {
    const { argocd } = stage(all, [shop]);
    const found = await candidates(argocd, { type: 'annotated', key }, repoURL);
    expect(found.map((one) => one.application.name)).toEqual(['ours', 'octopus']);
    const acme = await candidates(argocd, { type: 'annotated', key: { ...key, tenant: 'acme' } }, repoURL);
    expect(acme.map((one) => one.application.name)).toEqual(['tenant']);
  });
});
