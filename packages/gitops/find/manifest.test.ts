import { describe, expect, test } from 'vitest';
import { plan } from './plan-edits.testing.ts';

const D1 = `sha256:${'a'.repeat(64)}`;
const D2 = `sha256:${'b'.repeat(64)}`;

function object(apiVersion: string, kind: string, path: string[], image = 'nginx:1.25'): string {
  const lines = [`apiVersion: ${apiVersion}`, `kind: ${kind}`, 'metadata:', '  name: a'];
  path.forEach((key, depth) => {
    lines.push(`${'  '.repeat(depth)}${key}:`);
  });
  const pad = '  '.repeat(path.length);
  lines.push(`${pad}containers:`, `${pad}- name: app`, `${pad}  image: ${image} # keep`);
  return `${lines.join('\n')}\n`;
}

describe('every built-in kind that holds a pod, and the Rollout', () => {
  test.each([
    ['v1', 'Pod', ['spec']],
    ['v1', 'PodTemplate', ['template', 'spec']],
    ['v1', 'ReplicationController', ['spec', 'template', 'spec']],
    ['apps/v1', 'Deployment', ['spec', 'template', 'spec']],
    ['apps/v1', 'StatefulSet', ['spec', 'template', 'spec']],
    ['apps/v1', 'DaemonSet', ['spec', 'template', 'spec']],
    ['apps/v1', 'ReplicaSet', ['spec', 'template', 'spec']],
    ['batch/v1', 'Job', ['spec', 'template', 'spec']],
    ['batch/v1', 'CronJob', ['spec', 'jobTemplate', 'spec', 'template', 'spec']],
    ['argoproj.io/v1alpha1', 'Rollout', ['spec', 'template', 'spec']],
  ])('%s %s', (apiVersion, kind, path) => {
    const before = object(apiVersion, kind, path);
    const planned = plan({ 'a.yaml': before }, ['nginx:1.27']);
    expect(planned.files[0]?.after).toBe(before.replace('1.25', '1.27'));
    expect(planned.images).toEqual([
      {
        image: 'nginx:1.27',
        status: 'updated',
        places: [{ path: 'a.yaml', place: `${kind}/a container app` }],
      },
    ]);
  });

  test.each([
    ['example.com/v1', 'Deployment'],
    ['v1', 'ConfigMap'],
    ['apps/v1', 'constructor'],
  ])('%s %s is left alone', (apiVersion, kind) => {
    const planned = plan({ 'a.yaml': object(apiVersion, kind, ['spec', 'template', 'spec']) }, [
      'nginx:1.27',
    ]);
    expect([planned.files, planned.images[0]?.status]).toEqual([[], 'not-found']);
  });
});

test('the items of a List are objects like any other, and are looked up by their own names', () => {
  const pod = (name: string, image: string): string =>
    `{apiVersion: v1, kind: Pod, metadata: {name: ${name}}, spec: {containers: [{name: c, image: "${image}"}]}}`;
  const list = (tag: string): string =>
    `apiVersion: v1\nkind: List\nitems:\n- ${pod('a', `nginx:${tag}`)}\n- apiVersion: v1\n  kind: List\n  items: [${pod('b', `nginx:${tag}`)}, ${pod('c', 'redis:1')}]\n`;
  const { files, images } = plan({ 'a.yaml': list('1') }, ['nginx:2']);
  expect(files[0]?.after).toBe(list('2'));
  expect(images[0]?.places.map(({ place }) => place)).toEqual(['Pod/a container c', 'Pod/b container c']);
});

test('an image with a variable in it is told, and the one beside it is set', () => {
  const before = `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: "nginx:\${TAG}"}, {name: d, image: "nginx:1"}]}\n`;
  const { files, skipped } = plan({ 'a.yaml': before }, ['nginx:2']);
  expect(files[0]?.after).toBe(before.replace('nginx:1', 'nginx:2'));
  expect(skipped).toMatchObject([
    {
      path: 'a.yaml',
      reason: 'expression',
      message: 'Pod/a container c has an expression (`${`), which is left alone',
    },
  ]);
  expect(plan({ 'a.yaml': before }, ['redis:2']).skipped).toEqual([]);
});

