import { expect, it } from 'vitest';
import { permitting } from './permitted.ts';

const repository = 'https://github.com/Acme/gitops';

it.each([
  [['*'], true],
  [['https://github.com/acme/gitops.git'], true],
  [['git@github.com:acme/gitops.git'], true],
  [['ssh://git@github.com/acme/gitops'], true],
  [['https://github.com/acme/*'], true],
  [['git@github.com:acme/*'], true],
  [['https://github.com/*'], true],
  [['https://github.com/**'], true],
  [['*gitops*'], true],
  [['https://gitlab.example/*', 'https://github.com/acme/{gitops,infra}'], true],
  [['https://github.com/other/*'], false],
  [['https://github.com/acme/infra'], false],
  [['!https://github.com/acme/gitops'], false],
  [[], false],
])('a project with the source repositories %j: %s', (sourceRepos, permits) => {
  expect(permitting([{ name: 'shop', sourceRepos }], repository)).toHaveLength(permits ? 1 : 0);
});

it('all projects, where no repository is given', () => {
  const projects = [{ name: 'shop', sourceRepos: [] }];
  expect(permitting(projects, undefined)).toEqual(projects);
});
