import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startGitHub } from '@sluice/testbed/github/start';
import { jobEnvironment, type RunOptions, runBundle } from '@sluice/testbed/runner';
import { runProcess } from '@sluice/testbed/runner-process';
import { checkOutTree, manifestTree, TREE_IMAGE } from './manifest-tree.ts';
import { measurePairs, type Pairs } from './pairs.ts';
import { buildYq, yqInPlace } from './yq.ts';

const action = path.resolve(import.meta.dirname, '../../actions/image-tag-bump');
const readFiles = path.join(import.meta.dirname, 'read-files.mjs');
const peakMemory = path.join(import.meta.dirname, 'peak-memory.mjs');

export interface TreeResults {
  /** Against a bare Node program that reads the same files. */
  readonly reading: Pairs;
  /** Against yq; absent where it could not be built. */
  readonly yq?: Pairs;
  /** Bytes, of the workspace and of a clone of the same size. */
  readonly memory: { readonly workspace: number; readonly clone: number };
}

/** Sets one image in 10,000 manifests, without any other program on the PATH, beside what does less and what does the same. */
export async function measureTree(say: (line: string) => void): Promise<TreeResults> {
  const dir = mkdtempSync(path.join(tmpdir(), 'tree-'));
  try {
    const workspace = path.join(dir, 'workspace');
    const none = path.join(dir, 'no-programs');
    for (const folder of [workspace, none]) mkdirSync(folder);
    checkOutTree(workspace);
    let count = 0;
    const bump = async (more: Partial<RunOptions> = {}) => {
      count += 1;
      const images = `${TREE_IMAGE}:1.5.${count}`;
      const inputs = { images, commit: 'none' };
      const run = await runBundle({ action, workspace, inputs, env: { PATH: none }, ...more });
      if (run.outputs.verdict === 'updated') return run.ms;
      throw new Error(`image-tag-bump ended with ${run.outputs.verdict}. Its log:\n${run.log}`);
    };
    const read = async () => (await runProcess(readFiles, { env: {}, cwd: workspace, timeout: 60_000 })).ms;
    const reading = await measurePairs(bump, read, { pairs: 21 });
    const memory = {
      workspace: await peakOf(dir, (env) => bump({ env: { ...env, PATH: none } })),
      clone: await peakOfClone(dir),
    };
    const yq = await buildYq(say);
    if (yq === undefined) return { reading, memory };
    return { reading, memory, yq: await besideYq(yq, bump, path.join(dir, 'yq')) };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** yq puts the documents of all files into the first one, which is written anew each time. */
async function besideYq(yq: string, bump: () => Promise<number>, cwd: string): Promise<Pairs> {
  mkdirSync(cwd);
  checkOutTree(cwd);
  const tree = manifestTree();
  const files = Object.keys(tree);
  const [first = ''] = files;
  let count = 0;
  const other = async () => {
    count += 1;
    writeFileSync(path.join(cwd, first), tree[first] ?? '');
    return yqInPlace(yq, { cwd, files, image: TREE_IMAGE, tag: `1.5.${count}` });
  };
  return measurePairs(bump, other, { pairs: 3, warmUps: 1 });
}

/** The most memory that the process held, in bytes. */
async function peakOf(
  dir: string,
  run: (env: Readonly<Record<string, string>>) => Promise<unknown>,
): Promise<number> {
  const file = path.join(dir, 'peak');
  await run({ NODE_OPTIONS: `--import=${peakMemory}`, PEAK_MEMORY: file });
  return Number(readFileSync(file, 'utf8')) * 1024;
}

/** The plan for a repository on GitHub with the same files. */
async function peakOfClone(dir: string): Promise<number> {
  const github = await startGitHub();
  try {
    await github.createRepository('acme/gitops', manifestTree());
    return await peakOf(dir, async (env) => {
      const run = await runBundle({
        action,
        token: github.createToken(),
        env: jobEnvironment(github, 'acme/gitops', env),
        inputs: { images: `${TREE_IMAGE}:1.5.0`, 'dry-run': 'true' },
      });
      if (run.outputs.reason !== 'dry-run') throw new Error(`The plan failed. Its log:\n${run.log}`);
    });
  } finally {
    await github.close();
  }
}
