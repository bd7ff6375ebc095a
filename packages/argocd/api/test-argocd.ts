import { SluiceError } from '@sluice/core/errors';
import type { ArgoCD } from './port.ts';

export const notAsked = () =>
  Promise.reject(new SluiceError('internal', 'internal-error', 'not asked in this test'));

/** An Argo CD that answers only what a test gives it. */
export function argocdWith(answers: Partial<ArgoCD> = {}): ArgoCD {
  const argocd: ArgoCD = {
    server: 'https://argocd.example',
    ...{ list: notAsked, projects: notAsked, get: notAsked, refresh: notAsked, managedResources: notAsked },
    ...{
      manifests: notAsked,
      sync: notAsked,
      syncWindows: notAsked,
      syncOrder: notAsked,
      applicationSet: notAsked,
    },
    ...{ tree: notAsked, events: notAsked },
    within: () => argocd,
    async *watch() {},
    ...answers,
  };
  return argocd;
}
