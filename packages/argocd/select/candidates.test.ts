import { describe, expect, it } from 'vitest';
import type { ListFilter, Projects } from '../api/list-filter.ts';
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
function stage(applications: readonly Listed[], projects: Projects) {
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

const shop: Projects = { names: ['shop'], isComplete: true };
const none: Projects = { names: [], isComplete: false };
const touched = { type: 'touched' } as const;
const spellings: readonly ListFilter[] = [
  repoURL,
  `${repoURL}.git`,
  'git@github.com:acme/gitops',
  'git@github.com:acme/gitops.git',
  'ssh://git@github.com/acme/gitops',
  'ssh://git@github.com/acme/gitops.git',
].map((repo) => ({ type: 'repo', repo }));
const projectsOf = (...projects: string[]): ListFilter => ({ type: 'projects', projects });

describe('a list is always narrowed at the server', () => {
  it.each<[string, Exclude<Choice, { type: 'names' }>, Projects, readonly ListFilter[], boolean]>([
    ['to the projects that the token sees', touched, shop, [projectsOf('shop')], false],
    [
      'and by every spelling of the address as well, where it may not see all of them: that is said',
      touched,
      { names: ['shop'], isComplete: false },
      [projectsOf('shop'), ...spellings],
      true,
    ],
    ['by the spellings alone, where it sees none', touched, none, spellings, true],
    [
      'by labels, whatever the projects',
      { type: 'selector', selector: 'team=pay' },
      none,
      [{ type: 'selector', selector: 'team=pay' }],
      false,
    ],
  ])('%s', async (_, choice, projects, filters, isWarned) => {
    const { argocd, asked } = stage([application('web')], projects);
    const { found, warning } = await candidates(argocd, choice, repoURL);
    expect(asked).toEqual(filters);
    expect(found.map((one) => one.application.name)).toEqual(['web']);
    expect(warning !== undefined).toBe(isWarned);
  });

  it('and nothing is listed where there is nothing to narrow it by', async () => {
    const { argocd, asked } = stage([application('web')], none);
    expect((await candidates(argocd, touched, undefined)).found).toEqual([]);
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
    const { argocd } = stage(all, shop);
    const { found } = await named(argocd, pattern, repoURL);
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
    const { argocd } = stage(all, shop);
    const { found } = await candidates(argocd, { type: 'annotated', key }, repoURL);
    expect(found.map((one) => one.application.name)).toEqual(['ours', 'octopus']);
    const acme = await candidates(argocd, { type: 'annotated', key: { ...key, tenant: 'acme' } }, repoURL);
    expect(acme.found.map((one) => one.application.name)).toEqual(['tenant']);
  });
});
