import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startArgoCd } from '@sluice/testbed/argocd/stand-in';
import { startGitHub } from '@sluice/testbed/github/start';
import { jobEnvironment, runBundle } from '@sluice/testbed/runner';

const action = fileURLToPath(new URL('../../actions/argo-sync-wait', import.meta.url));
const peakMemory = path.join(import.meta.dirname, 'peak-memory.mjs');

export interface ManyReport {
  readonly verdict: string;
  readonly seconds: number;
  /** Bytes. */
  readonly memory: number;
  readonly received: number;
  readonly requests: number;
  readonly connections: number;
}

const manifest = (tag: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec: { containers: [{ name: app, image: "registry.example/api:${tag}" }] }
`;

/** argo-sync-wait for one commit that so many applications read, each into a namespace of its own, until all are live. */
export async function measureMany(count: number): Promise<ManyReport> {
  const github = await startGitHub();
  await github.createRepository('acme/gitops', { 'app/deployment.yaml': manifest('1.0.0') });
  const argocd = await startArgoCd({ gitBase: github.root, timing: { rollout: 2000 } });
  const dir = await mkdtemp(path.join(tmpdir(), 'sluice-many-'));
  try {
    for (let index = 0; index < count; index++) {
      const source = { repoURL: `${github.url}/acme/gitops.git`, path: 'app', targetRevision: 'main' };
      await argocd.createApplication({ name: `api-${index}`, automated: true, deployed: true, ...source });
    }
    const revision = await github.commitFiles('acme/gitops', 'main', {
      'app/deployment.yaml': manifest('1.1.0'),
    });
    const [requests, bytes] = [argocd.requests.length, argocd.connections().bytes];
    const file = path.join(dir, 'peak');
    const run = await runBundle({
      action,
      timeout: 1_800_000,
      token: github.createToken({ permissions: { contents: 'read' } }),
      inputs: {
        ...{ 'argocd-server': argocd.url, 'argocd-token': argocd.token({ actions: ['get'] }) },
        ...{ revision, applications: 'api-*', settle: '1s', timeout: '25m' },
      },
      env: {
        ...jobEnvironment(github, 'acme/app'),
        ...{ NODE_OPTIONS: `--import=${peakMemory}`, PEAK_MEMORY: file },
      },
    });
    return {
      verdict: run.outputs.verdict ?? `none: ${run.log.slice(-2000)}`,
      seconds: run.ms / 1000,
      memory: Number(await readFile(file, 'utf8')) * 1024,
      received: argocd.connections().bytes - bytes,
      requests: argocd.requests.length - requests,
      connections: argocd.connections().most,
    };
  } finally {
    await argocd.close();
    await github.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Most memory for a thousand applications, in bytes. */
export const LARGEST_WAIT = 300e6;

/** The report as a line. */
export const describeMany = (count: number, report: ManyReport): string => {
  const { verdict, seconds, memory, received, requests, connections } = report;
  return `${count} applications of one commit: ${verdict} after ${seconds.toFixed(0)} s, ${(memory / 1e6).toFixed(0)} MB at most, ${requests} requests and ${(received / 1e6).toFixed(1)} MB over ${connections} connections`;
};

export const isMet = ({ verdict, memory, connections }: ManyReport): boolean =>
  verdict === 'live' && memory < LARGEST_WAIT && connections <= 2;

if (import.meta.main) {
  const count = Number(process.argv[2] ?? 1000);
  const report = await measureMany(count);
  console.log(describeMany(count, report));
  process.exitCode = isMet(report) ? 0 : 1;
}