test('the items of a list of one kind are of that kind, also where they do not say so', () => {
  const list = (tag: string): string =>
    `apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- {metadata: {name: a}, spec: {template: {spec: {containers: [{name: c, image: "nginx:${tag}"}]}}}}\n- apiVersion: apps/v1\n  kind: Deployment\n  metadata: {name: b}\n  spec: {template: {spec: {containers: [{name: c, image: "nginx:${tag}"}]}}}\n`;
  const { files, images, problems } = plan({ 'a.yaml': list('1') }, ['nginx:2']);
  expect([problems, files[0]?.after]).toEqual([[], list('2')]);
  expect(images[0]?.places.map(({ place }) => place)).toEqual([
    'Deployment/a container c',
    'Deployment/b container c',
  ]);
});

describe('only the tag and digest of the wanted repository change', () => {
  test.each([
    ['nginx:1.25', 'nginx:1.27', 'nginx:1.27'],
    ['docker.io/library/nginx:1.25', 'nginx:1.27', 'docker.io/library/nginx:1.27'],
    ['"index.docker.io/nginx:1.25"', 'docker.io/library/nginx:1.27', '"index.docker.io/nginx:1.27"'],
    ["'nginx:1.25'", 'nginx:1.27', "'nginx:1.27'"],
    ['nginx', 'nginx:1.27', 'nginx:1.27'],
    [`nginx:1.25@${D1}`, 'nginx:1.27', 'nginx:1.27'],
    [`nginx:1.25@${D1}`, `nginx:1.27@${D2}`, `nginx:1.27@${D2}`],
    ['nginx:1.25', `nginx@${D2}`, `nginx@${D2}`],
    ['registry:5000/nginx:1', 'registry:5000/nginx:2', 'registry:5000/nginx:2'],
  ])('%s by %s', (before, image, after) => {
    const text = object('apps/v1', 'Deployment', ['spec', 'template', 'spec'], before);
    expect(plan({ 'a.yaml': text }, [image]).files[0]?.after).toBe(text.replace(before, after));
  });

  test.each([
    'reg/nginx:1.25',
    'nginx-worker:1.25',
    'nginx/sub:1.25',
    'Nginx:1.25',
    '$(NGINX)',
    'ghcr.io/library/nginx:1',
  ])('%s is another one', (before) => {
    const text = object('apps/v1', 'Deployment', ['spec', 'template', 'spec'], before);
    expect(plan({ 'a.yaml': text }, ['nginx:1.27']).files).toEqual([]);
  });
});

test('containers of every list, of several documents, in flow style and JSON', () => {
  const yaml = `# first
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      initContainers: [{name: init, image: "nginx:1.25"}] # flow
      containers:
      - image: redis:7
        name: cache
      - image: nginx:1.25
        name: web
      ephemeralContainers:
      - {name: debug, image: nginx:1.25}
---
apiVersion: v1
kind: Service
metadata: {name: nginx}
---
apiVersion: v1
kind: Pod
metadata: {name: one}
spec: {containers: [{name: c, image: 'nginx:1.27'}]}
`;
  const json = JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'j' },
      spec: { containers: [{ name: 'c', image: 'nginx:1.25' }] },
    },
    null,
    '\t',
  );
  const planned = plan({ 'a.yaml': yaml, 'b.json': json }, ['nginx:1.27']);
  expect(planned.files.map(({ after }) => after)).toEqual(
    [yaml, json].map((text) => text.replaceAll('nginx:1.25', 'nginx:1.27')),
  );
  expect(planned.images[0]?.places.map(({ place }) => place)).toEqual([
    'Deployment/shop/web init container init',
    'Deployment/shop/web container web',
    'Deployment/shop/web ephemeral container debug',
    'Pod/one container c',
    'Pod/j container c',
  ]);
});

test('CRLF, a byte order mark, emoji, comments and text that looks alike stay as they are', () => {
  const text =
    '\ufeff# nginx:1.25 🚀\r\napiVersion: v1\r\nkind: Pod\r\nmetadata:\r\n  name: "🚀"\r\nspec:\r\n  containers:\r\n  - name: a\r\n    # image: nginx:1.25\r\n    image:   nginx:1.25   # nginx:1.25\r\n    env:\r\n    - {name: X, value: nginx:1.25}\r\n    args: [|-\r\n'.replace(
      ' [|-',
      ' ["nginx:1.25"]',
    );
  const planned = plan({ 'a.yaml': text }, ['nginx:1.27']);
  expect(planned.files[0]?.after).toBe(text.replace('image:   nginx:1.25', 'image:   nginx:1.27'));
});
