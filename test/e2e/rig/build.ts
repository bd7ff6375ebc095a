import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cached } from './cache.ts';

const run = promisify(execFile);
const source = join(import.meta.dirname, 'go');
const parts = [
  'kube-apiserver',
  'kustomize',
  'argocd-server',
  'argocd-application-controller',
  'argocd-applicationset-controller',
  'argocd-notifications',
  'argocd-repo-server',
  // The command line, and what the repo server calls when Git asks for a password.
  'argocd',
];

/** Where the built programs and Argo CD's resource definitions lie. */
export interface Binaries {
  readonly bin: string;
  readonly crds: string;
}

/** The version that `go version` tells, or undefined where there is no Go. */
export async function goVersion(): Promise<string | undefined> {
  try {
    return (await run('go', ['version'], { cwd: source })).stdout.trim();
  } catch {
    return undefined;
  }
}

/**
 * Builds the real parts, or takes them from the cache of an earlier run. The first build downloads about 300 MB
 * and takes minutes; `say` is told so before.
 */
export async function buildBinaries(go: string, say: (line: string) => void): Promise<Binaries> {
  const hash = createHash('sha256').update(go);
  for (const file of ['go.mod', 'go.sum', 'main.go']) hash.update(await readFile(join(source, file)));
  const kept = await cached(hash.digest('hex').slice(0, 16), async (fresh) => {
    say(
      'Building Argo CD, the Kubernetes API server, kustomize and Helm: some six minutes the first time, then kept.',
    );
    await build(join(fresh, 'bin'), join(fresh, 'crds'));
  });
  return { bin: join(kept, 'bin'), crds: join(kept, 'crds') };
}

async function build(bin: string, crds: string): Promise<void> {
  await mkdir(bin, { recursive: true });
  await mkdir(crds, { recursive: true });
  const kubernetes = await goModule('k8s.io/kubernetes', 'Version');
  const argocd = await goModule('github.com/argoproj/argo-cd/v3', 'Version');
  const helm = await goModule('helm.sh/helm/v3', 'Version');
  const [major, minor] = kubernetes.slice(1).split('.');
  // Without these the API server calls itself v0.0.0-master and clients refuse it.
  const versions = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((path) => [
    `-X ${path}.gitVersion=${kubernetes}`,
    `-X ${path}.gitMajor=${major}`,
    `-X ${path}.gitMinor=${minor}`,
  ]);
  versions.push(`-X github.com/argoproj/argo-cd/v3/common.version=${argocd.slice(1)}`);
  await goBuild(join(bin, 'rig'), '.', versions);
  await goBuild(join(bin, 'helm'), 'helm.sh/helm/v3/cmd/helm', [
    `-X helm.sh/helm/v3/internal/version.version=${helm}`,
  ]);
  for (const part of parts) await symlink('rig', join(bin, part));
  const manifests = join(await goModule('github.com/argoproj/argo-cd/v3', 'Dir'), 'manifests', 'crds');
  for (const kind of ['application', 'applicationset', 'appproject']) {
    await copyFile(join(manifests, `${kind}-crd.yaml`), join(crds, `${kind}s.argoproj.io`));
  }
}

async function goBuild(output: string, target: string, flags: readonly string[]): Promise<void> {
  await runGo(['build', '-ldflags', ['-s', '-w', ...flags].join(' '), '-o', output, target]);
}

async function goModule(module: string, field: 'Version' | 'Dir'): Promise<string> {
  // `go list` tells no folder of a module that has not been downloaded.
  if (field === 'Dir') await runGo(['mod', 'download', module]);
  return runGo(['list', '-m', '-f', `{{.${field}}}`, module]);
}

async function runGo(args: readonly string[]): Promise<string> {
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -buildvcs=false -trimpath' };
  const { stdout } = await run('go', args, { cwd: source, env, maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}
