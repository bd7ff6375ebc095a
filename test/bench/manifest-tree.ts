import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The image whose tag is set. */
export const TREE_IMAGE = 'registry.example/payments/api';
export const TREE_FILES = 10_000;
const EVERY = 100;
/** Files of one service: its manifests, its overlay and its values. */
const KINDS = [deployment, service, configMap, kustomization, values] as const;

interface Service {
  readonly name: string;
  readonly image: string;
  readonly tag: string;
}

/** 10,000 files as a GitOps repository holds them; one in a hundred names the image. */
export function manifestTree(): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (let index = 0; index < TREE_FILES; index++) {
    const number = Math.floor(index / KINDS.length);
    const make = KINDS[index % KINDS.length] ?? deployment;
    const holds = make === deployment && number % (EVERY / KINDS.length) === 0;
    const name = `service-${number}`;
    const own = { image: `registry.example/team-${number % 40}/${name}`, tag: `2.${number % 9}.0` };
    const { file, text } = make({ name, ...(holds ? { image: TREE_IMAGE, tag: '1.4.1' } : own) });
    files[`teams/team-${number % 40}/${name}/${file}`] = text;
  }
  return files;
}

/** Writes the tree as a checkout: in a Git repository, committed. */
export function checkOutTree(root: string): void {
  const files = Object.entries(manifestTree());
  for (const folder of new Set(files.map(([path]) => dirname(path)))) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const [path, text] of files) writeFileSync(join(root, path), text);
  for (const args of [
    ['init', '--quiet', '--initial-branch=main'],
    ['add', '.'],
    ['-c', 'user.name=bench', '-c', 'user.email=bench@example', 'commit', '--quiet', '--message=tree'],
  ]) {
    execFileSync('git', args, { cwd: root });
  }
}

function deployment({ name, image, tag }: Service) {
  const text = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: &labels
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/part-of: shop
spec:
  replicas: 2
  selector:
    matchLabels: *labels
  template:
    metadata:
      labels: *labels
    spec:
      securityContext: { runAsNonRoot: true }
      containers:
        - name: app
          image: ${image}:${tag} # kept current by the pipeline
          ports:
            - { name: http, containerPort: 8080 }
          env:
            - name: LOG_LEVEL
              value: info
            - name: DATABASE_URL
              valueFrom: { secretKeyRef: { name: ${name}, key: url } }
          readinessProbe:
            httpGet: { path: /ready, port: http }
          resources:
            requests: { cpu: 100m, memory: 128Mi }
            limits: { memory: 256Mi }
        - name: proxy
          image: docker.io/envoyproxy/envoy:v1.31.0
`;
  return { file: 'base/deployment.yaml', text };
}

function service({ name }: Service) {
  const text = `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - name: http
      port: 80
      targetPort: http
`;
  return { file: 'base/service.yaml', text };
}

function configMap({ name }: Service) {
  const text = `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data:
  application.properties: |
    server.port=8080
    spring.application.name=${name}
    management.endpoints.web.exposure.include=health,prometheus
    logging.level.root=INFO
  feature-flags.json: '{"checkout": true, "wallet": false}'
`;
  return { file: 'base/config.yaml', text };
}

function kustomization({ name, image, tag }: Service) {
  const text = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: ${name}
resources:
  - ../../base
images:
  - name: ${image}
    newTag: "${tag}"
`;
  return { file: 'overlays/production/kustomization.yaml', text };
}

function values({ name, image, tag }: Service) {
  const text = `# Values of ${name}
replicaCount: 2
image:
  repository: ${image}
  tag: "${tag}"
  pullPolicy: IfNotPresent
service:
  type: ClusterIP
  port: 80
ingress:
  enabled: true
  hosts:
    - host: ${name}.shop.example
      paths:
        - path: /
          pathType: Prefix
resources:
  limits:
    memory: 256Mi
`;
  return { file: 'chart/values.yaml', text };
}
