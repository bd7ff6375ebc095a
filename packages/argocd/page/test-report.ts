import type { Change } from '@sluice/gitops/change';
import { argocdWith } from '../api/test-argocd.ts';
import type { Verdict } from '../decide/types.ts';
import { parseApplication } from '../observation.ts';
import type { ApplicationVerdict } from '../watch/wait.ts';

export const sha = '97a2c41'.padEnd(40, '0');

export const change: Change = {
  schema: 'sluice.change.v1',
  repository: 'https://github.com/acme/gitops',
  branch: 'main',
  commit: sha,
  base: sha,
  environment: 'production',
  files: [
    {
      path: 'apps/payments/production/deployment.yaml',
      edits: [
        {
          place: { type: 'kustomize-image', name: 'payments-api', field: 'newTag' },
          from: '1.3.9',
          to: '1.4.2',
          image: 'registry.example/acme/payments-api:1.4.2',
        },
      ],
    },
  ],
};

/** An application of `https://github.com/acme/gitops` whose change is live, but for what is given. */
export function verdictOf(
  name: string,
  verdict: Partial<Verdict> = {},
  more: { readonly server?: string; readonly serverName?: string; readonly repoURL?: string } = {},
): ApplicationVerdict {
  const { server = 'https://argocd.example', repoURL = 'https://github.com/acme/gitops.git' } = more;
  const application = parseApplication({
    metadata: { name, namespace: 'argocd' },
    spec: { project: 'shop' },
  });
  return {
    selected: {
      argocd: argocdWith({ server, name: more.serverName ?? '' }),
      application,
      sourceIndex: 0,
      source: { repoURL, raw: {} },
      paths: [],
    },
    waited: 'syncing 6 s, rollout 25 s',
    verdict: {
      ...{ type: 'verdict', verdict: 'live', reason: 'proven', sentence: `${name} runs the change` },
      ...{ messages: [], missing: [], proof: [], revision: sha },
      ...verdict,
    },
  };
}
