import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseInputs } from '@sluice/core/contract';
import { systemExec } from '@sluice/core/exec';
import { createGit } from '@sluice/core/git';
import { runs } from '@sluice/testbed/runs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planOn } from '../bump/bump-plan.ts';
import { bumpInputs } from '../inputs.ts';
import { workspaceSnapshot, writeWorkspace } from './workspace.ts';

const image = 'registry.example:5000/team/shop';

/** A file by the tag that it is to hold: what the edited file must be, byte for byte, is known without the editor. */
type Template = (tag: string) => string;

const object = (kind: string, apiVersion: string, name: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: "${name}" # 🚀 ${image}:0\n`;

const places: readonly (readonly [file: string, lines: number, template: Template])[] = [
  [
    'deployment.yaml',
    2,
    (tag) =>
      `${object('Deployment', 'apps/v1', 'shöp')}spec:\n  template:\n    spec:\n      initContainers:\n      - {name: i, image: '${image}:${tag}'}\n      containers:\n      - name: c\n        image:   ${image}:${tag}\t# ${image}:old\n      - name: other\n        image: ${image}-worker:1\n`,
  ],
  [
    'cron.yml',
    1,
    (tag) =>
      `# first\n---\n${object('ConfigMap', 'v1', 'c')}data:\n  image: ${image}:0\n  text: |\n    image: ${image}:0\n---\n${object('CronJob', 'batch/v1', 'c')}spec: {jobTemplate: {spec: {template: {spec: {containers: [{image: "${image}:${tag}", name: c}]}}}}}\n...\n`,
  ],
  [
    'pod.json',
    1,
    (tag) =>
      JSON.stringify(
        {
          kind: 'Pod',
          apiVersion: 'v1',
          metadata: { name: 'p' },
          spec: { containers: [{ name: 'c', image: `${image}:${tag}` }] },
        },
        null,
        '\t',
      ),
  ],
  [
    'kustomization.yaml',
    1,
    (tag) =>
      `images:\n  # ${image}\n  - newTag: "${tag}"   # keep\n    name: ${image}\n  - name: shop\n    newTag: "0"\n`,
  ],
  [
    'values.yaml',
    2,
    (tag) =>
      `web:\n  image:\n    registry: registry.example:5000\n    repository: team/shop\n    tag: '${tag}'\n    pullPolicy: Always\nsidecarImage: >-\n  ${image}:${tag}\n\nother: {image: {repository: shop, tag: "0"}}\n`,
  ],
  [
    'list.json',
    2,
    (tag) =>
      `{"apiVersion": "v1", "kind": "List", "items": [\n  {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "a"}, "spec": {"initContainers": [{"image": "${image}:${tag}", "name": "i"}]}},\n  {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a"}, "spec": {"template": {"spec": {"containers": [\n    {"name": "c", "image": "${image}:${tag}"}, {"name": "d", "image": "${image}-worker:1"}]}}}}]}`,
  ],
  [
    'overlay/kustomization.yml',
    4,
    (tag) =>
      `patches:\n- target: {kind: Deployment, name: shop}\n  patch: |-\n      # ${image}:0\n      - op: replace\n        path: /spec/template/spec/containers/0/image\n        value: ${image}:${tag}   # now\n- patch: "apiVersion: apps/v1\\nkind: Deployment\\nmetadata: {name: shop}\\nspec: {template: {spec: {containers: [{name: c, image: '${image}:${tag}'}]}}}\\n"\n- patch: >-\n    [{"op": "add", "path": "/spec/template/spec/initContainers/0/image",\n    "value": "${image}:${tag}"}]\ncomponents: []\nimages: [{name: old, newName: "${image}", newTag: '${tag}'}]\n`,
  ],
  [
    'patches/image.yaml',
    1,
    (tag) =>
      `- op: test\n  path: /a\n  value: ${image}:0x\n-   op: replace\n    path: /spec/template/spec/containers/1/image\n    value:    "${image}:${tag}"\n`,
  ],
  [
    'apps/shop.yaml',
    4,
    (tag) =>
      `${object('Application', 'argoproj.io/v1alpha1', 'shop')}spec:\n  sources:\n  - helm:\n      values: |\n          # values\n          web:\n            image: {registry: "registry.example:5000", repository: team/shop,\n              tag: '${tag}'}\n      parameters:\n      - name: api.image.repository\n        value: ${image}\n      - name: api.image.tag\n        value: '${tag}'\n  - kustomize:\n      images:\n      - shop=${image}:${tag}\n      - ${image}-worker:1\n  - helm: {valuesObject: {image: "${image}:${tag}"}}\n`,
  ],
  [
    'release.yaml',
    2,
    (tag) =>
      `${object('HelmRelease', 'helm.toolkit.fluxcd.io/v2', 'shop')}spec:\n  values:\n    image:\n      repository: ${image} # {"$imagepolicy": "flux-system:shop:name"}\n      tag: "${tag}" # {"$imagepolicy": "flux-system:shop:tag"}\n    initImage: ${image}:${tag} # {"$imagepolicy": "flux-system:shop"}\n`,
  ],
  [
    'anchors.yaml',
    1,
    (tag) =>
      `${object('Deployment', 'apps/v1', 'a')}x-image: &image ${image}:${tag} # shared\nspec:\n    template: {spec: {containers: [&c {name: c, image: *image}, {<<: *c, name: d}]}}\n`,
  ],
];

const decoys: readonly (readonly [file: string, template: Template])[] = [
  ['README.md', () => `image: ${image}:0\n`],
  ['app.yaml', () => `${object('App', 'acme.example/v1', 'a')}spec: {image: "${image}:0"}\n`],
  ['.argocd-source-shop.yaml', () => `kustomize: {images: ["${image}:0"]}\n`],
  ['chart/templates/pod.yaml', () => `image: ${image}:{{ .Values.tag }}\n`],
  ['docker-compose.yml', () => `services: {web: {image: "${image}:0"}}\n`],
];

const file = fc
  .tuple(
    fc.constantFrom('', 'apps/', 'a b/ä"\'/', 'x/y/z/'),
    fc.oneof(
      fc.constantFrom(...places).map(([name, lines, template]) => ({ name, lines, template })),
      fc.constantFrom(...decoys).map(([name, template]) => ({ name, lines: 0, template })),
    ),
    fc.constantFrom('\n', '\r\n'),
    fc.constantFrom('', '\ufeff'),
    fc.boolean(),
  )
  .map(([folder, { name, lines, template }, eol, bom, end]) => {
    const text: Template = (tag) => {
      const whole = template(tag);
      return bom + (end ? whole : whole.trimEnd()).replaceAll('\n', eol);
    };
    return { path: folder + name, lines, text };
  });
const tree = fc.uniqueArray(file, { selector: ({ path }) => path, minLength: 1, maxLength: 6 });
const plain = { path: 'plain.yaml', lines: 0, text: () => 'a: 1\n' };
const tag = fc.constantFrom('v1.4.2', '1.10', '1e3', '0755', 'on', '2024-01-02', 'sha-0a1b2c3');

test('of any tree of files only the values change, as git counts the lines', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'trees-'));
  const git = createGit({ exec: systemExec, dir, env: process.env });
  const property = fc.asyncProperty(tree, tag, async (some, next) => {
    const files = [...some, plain];
    const root = mkdtempSync(join(dir, 'tree-'));
    for (const side of ['old', 'new']) {
      for (const { path, text } of files) {
        mkdirSync(dirname(join(root, side, path)), { recursive: true });
        writeFileSync(join(root, side, path), text('v0'));
      }
    }
    const snapshot = await workspaceSnapshot(join(root, 'new'), git);
    const inputs = parseInputs(bumpInputs, { INPUT_IMAGES: `${image}:${next}` });
    const target = { repository: 'a/b', url: 'https://example/a/b', branch: 'main' };
    const plan = await planOn(inputs, target, snapshot);
    await writeWorkspace(join(root, 'new'), plan.files, () => {});
    for (const { path, lines, text } of files) {
      expect(readFileSync(join(root, 'new', path), 'utf8')).toBe(text(lines > 0 ? next : 'v0'));
    }
    const args = ['diff', '--no-index', '--numstat', '-z', 'old', 'new'];
    const counted = spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout.split('\0');
    const wanted = files.filter(({ lines }) => lines > 0);
    // With -z: `added TAB removed TAB`, then the old path and the new one.
    const found = counted.flatMap((part, index) => {
      const [, added, removed] = /^(\d+)\t(\d+)\t$/.exec(part) ?? [];
      return added === undefined ? [] : [`${counted[index + 2]} ${added} ${removed}`];
    });
    expect(found.toSorted()).toEqual(
      wanted.map(({ path, lines }) => `new/${path} ${lines} ${lines}`).toSorted(),
    );
    expect(plan.decision.type).toBe(wanted.length > 0 ? 'write' : 'not-found');
    rmSync(root, { recursive: true });
  });
  await fc.assert(property, { numRuns: runs(25) });
  rmSync(dir, { recursive: true });
});

