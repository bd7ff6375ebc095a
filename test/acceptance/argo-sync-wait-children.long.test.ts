import type { Change, Place } from '@sluice/gitops/change';
import { expect, describe as group, it } from 'vitest';
import {
  deployment,
  type Fixture,
  gitops,
  image,
  resultOf,
  seen,
  startFixture,
} from './argo-sync-wait-setup.ts';

const PATH = 'apps/root/shops.yaml';

const chart = {
  'charts/api/Chart.yaml': 'apiVersion: v2\nname: api\nversion: 0.1.0\n',
  'charts/api/values.yaml': `image:\n  repository: ${image('').slice(0, -1)}\n  tag: none\n`,
  'charts/api/templates/deployment.yaml': deployment('', '{{ .Release.Name }}').replace(
    image(''),
    '{{ .Values.image.repository }}:{{ .Values.image.tag }}',
  ),
};

const applicationSet = (url: string, tag: string): string => `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: apis, namespace: argocd}
spec:
  goTemplate: true
  generators:
    - list:
        elements:
          - {env: dev, tag: 1.3.0}
          - {env: production, tag: ${tag}}
  template:
    metadata: {name: 'api-{{ .env }}'}
    spec:
      project: default
      destination: {server: https://kubernetes.default.svc, namespace: 'api-{{ .env }}'}
      syncPolicy: {automated: {}}
      source:
        repoURL: ${url}
        targetRevision: main
        path: charts/api
        helm: {parameters: [{name: image.tag, value: '{{ .tag }}'}]}
`;

/** A parent application over an ApplicationSet of two; the change sets the tag of the second. */
async function changed(fixture: Fixture): Promise<Change> {
  const url = `${fixture.github.url}/${gitops}.git`;
  const base = await fixture.commit({ ...chart, [PATH]: applicationSet(url, '1.3.9') });
  await fixture.argocd.createApplication({
    ...{ name: 'apis', repoURL: url, path: 'apps/root', targetRevision: 'main', namespace: 'argocd' },
    automated: true,
  });
  await fixture.argocd.idle('apis');
  const commit = await fixture.commit({ [PATH]: applicationSet(url, '1.4.2') });
  const place: Place = {
    type: 'object-value',
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    namespace: 'argocd',
    name: 'apis',
    path: 'spec.generators[0].list.elements[env=production].tag',
    holds: 'tag',
  };
  return {
    schema: 'sluice.change.v1',
    repository: `${fixture.github.url}/${gitops}`,
    branch: 'main',
    ...{ commit, base, environment: 'production' },
    files: [{ path: PATH, edits: [{ place, from: '1.3.9', to: '1.4.2', image: image('1.4.2') }] }],
  };
}

group.concurrent('an edit of an ApplicationSet', { timeout: 60_000 }, () => {
  it('is live when the Application that it is for runs it, and that one is told', async () => {
    await using fixture = await startFixture();
    const change = await changed(fixture);
    const run = await fixture.run({ change: JSON.stringify(change) });
    expect(seen(run)).toEqual({ exitCode: 0, verdict: 'live', reason: 'proven', ok: 'true' });
    expect(resultOf(run).applications).toMatchObject([
      { name: 'apis', verdict: 'live', images: [] },
      { name: 'api-production', verdict: 'live', images: [{ image: image('1.4.2'), seen: 'live-state' }] },
    ]);
    expect(run.summary).toContain('api-production');
    expect(run.summary).not.toContain('api-dev');
    expect(fixture.argocd.liveImages('api-production')).toEqual([image('1.4.2')]);
  });

  it('is not live while the ApplicationSet controller is away', async () => {
    await using fixture = await startFixture();
    const change = await changed(fixture);
    fixture.argocd.holdApplicationSets(true);
    const run = await fixture.run({ change: JSON.stringify(change), timeout: '9s' });
    expect(seen(run)).toMatchObject({ exitCode: 1, verdict: 'timed-out' });
    expect(fixture.argocd.liveImages('api-production')).toEqual([image('1.3.9')]);
  });
});
