import { describe, expect, it } from 'vitest';
import { chart, IMAGE, startFamily } from './test-family.ts';

const child = (
  url: string,
  name: string,
  helm: string,
  more = '',
): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, namespace: argocd}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: ${name}}
  syncPolicy: {automated: {}}
  source:
    repoURL: ${url}
    targetRevision: main
    path: chart
    helm: ${helm}
${more}`;

const files = (url: string) => ({
  ...chart('chart'),
  'root/shop.yaml': child(url, 'shop', `{valuesObject: {image: {repository: ${IMAGE}, tag: a}}}`),
});

describe.concurrent('an Application that the change is in', { timeout: 30_000 }, () => {
  it('is live when its spec holds the change and what it deploys runs it', async () => {
    await using bench = await startFamily(files);
    const change = bench.bump([`${IMAGE}:b`]);
    const { verdicts, all } = await bench.wait(change);
    expect(verdicts).toEqual(['root: live proven', 'shop: live proven']);
    expect(all[0]?.verdict.proof).toEqual([]);
    expect(all[1]?.verdict.proof).toMatchObject([{ image: `${IMAGE}:b`, seen: 'live-state' }]);
    expect(bench.argocd.liveImages('shop')).toEqual([`${IMAGE}:b`]);
  });
});
