import { type Fixture, gitops } from './image-tag-bump-setup.ts';

export const shop = {
  images: 'registry.example/shop:1.4.2',
  project: 'shop',
  environment: 'production',
  commit: 'pull-request',
};
export const branch = 'sluice/shop/production';

export const pulls = (fixture: Fixture) => [...fixture.github.repository(gitops).pulls.values()];

export function close(fixture: Fixture): void {
  for (const pull of pulls(fixture)) pull.state = 'closed';
}

export const shas = async (fixture: Fixture) =>
  (await fixture.github.log(gitops, branch)).map(({ sha }) => sha);
