import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startArgoCd } from '@sluice/testbed/argocd/stand-in';
import { startGitHub } from '@sluice/testbed/github/start';
import { type OsvRecord, startOsv } from '@sluice/testbed/osv/start';
import { jobEnvironment, type RunOptions } from '@sluice/testbed/runner';

/** A way through a bundle whose time is taken. */
export interface Start {
  /** As the file in `dist/` is called. */
  readonly bundle: string;
  readonly what: string;
  /** What the action must put out: a run that ends elsewhere has measured something else. */
  readonly ends: { readonly verdict: string; readonly reason: string };
  /** Ratio to bare Node that it may take; absent where Git or a signature is much of it. */
  readonly target?: number;
  readonly run: RunOptions;
}

export interface Starts extends AsyncDisposable {
  readonly starts: readonly Start[];
}

const root = path.resolve(import.meta.dirname, '../..');
/** For an action that deploys or scans: it carries the parsers, the rule and the clients. */
const deploying = 2.2;
/** For an action that every pull request waits for. */
const gating = 1.5;
/** The same, with a call of GitHub's API. */
const asking = 1.8;
const image = 'registry.example/shop:1.4.2';
const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  template:
    spec:
      containers:
        - name: web
          image: ${image}
`;

const sbom = JSON.stringify({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  components: [{ type: 'library', name: 'qs', version: '6.7.3', purl: 'pkg:npm/qs@6.7.3' }],
});
const record: OsvRecord = {
  id: 'GHSA-hrpp-h998-j3pp',
  modified: '2024-02-16T00:00:00Z',
  affected: [
    {
      package: { ecosystem: 'npm', name: 'qs' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '6.7.0' }, { fixed: '6.7.3' }] }],
    },
  ],
};

const digest = `sha256:${createHash('sha256').update(sbom).digest('hex')}`;

/** The shortest valid way through each bundle, on stand-ins where it calls an API. */
export async function prepareStarts(): Promise<Starts> {
  const github = await startGitHub();
  await github.createRepository('acme/gitops', { 'deployment.yaml': manifest });
  await github.createRepository('acme/app', { 'README.md': 'app\n' });
  const headSha = await github.commitFiles('acme/app', 'topic', { 'README.md': 'topic\n' });
  github.repository('acme/app').pulls.set(7, {
    ...{
      number: 7,
      author: 'alice',
      head: 'topic',
      base: 'main',
      createdAt: 0,
      updatedAt: 0,
      title: 'T',
      body: null,
    },
    ...{
      state: 'open',
      draft: false,
      labels: ['bug'],
      reviewers: [],
      teamReviewers: [],
      headSha,
      baseSha: headSha,
    },
  });
  const argocd = await startArgoCd({ gitBase: github.root });
  const assets = [{ id: 1, name: 'sbom.cdx.json', content: Buffer.from(sbom) }];
  github.repository('acme/app').releases.push({ id: 2, tag: 'v1', assets });
  const osv = await startOsv({ records: [record] });
  const app = github.createApp({ owner: 'acme', repositories: [], permissions: {} });
  const workspace = mkdtempSync(path.join(tmpdir(), 'bench-'));
  writeFileSync(path.join(workspace, 'deployment.yaml'), manifest);
  writeFileSync(path.join(workspace, 'sbom.cdx.json'), sbom);
  writeFileSync(path.join(workspace, 'osv.json'), JSON.stringify(record));
  const env = jobEnvironment(github, 'acme/app');
  const login = { 'argocd-server': argocd.url, 'argocd-token': argocd.token({ actions: ['get'] }) };
  const deploy = { ...login, repository: 'acme/gitops', branch: 'main', images: image };
  const starts: readonly Start[] = [
    {
      bundle: 'image-tag-bump',
      what: '`commit: none`, the workspace holds the tag already; no API',
      ends: { verdict: 'unchanged', reason: 'already-set' },
      target: deploying,
      run: {
        action: path.join(root, 'actions/image-tag-bump'),
        env,
        workspace,
        inputs: { images: image, commit: 'none', branch: 'main' },
      },
    },
    {
      bundle: 'argo-sync-wait',
      what: 'asks Argo CD for an application that is not there; 1 call',
      ends: { verdict: 'unknown', reason: 'no-application' },
      target: deploying,
      run: {
        action: path.join(root, 'actions/argo-sync-wait'),
        env,
        token: github.createToken(),
        // One that is not there is waited for, but not this short.
        inputs: { ...login, revision: '0'.repeat(40), applications: 'shop', timeout: '1s' },
      },
    },
    {
      bundle: 'sbom-scan',
      what: 'one package of a CycloneDX file, one record of a database; no API',
      ends: { verdict: 'clean', reason: 'nothing-found' },
      target: deploying,
      run: {
        action: path.join(root, 'actions/sbom-scan'),
        env,
        workspace,
        inputs: { sbom: 'sbom.cdx.json', source: 'database', database: 'osv.json' },
      },
    },
    {
      bundle: 'sbom-scan',
      what: "the same package by OSV's API; 1 call",
      ends: { verdict: 'clean', reason: 'nothing-found' },
      target: deploying,
      run: {
        action: path.join(root, 'actions/sbom-scan'),
        env,
        workspace,
        inputs: { sbom: 'sbom.cdx.json', 'osv-url': osv.url },
      },
    },
    {
      bundle: 'security-scan',
      what: 'asks GitHub for Deployments, of which there is none; 1 call',
      ends: { verdict: 'could-not-scan', reason: 'no-deployment' },
      target: deploying,
      run: {
        action: path.join(root, 'actions/security-scan'),
        env,
        token: github.createToken(),
        workspace,
        inputs: { issues: 'false', source: 'database', database: 'osv.json' },
      },
    },
    {
      bundle: 'security-scan',
      what: 'fetches the same SBOM from a release, one record of a database; 2 calls',
      ends: { verdict: 'clean', reason: 'nothing-found' },
      run: {
        action: path.join(root, 'actions/security-scan'),
        env,
        token: github.createToken(),
        workspace,
        inputs: {
          sbom: `${github.url}/acme/app/releases/download/v1/sbom.cdx.json@${digest}`,
          source: 'database',
          database: 'osv.json',
        },
      },
    },
    {
      bundle: 'pr-ready',
      what: 'two jobs that succeeded; no API',
      ends: { verdict: 'ready', reason: 'all-succeeded' },
      target: gating,
      run: {
        action: path.join(root, 'actions/pr-ready'),
        env,
        inputs: { needs: '{"build":{"result":"success"},"test":{"result":"success"}}' },
      },
    },
    {
      bundle: 'skip-ephemeral',
      what: 'the labels of a pull request; 1 call',
      ends: { verdict: 'deploy', reason: 'no-label' },
      target: asking,
      run: {
        action: path.join(root, 'actions/skip-ephemeral'),
        env,
        token: github.createToken(),
        inputs: { 'pull-request': '7' },
      },
    },
    {
      bundle: 'build-gate',
      what: 'finds no Dockerfile: nothing is built; no API',
      ends: { verdict: 'could-not-tell', reason: 'dockerfile-not-found' },
      target: deploying,
      run: { action: path.join(root, 'actions/build-gate/run'), env, workspace, inputs: { smoke: '/shop' } },
    },
    {
      bundle: 'ephemeral-env',
      what: 'finds that its inputs are wrong: all that each run loads',
      ends: { verdict: 'unknown', reason: 'invalid-input' },
      target: deploying,
      run: { action: path.join(root, 'actions/ephemeral-env'), env, inputs: {} },
    },
    {
      bundle: 'ephemeral-env',
      what: '`dry-run` of a removal: what would go, from the repository on GitHub',
      ends: { verdict: 'removed', reason: 'dry-run' },
      run: {
        action: path.join(root, 'actions/ephemeral-env'),
        env,
        token: github.createToken(),
        inputs: {
          ...{ operation: 'remove', project: 'shop', repository: 'acme/gitops', branch: 'main' },
          ...{ 'pull-request': '7', 'dry-run': 'true' },
        },
      },
    },
    {
      bundle: 'cancel-superseded',
      what: 'finds no other run; 1 call',
      ends: { verdict: 'nothing', reason: 'nothing-superseded' },
      target: asking,
      run: {
        action: path.join(root, 'actions/cancel-superseded'),
        env: jobEnvironment(github, 'acme/gitops'),
        token: github.createToken(),
        inputs: { project: 'shop', environment: 'qa' },
      },
    },
    {
      bundle: 'root',
      what: 'finds that its inputs are wrong: all that it loads, and nothing else',
      ends: { verdict: 'unknown', reason: 'invalid-input' },
      target: deploying,
      run: { action: root, env, inputs: {} },
    },
    {
      bundle: 'root',
      what: 'asks GitHub for the token of an App that is not installed; 1 call',
      ends: { verdict: 'unknown', reason: 'app-not-installed' },
      run: {
        action: root,
        env,
        inputs: { ...deploy, 'app-id': String(app.id), 'app-private-key': app.privateKey },
      },
    },
    {
      bundle: 'root',
      what: '`dry-run` of a deployment: the plan, from the repository on GitHub',
      ends: { verdict: 'pending', reason: 'dry-run' },
      run: {
        action: root,
        env,
        token: github.createToken(),
        inputs: { ...deploy, images: 'registry.example/shop:1.4.3', 'dry-run': 'true' },
      },
    },
  ];
  return {
    starts,
    async [Symbol.asyncDispose]() {
      await argocd.close();
      await osv.close();
      await github.close();
      rmSync(workspace, { recursive: true });
    },
  };
}
