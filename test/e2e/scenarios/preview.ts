import assert from 'node:assert/strict';
import { chart, deployment, type Files } from '../manifests.ts';
import type { Scenario } from '../run-scenarios.ts';
import { image, type Stage } from '../stage.ts';

const overlays: Files = {
  'base/deployment.yaml': deployment('web', `${image}:1.0.0`),
  'base/kustomization.yaml': 'resources:\n  - deployment.yaml\n',
  'overlays/eu/kustomization.yaml':
    'namePrefix: eu-\nresources:\n  - ../../base\nsecretGenerator:\n  - name: login\n    literals:\n      - password=hunter2\n',
  'overlays/us/kustomization.yaml': `resources:\n  - ../../base\nimages:\n  - name: ${image}\n    newTag: 0.9.0\n`,
  'overlays/away/kustomization.yaml':
    'resources:\n  - ../../base\n  - https://github.com/kubernetes-sigs/kustomize//examples/helloWorld?ref=v5.0.0\n',
};

/** The page of a dry run with the real kustomize and Helm on the PATH. */
async function preview(stage: Stage, files: Files, path: string): Promise<string> {
  await stage.repository(files);
  const run = await stage.bump({ images: `${image}:2.0.0`, path, 'dry-run': 'true' });
  assert.equal(`${run.outputs.verdict}, exit ${run.exitCode}`, 'updated, exit 0', run.log);
  return run.summary;
}

/** What the real renderers make of a change that is only planned. */
export const previews: readonly Scenario<Stage>[] = [
  {
    title:
      'preview: kustomize renders every overlay of a changed base, one that hides the change, and fetches nothing',
    async run(stage) {
      const page = await preview(stage, overlays, '.');
      assert.match(page, /Rendered by kustomize: <code>overlays\/eu<\/code> · 1 object changes/);
      assert.match(
        page,
        /-\s+- image: registry\.example\.com\/web:1\.0\.0\n\+\s+- image: registry\.example\.com\/web:2\.0\.0/,
      );
      assert.match(page, /Not rendered by kustomize: `overlays\/away`: it takes https:/);
      assert.doesNotMatch(page, /hunter2|aHVudGVyMg/);
    },
  },
  {
    title: 'preview: an overlay that puts another image in its place does not change, and the page says so',
    async run(stage) {
      const mirror = `resources:\n  - ../../base\nimages:\n  - name: ${image}\n    newName: mirror.example.com/web\n    newTag: 0.9.0\n`;
      const page = await preview(stage, { ...overlays, 'overlays/us/kustomization.yaml': mirror }, '.');
      assert.match(page, /Rendered by kustomize: `overlays\/us` \*\*does not change\*\*/);
    },
  },
  {
    title: 'preview: Helm renders a chart whose values change; a dependency that is not there is a sentence',
    async run(stage) {
      const needy =
        'apiVersion: v2\nname: needy\nversion: 0.1.0\ndependencies:\n  - {name: redis, version: 1.0.0, repository: "https://example.com"}\n';
      const page = await preview(
        stage,
        {
          ...chart('charts/web', image, '1.0.0'),
          ...chart('charts/needy', image, '1.0.0'),
          'charts/needy/Chart.yaml': needy,
        },
        'charts',
      );
      assert.match(page, /Rendered by helm: <code>charts\/web<\/code> · 1 object changes/);
      assert.match(page, /Not rendered by helm: `charts\/needy`: .*(redis|dependenc)/);
    },
  },
];
