import type { ApplicationOptions } from '@sluice/testbed/argocd/options';
import { configMap, deployment, type ScratchRepository } from '@sluice/testbed/argocd/scratch-repository';
import type { ArgoCdStandIn } from '@sluice/testbed/argocd/stand-in';

/** What a state is made with. */
export interface Stage {
  readonly argocd: ArgoCdStandIn;
  readonly repository: ScratchRepository;
  readonly values: ScratchRepository;
  /** Answers with the body, whatever the status. */
  readonly call: (method: string, path: string, body?: object) => Promise<unknown>;
}

export interface State {
  /** The recorded file without `.json`. */
  readonly recorded: string;
  readonly produce: (stage: Stage) => Promise<unknown>;
  /** Field paths that differ, each for the reason given. */
  readonly except?: Readonly<Record<string, string>>;
}

/** GETs an application until its answer holds the text. */
export async function until(stage: Stage, name: string, text: string): Promise<unknown> {
  for (let i = 0; i < 500; i++) {
    const answer = await stage.call('GET', app(name));
    if (JSON.stringify(answer).includes(text)) return answer;
    await sleep(10);
  }
  throw new Error(`${name} never showed ${text}`);
}

export const background = ['PrunePropagationPolicy=background'];
export const app = (name: string) => `/api/v1/applications/${name}`;
export const image = (tag: string) => `registry.example.com/web:${tag}`;
export const web = (tag: string, replicas = 1) => ({
  'plain/deployment.yaml': deployment('web', image(tag), replicas),
});
export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export async function create(
  stage: Stage,
  name: string,
  path: string,
  more: Partial<ApplicationOptions> = {},
) {
  const repoURL = stage.repository.url;
  await stage.argocd.createApplication({
    name,
    path,
    repoURL,
    targetRevision: 'main',
    syncOptions: background,
    ...more,
  });
}

export async function synced(
  stage: Stage,
  name: string,
  path = 'plain',
  more: Partial<ApplicationOptions> = {},
) {
  await create(stage, name, path, more);
  await stage.call('POST', `${app(name)}/sync`, { revision: 'main' });
  await stage.argocd.idle(name);
}

export async function withHealth(
  stage: Stage,
  name: string,
  status: 'Degraded' | 'Suspended' | 'Progressing',
  message: string,
) {
  await synced(stage, name);
  stage.argocd.setHealth(name, 'web', status, message);
  await sleep(20);
  return stage.call('GET', app(name));
}

export async function failing(stage: Stage, name: string, more: Partial<ApplicationOptions>) {
  stage.repository.commit({
    'broken/deployment.yaml': deployment('web', image('1.0.0'), -1),
    'broken/configmap.yaml': configMap('web-settings', 'blue'),
  });
  await create(stage, name, 'broken', { syncOptions: ['CreateNamespace=true', ...background], ...more });
}

export const inWindow = [{ kind: 'deny', schedule: '* * * * *', duration: '1h', manualSync: false }] as const;

export async function frozen(stage: Stage, name: string) {
  stage.argocd.createProject('frozen', inWindow);
  await create(stage, name, 'plain', {
    project: 'frozen',
    automated: true,
    syncOptions: ['CreateNamespace=true'],
  });
}

export async function blocked(stage: Stage, name: string) {
  await frozen(stage, name);
  stage.argocd.faults.writeOperation(name, {
    sync: { revision: 'main' },
    initiatedBy: { username: 'x' },
    retry: {},
  });
  await sleep(60);
}

export async function multiSource(stage: Stage, name: string) {
  const helm = { valueFiles: ['$values/prod.yaml'] };
  await create(stage, name, '', {
    syncOptions: ['CreateNamespace=true'],
    sources: [
      { repoURL: stage.repository.url, path: 'helm', targetRevision: 'main', helm },
      { repoURL: stage.values.url, targetRevision: 'main', ref: 'values' },
    ],
  });
}

export const hookRetry = { limit: 1, backoff: { duration: '3s', factor: 2, maxDuration: '1m' } };
