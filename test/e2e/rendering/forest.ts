import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { parseInputs } from '@sluice/core/contract';
import { systemExec } from '@sluice/core/exec';
import { createGit } from '@sluice/core/git';
import { planOn } from '@sluice/gitops/bump/bump-plan';
import { workspaceSnapshot, writeWorkspace } from '@sluice/gitops/git/workspace';
import { bumpInputs } from '@sluice/gitops/inputs';
import { differences, type Rendered } from './differences.ts';
import { type Image, reference, type Tree } from './tree.ts';

const run = promisify(execFile);

/** Trees in one folder, which is a Git repository. */
export interface Forest extends AsyncDisposable {
  readonly root: string;
  readonly trees: readonly Tree[];
}

export async function plant(trees: readonly Tree[]): Promise<Forest> {
  const root = mkdtempSync(join(tmpdir(), 'forest-'));
  for (const { name, files } of trees) {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name, path)), { recursive: true });
      writeFileSync(join(root, name, path), text);
    }
  }
  await run('git', ['init', '--quiet', root]);
  return {
    root,
    trees,
    [Symbol.asyncDispose]: async () => rmSync(root, { recursive: true }),
  };
}

/** What the image is set to: nothing that would need other quotes than what it replaces. */
const NEXT = 'v9.9.9-rc.1';

/**
 * Sets one image of each tree, sees by the renderer that it changed everywhere and nothing else did, and sets it back: then each file
 * is what it was. Again for every further image. Gives the number of images.
 */
export async function bumpAndPutBack(forest: Forest, render: () => Promise<Rendered>): Promise<number> {
  const files = allFiles(forest);
  const before = await render();
  const most = Math.max(...forest.trees.map(({ images }) => images.length));
  let count = 0;
  for (let round = 0; round < most; round++) {
    const turn = forest.trees.flatMap(({ name, images }) => {
      const image = images[round];
      return image === undefined ? [] : [{ name, image }];
    });
    for (const { name, image } of turn) await bump(forest, name, { ...image, tag: NEXT });
    expectOnlyImages(before, await render(), turn);
    for (const { name, image } of turn) await bump(forest, name, image);
    assert.deepEqual(allFiles(forest), files, 'the files are not what they were');
    count += turn.length;
  }
  return count;
}

async function bump({ root }: Forest, folder: string, image: Image): Promise<void> {
  const inputs = parseInputs(bumpInputs, {
    INPUT_IMAGES: reference(image),
    INPUT_PATH: folder,
    INPUT_COMMIT: 'none',
    'INPUT_ALLOW-DOWNGRADE': 'true',
  });
  const git = createGit({ exec: systemExec, dir: root, env: process.env });
  const target = { repository: 'acme/gitops', url: 'https://github.com/acme/gitops', branch: 'main' };
  const { decision, files } = await planOn(inputs, target, await workspaceSnapshot(root, git));
  assert.equal(decision.type, 'write', `${reference(image)} in ${folder}: ${JSON.stringify(decision)}`);
  await writeWorkspace(root, files, () => {});
}

function expectOnlyImages(
  before: Rendered,
  after: Rendered,
  turn: readonly { readonly name: string; readonly image: Image }[],
): void {
  const changed = differences(before, after);
  const known = new Map(turn.map(({ image }) => [reference(image), `${image.repository}:${NEXT}`]));
  for (const { path, from, to } of changed) {
    assert.ok(/\.image$/.test(path) && known.get(String(from)) === to, `${path}: from ${from} to ${to}`);
  }
  const shown = new Set(changed.map(({ from }) => from));
  for (const [from] of known) assert.ok(shown.has(from), `${from} is rendered as before`);
}

function allFiles({ root, trees }: Forest): ReadonlyMap<string, string> {
  const files = trees.flatMap(({ name }) =>
    readdirSync(join(root, name), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
  );
  return new Map(
    files.map(({ parentPath, name }) => [
      join(parentPath, name),
      readFileSync(join(parentPath, name), 'latin1'),
    ]),
  );
}
