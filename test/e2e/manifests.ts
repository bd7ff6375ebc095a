import { byHand } from './rig/operator.ts';

/** Files of a GitOps repository, by path. */
export type Files = Readonly<Record<string, string>>;

interface DeploymentOptions {
  readonly replicas?: number;
  /** The scenario itself writes the status. */
  readonly byHand?: boolean;
}

/** A Deployment with one container `app`, written as people write it. */
export function deployment(name: string, image: string, options: DeploymentOptions = {}): string {
  return `# ${name}: kept by hand
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}${options.byHand ? `\n  annotations: { ${byHand}: 'true' }` : ''}
spec:
  replicas: ${options.replicas ?? 1}
  selector:
    matchLabels: { app: ${name} }
  template:
    metadata:
      labels: { app: ${name} }
    spec:
      containers:
        - name: app
          image: ${image} # the released version
`;
}

/** A ConfigMap, which has no health of its own. */
export function settings(name: string, color: string, namespace?: string): string {
  const where = namespace === undefined ? '' : `\n  namespace: ${namespace}`;
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}${where}\ndata:\n  color: ${color}\n`;
}

/** A folder whose kustomization sets the tag of the image. */
export function kustomization(folder: string, image: string, tag: string): Files {
  return {
    [`${folder}/deployment.yaml`]: deployment('web', image),
    [`${folder}/settings.yaml`]: settings('web-settings', 'blue'),
    [`${folder}/kustomization.yaml`]: `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - deployment.yaml
  - settings.yaml
images:
  - name: ${image}
    newTag: ${tag}
`,
  };
}

/** A Helm chart with the usual shape of values. */
export function chart(folder: string, image: string, tag: string): Files {
  return {
    [`${folder}/Chart.yaml`]: 'apiVersion: v2\nname: web\nversion: 0.1.0\n',
    [`${folder}/values.yaml`]: `image:\n  repository: ${image}\n  tag: ${tag}\n`,
    [`${folder}/templates/deployment.yaml`]: deployment(
      'web',
      '"{{ .Values.image.repository }}:{{ .Values.image.tag }}"',
    ),
  };
}

/** A hook that Argo CD runs before each sync and waits for. */
export function migration(name: string): string {
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
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
}
