import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type GitHubStandIn, startGitHub } from '@sluice/testbed/github/start';
import type { DeploymentStatus, Issue } from '@sluice/testbed/github/types';
import { type OsvRecord, type OsvStandIn, startOsv } from '@sluice/testbed/osv/start';
import { jobEnvironment, type RunOptions, type RunResult, runBundle } from '@sluice/testbed/runner';

/** Another build than the committed one: the folder of its bundles. */
const built = process.env.SLUICE_BUNDLES;

/** What is run. */
export const securityBundle = {
  action: fileURLToPath(new URL('../../actions/security-scan', import.meta.url)),
  ...(built === undefined ? {} : { bundle: join(built, 'security-scan.js') }),
} as const;

export const app = 'acme/app';
const permissions = { deployments: 'read', issues: 'write', contents: 'read' } as const;

/** GitHub and OSV, and the action run as the daily workflow runs it. */
export interface Stage {
  readonly github: GitHubStandIn;
  readonly osv: () => OsvStandIn;
  /** From now on OSV knows these. */
  know(...records: readonly OsvRecord[]): Promise<void>;
  /** Puts a file into a release; gives back how a payload names it. */
  publish(
    tag: string,
    content: string,
    repository?: string,
  ): { readonly url: string; readonly digest: string };
  /** A Deployment of ours with these states. Gives back its id. */
  deploy(project: string, more?: Deploying): number;
  put(path: string, content: string): void;
  scan(inputs?: Readonly<Record<string, string>>, more?: Partial<RunOptions>): Promise<RunResult>;
  readonly issues: () => readonly Issue[];
  readonly comments: () => readonly string[];
  close(): Promise<void>;
}

export interface Deploying {
  readonly sbom?: unknown;
  readonly environment?: string;
  readonly tenant?: string;
  readonly states?: readonly DeploymentStatus['state'][];
  /** In place of that of ours. */
  readonly payload?: unknown;
  readonly repository?: string;
}

/** `shared`: a GitHub that has the repository already, and that somebody else closes. */
export async function openStage(shared?: GitHubStandIn): Promise<Stage> {
  const github = shared ?? (await startGitHub());
  if (shared === undefined)
    for (const name of [app, 'acme/other']) await github.createRepository(name, { 'a.txt': 'a\n' });
  let osv = await startOsv();
  const workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
  let last = 5000;
  const nextId = (): number => {
    last += 1;
    return last;
  };
  return {
    github,
    osv: () => osv,
    async know(...records) {
      osv.expectNoViolations();
      await osv.close();
      osv = await startOsv({ records });
    },
    publish(tag, content, repository = app) {
      const assets = [{ id: nextId(), name: 'sbom.cdx.json', content: Buffer.from(content) }];
      github.repository(repository).releases.push({ id: nextId(), tag, assets });
      const url = `${github.url}/${repository}/releases/download/${encodeURIComponent(tag)}/sbom.cdx.json`;
      return { url, digest: digestOf(content) };
    },
    deploy(
      project,
      {
        sbom = null,
        environment = 'production',
        tenant,
        states = ['success'] as const,
        repository = app,
        payload = {
          ...{ schema: 'sluice.deployment.v1', project, environment },
          ...{ tenant: tenant ?? null, sbom },
        },
      } = {},
    ) {
      const id = nextId();
      const now = Date.now();
      github.repository(repository).deployments.set(id, {
        ...{ id, sha: '0'.repeat(40), ref: 'main', task: `deploy:${project}`, environment },
        payload,
        ...{
          description: null,
          transient: false,
          production: true,
          creator: 'alice',
          createdAt: now,
          updatedAt: now,
        },
        statuses: states.map(
          (state): DeploymentStatus => ({
            state,
            ...{ id: nextId(), description: '', environment, environmentUrl: '', logUrl: '' },
            ...{ creator: 'alice', createdAt: now },
          }),
        ),
      });
      return id;
    },
    put(path, content) {
      mkdirSync(dirname(join(workspace, path)), { recursive: true });
      writeFileSync(join(workspace, path), content);
    },
    scan: (inputs = {}, more = {}) =>
      runBundle({
        ...securityBundle,
        ...{ workspace, token: github.githubToken(app, permissions) },
        inputs: { 'osv-url': osv.url, ...inputs },
        ...more,
        env: jobEnvironment(github, app, more.env),
      }),
    issues: () => [...github.repository(app).issues.values()],
    comments: () => [...github.repository(app).comments.values()].map(({ body }) => body),
    async close() {
      await Promise.all([osv.close(), ...(shared === undefined ? [github.close()] : [])]);
      rmSync(workspace, { recursive: true, force: true });
    },
  };
}

export const digestOf = (content: string): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** A test with a stage of its own. */
export const withStage = (test: (stage: Stage) => Promise<void>) => async (): Promise<void> => {
  const stage = await openStage();
  try {
    await test(stage);
    stage.github.expectNoViolations();
    stage.osv().expectNoViolations();
  } finally {
    await stage.close();
  }
};