test('edited twice a tree is as edited once, and with its old image it is, byte for byte, what it was', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'trees-'));
  const git = createGit({ exec: systemExec, dir, env: process.env });
  const target = { repository: 'a/b', url: 'https://example/a/b', branch: 'main' };
  const property = fc.asyncProperty(tree, tag, async (some, next) => {
    const files = [...some, plain];
    const root = mkdtempSync(join(dir, 'tree-'));
    for (const { path, text } of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text('v0'));
    }
    const set = async (to: string) => {
      const inputs = parseInputs(bumpInputs, {
        INPUT_IMAGES: `${image}:${to}`,
        'INPUT_ALLOW-DOWNGRADE': 'true',
      });
      const plan = await planOn(inputs, target, await workspaceSnapshot(root, git));
      await writeWorkspace(root, plan.files, () => {});
      return plan.decision.type;
    };
    const holds = files.some(({ lines }) => lines > 0);
    expect([await set(next), await set(next)]).toEqual(
      holds ? ['write', 'nothing'] : ['not-found', 'not-found'],
    );
    expect(await set('v0')).toBe(holds ? 'write' : 'not-found');
    for (const { path, text } of files) expect(readFileSync(join(root, path), 'utf8')).toBe(text('v0'));
    rmSync(root, { recursive: true });
  });
  await fc.assert(property, { numRuns: runs(25) });
  rmSync(dir, { recursive: true });
});
