import { type ArgoCdStandIn, startArgoCd } from '@sluice/testbed/argocd/stand-in';
import { loadFinPay } from '@sluice/testbed/finpay/finpay';
import { type GitHubStandIn, startGitHub } from '@sluice/testbed/github/start';

export const gitops = 'finpay/gitops';

/** Where the tour plays: a GitHub and an Argo CD on this machine, with FinPay in both. */
export interface Stage {
  readonly github: GitHubStandIn;
  readonly argocd: ArgoCdStandIn;
  /** The GitHub App that reaches from the services' repositories to the GitOps repository. */
  readonly app: { readonly id: string; readonly privateKey: string };
  readonly argocdToken: string;
  close(): Promise<void>;
}

export async function setStage(): Promise<Stage> {
  const github = await startGitHub();
  const finpay = loadFinPay();
  const message = 'Everything as of this morning';
  await github.createRepository(gitops, finpay.files, { author: 'carol', message });
  const argocd = await startArgoCd({
    locate: () => github.repository(gitops).dir,
    badImages: ['registry.finpay.example/fraud-check:2.4.0'],
    timing: { rollout: 600, progressDeadline: 900 },
  });
  const applications = finpay.applications(`${github.url}/${gitops}`);
  await Promise.all(applications.map((one) => argocd.createApplication({ ...one, deployed: true })));
  const app = github.createApp({
    owner: 'finpay',
    repositories: [gitops],
    permissions: { contents: 'write', pull_requests: 'write' },
  });
  return {
    github,
    argocd,
    app: { id: String(app.id), privateKey: app.privateKey },
    argocdToken: argocd.token({ name: 'proj:finpay:deployer', project: 'finpay', actions: ['get', 'sync'] }),
    async close() {
      await argocd.close();
      await github.close();
    },
  };
}
