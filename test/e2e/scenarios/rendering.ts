import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Rendered, readRendered } from '../rendering/differences.ts';
import { bumpAndPutBack, plant } from '../rendering/forest.ts';
import { helmTree } from '../rendering/helm-tree.ts';
import { kustomizeTree } from '../rendering/kustomize-tree.ts';
import { createRandom } from '../rendering/random.ts';
import type { Scenario } from '../run-scenarios.ts';
import type { Stage } from '../stage.ts';

const run = promisify(execFile);
const print = async (command: string, args: readonly string[]): Promise<string> =>
  (await run(command, args, { maxBuffer: 64 * 1024 * 1024 })).stdout;

/** What the real renderers make of an edit: every image of every tree is set, and set back. */
export const rendering: readonly Scenario<Pick<Stage, 'rig'>>[] = [
  {
    title:
      'of 200 kustomize trees each image is set: only it is rendered anew, and set back the files are as before',
    async run({ rig }) {
      const random = createRandom(1);
      await using forest = await plant(
        Array.from({ length: 200 }, (_, index) => kustomizeTree(random, `tree-${index}`)),
      );
      const all = forest.trees.map(({ name }) => `- ${name}/overlay\n`).join('');
      writeFileSync(join(forest.root, 'kustomization.yaml'), `resources:\n${all}`);
      const count = await bumpAndPutBack(forest, async () =>
        readRendered(await print(join(rig.bin, 'kustomize'), ['build', forest.root])),
      );
      assert.ok(count >= 200);
    },
  },
  {
    title:
      'of 60 charts each image is set in the values: only it is rendered anew, and set back the files are as before',
    async run({ rig }) {
      const random = createRandom(2);
      await using forest = await plant(
        Array.from({ length: 60 }, (_, index) => helmTree(random, `chart-${index}`)),
      );
      const render = async (): Promise<Rendered> => {
        const printed: string[] = [];
        for (const { name } of forest.trees) {
          const chart = join(forest.root, name);
          const values = join(chart, 'values-production.yaml');
          printed.push(await print(join(rig.bin, 'helm'), ['template', name, chart, '--values', values]));
        }
        return printed.map(readRendered);
      };
      assert.ok((await bumpAndPutBack(forest, render)) >= 60);
    },
  },
];
