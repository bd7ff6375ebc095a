import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseInputs } from '@sluice/core/contract';
import { systemExec } from '@sluice/core/exec';
import { createGit } from '@sluice/core/git';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planOn } from './bump-plan.ts';
import { bumpInputs } from './inputs.ts';
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
  await fc.assert(property, { numRuns: 25 });
  rmSync(dir, { recursive: true });
});
