import { expect } from 'vitest';
import { seen } from './argo-sync-wait-setup.ts';
import { type Fixture, folder, gitops, image } from './root-setup.ts';

/** The states of a Deployment, oldest first. */
export const statesOf = ({ github }: Fixture, id: string): readonly string[] =>
  (github.repository('acme/app').deployments.get(Number(id))?.statuses ?? []).map(({ state }) => state);

/** Plans, and commits with `mode: event`; resolves with the Deployment. */
export async function begun(fixture: Fixture, inputs: Record<string, string> = {}): Promise<string> {
  const none = { 'argocd-server': '', 'argocd-token': '' };
  const planned = await fixture.run({ ...none, mode: 'event', deployment: 'queue', ...inputs });
  const { 'deployment-id': id = '', 'plan-digest': digest = '' } = planned.outputs;
  const run = await fixture.run({
    ...{ ...none, mode: 'event', 'deployment-id': id, 'expect-plan': digest },
    ...inputs,
  });
  expect(seen(run)).toMatchObject({ exitCode: 0, ok: 'unknown', reason: 'awaits-notification' });
  return id;
}

/** A run of the GitOps repository, on a commit status there. */
export const woken = (
  fixture: Fixture,
  commit: string,
  inputs: Record<string, string> = {},
  by: { readonly name: string; readonly event: object } = {
    name: 'status',
    event: { sha: commit, state: 'success', context: 'argocd/payments', sender: { login: 'x' } },
  },
) =>
  fixture.run(
    {
      ...{ images: '', path: '.', project: '', environment: '', deployment: 'verify' },
      ...{ 'deployment-repositories': 'acme/app', timeout: '20s' },
      token: fixture.github.githubToken(gitops, { contents: 'read', checks: 'read' }),
      'deployment-token': fixture.github.createToken({
        repositories: ['acme/app'],
        permissions: { deployments: 'write' },
      }),
      ...inputs,
    },
    {
      env: { GITHUB_REPOSITORY: gitops, GITHUB_EVENT_NAME: by.name, GITHUB_RUN_ID: '77' },
      event: by.event,
    },
  );

/** What an App, by default Argo CD's, says of a commit. */
export function notify(
  { github }: Fixture,
  commit: string,
  more: Record<string, unknown> = {},
  app = 'finpay-argocd',
): void {
  const at = new Date();
  const report = {
    ...{ schema: 'sluice.notification.v1', application: 'payments', namespace: 'argocd', path: folder },
    argocd: 'https://argocd.example',
    ...{ repository: `${github.url}/${gitops}.git`, revision: commit, syncedRevision: commit },
    ...{ sync: 'Synced', health: 'Healthy', phase: 'Succeeded', images: [image('1.4.2')] },
    ...{ at, healthSince: new Date(at.getTime() - 20_000), ...more },
  };
  const { checkRuns } = github.repository(gitops);
  checkRuns.push({
    ...{
      id: checkRuns.length + 1,
      app,
      name: 'argocd/argocd/payments',
      headSha: commit,
      status: 'completed',
    },
    ...{ conclusion: 'success', title: '', summary: '', text: JSON.stringify(report), at: at.getTime() },
  });
}

/** Inputs of a run that cannot read Argo CD. */
export const blind = { 'argocd-server': '', 'argocd-token': '', notifier: 'finpay-argocd' };
