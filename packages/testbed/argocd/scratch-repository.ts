import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A bare repository in a temporary folder, for tests of the stand-in alone. */
export interface ScratchRepository {
  /** The bare repository's folder: a URL to clone from. */
  readonly url: string;
  /** Writes files (undefined deletes), commits and pushes to `main`; the commit. */
  commit(files: Readonly<Record<string, string | undefined>>, message?: string): string;
  close(): void;
}

export function createScratchRepository(files: Readonly<Record<string, string>>): ScratchRepository {
  const root = mkdtempSync(path.join(tmpdir(), 'scratch-repository-'));
  const url = path.join(root, 'repository.git');
  const tree = path.join(root, 'tree');
  const identity = [
    '-c',
    'user.name=Rig',
    '-c',
    'user.email=rig@example.invalid',
    '-c',
    'commit.gpgsign=false',
  ];
  const git = (args: readonly string[], cwd = tree) =>
    execFileSync('git', args, { cwd, encoding: 'utf8' }).trim();
  git(['init', '-q', '--bare', '-b', 'main', url], root);
  git(['init', '-q', '-b', 'main', tree], root);
  const commit: ScratchRepository['commit'] = (changed, message = 'change') => {
    for (const [name, text] of Object.entries(changed)) {
      const place = path.join(tree, name);
      mkdirSync(path.dirname(place), { recursive: true });
      if (text === undefined) rmSync(place);
      else writeFileSync(place, text);
    }
    git(['add', '-A']);
    git([...identity, 'commit', '-q', '--allow-empty', '-m', message]);
    git(['push', '-q', url, 'HEAD:main']);
    return git(['rev-parse', 'HEAD']);
  };
  commit(files, 'first version');
  return { url, commit, close: () => rmSync(root, { recursive: true, force: true }) };
}

/** A Deployment with one container `web`. */
export function deployment(name: string, image: string, replicas = 1): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${replicas}
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
        - name: web
          image: ${image}
`;
}

export function configMap(name: string, color: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  color: ${color}\n`;
}

const kustomization = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - deployment.yaml
  - configmap.yaml
images:
  - name: registry.example.com/web
    newTag: 1.0.0
`;

const job = `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
    argocd.argoproj.io/hook: PreSync
    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: registry.example.com/migrate:1.0.0
`;

/** The sample folders `plain`, `kustomize`, `helm` and `hooks`. */
export const sampleFiles: Readonly<Record<string, string>> = {
  'plain/deployment.yaml': deployment('web', 'registry.example.com/web:1.0.0'),
  'plain/configmap.yaml': configMap('web-settings', 'blue'),
  'kustomize/deployment.yaml': deployment('kweb', 'registry.example.com/web'),
  'kustomize/configmap.yaml': configMap('kweb-settings', 'blue'),
  'kustomize/kustomization.yaml': kustomization,
  'helm/Chart.yaml': 'apiVersion: v2\nname: hweb\nversion: 0.1.0\n',
  'helm/values.yaml': 'image:\n  repository: registry.example.com/web\n  tag: 1.0.0\n',
  'helm/templates/deployment.yaml': deployment(
    'hweb',
    '{{ .Values.image.repository }}:{{ .Values.image.tag }}',
  ),
  'hooks/configmap.yaml': configMap('hooked', 'blue'),
  'hooks/job.yaml': job,
};
