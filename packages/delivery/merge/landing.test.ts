import { openGitOps } from '@sluice/argocd/gitops-repository';
import type { Change, Place } from '@sluice/gitops/change';
import { expect, it } from 'vitest';
import { landingOf, supersededAt } from './landing.ts';
import { file, gitops, manifest, startGitOps } from './test-arrive.ts';

it.each([
  ['2', 'landed'],
  ['3', 'lost'],
])('a change whose manifest got another name on its way in, and %s for a tag, is %s', async (tag, type) => {
  await using stage = await startGitOps();
  const base = await stage.github.head(gitops);
  const place: Place = {
    ...{ type: 'container', apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop' },
    ...{ list: 'containers', container: 'app' },
  };
  const edits = [{ place, from: 'registry.example/shop:1', to: 'registry.example/shop:2' }];
  const repositoryUrl = `${stage.github.url}/${gitops}`;
  const change: Change = {
    ...{ schema: 'sluice.change.v1', repository: repositoryUrl, branch: 'main' },
    ...{ commit: base, base, files: [{ path: file, edits }] },
  };
  const renamed = { [file]: '# moved\n', 'apps/web.yaml': manifest(tag) };
  const commit = await stage.github.commitFiles(gitops, 'main', renamed);
  await using repository = await openGitOps(
    repositoryUrl,
    stage.inputs({ token: stage.github.createToken() }),
    stage.world(),
  );
  expect((await landingOf(repository, change, commit)).type).toBe(type);
  expect(await supersededAt(repository, change, commit)).toBeUndefined();
});
