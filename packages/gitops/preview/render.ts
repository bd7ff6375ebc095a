import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import type { World } from '@sluice/core/run';
import type { Part } from '../bump/bump-parts.ts';
import type { Snapshot } from '../git/repository.ts';
import { workspaceSnapshot } from '../git/workspace.ts';
import { chartBuilds } from './charts.ts';
import { affectedBuilds, isKustomization } from './kustomizations.ts';
import { diffObjects, type RenderedDiff } from './objects.ts';
import { notRendered, pageOf, type Rendered } from './page.ts';
import { firstLine, runTool, type ToolCall } from './run-tool.ts';

/** A tree with more is not read for a preview. */
const MOST_KUSTOMIZATIONS = 2000;
const MOST_FILES = 2000;
/** Builds for which a reviewer waits. */
const MOST_BUILDS = 20;

/** One call of a renderer. */
interface Build extends ToolCall {
  readonly folder: string;
  /** What a person reads: the folder, with the file of values. */
  readonly what: string;
  readonly files: ReadonlySet<string>;
  readonly remote?: string;
}

type Ports = Pick<World, 'context' | 'env' | 'exec' | 'signal'>;

/**
 * What kustomize and Helm make of a planned change, as Markdown; '' where neither is on the PATH or nothing is rendered. They see
 * copies of the files that a build reads, and no network. Whatever goes wrong is a sentence: a preview fails no run.
 */
export async function tryRender(part: Part, world: Ports & Pick<World, 'log'>): Promise<string> {
  const isAsked = part.inputs.render === 'always';
  if (!isAsked && !['kustomize', 'helm'].some((tool) => isOnPath(tool, world.env.PATH ?? ''))) return '';
  try {
    return await renderPart(part, world, isAsked);
  } catch (error) {
    world.signal.throwIfAborted();
    world.log.debug(`The preview failed: ${error instanceof Error ? error.stack : String(error)}`);
    return notRendered(firstLine(error));
  }
}

function isOnPath(tool: string, path: string): boolean {
  return path
    .split(delimiter)
    .some((folder) => [tool, `${tool}.exe`].some((name) => existsSync(join(folder, name))));
}

async function renderPart({ source, plan, inputs }: Part, world: Ports, isAsked: boolean): Promise<string> {
  const snapshot =
    source.type === 'workspace'
      ? await workspaceSnapshot(source.root, source.git)
      : await source.repository.snapshot(plan.change.base);
  const after = new Map(
    plan.files.filter((file) => file.before !== file.after).map(({ path, after: text }) => [path, text]),
  );
  const all = new Set((await snapshot.list('.')).map(({ path }) => path));
  const builds = await buildsOf(snapshot, all, after, inputs.path);
  const root = mkdtempSync(join(world.context.tempDir, 'sluice-preview-'));
  try {
    const rendered: Rendered[] = [];
    const missing = new Set<string>();
    for (const build of builds.slice(0, MOST_BUILDS)) {
      if (missing.has(build.tool)) continue;
      const folder = join(root, String(rendered.length));
      const result = await renderBuild(build, { snapshot, after, root: folder, world });
      if (result === 'missing') missing.add(build.tool);
      else rendered.push({ what: build.what, tool: build.tool, result });
    }
    const left = Math.max(0, builds.length - MOST_BUILDS);
    return pageOf(rendered, rendered.length === 0 ? 0 : left, isAsked ? [...missing] : []);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function buildsOf(
  snapshot: Snapshot,
  all: ReadonlySet<string>,
  changed: ReadonlyMap<string, string>,
  paths: readonly string[],
): Promise<readonly Build[]> {
  const isInPath = (folder: string) =>
    paths.some((path) => {
      const start = all.has(path) ? dirname(path) : path;
      return start === '.' || folder === start || (start === path && folder.startsWith(`${path}/`));
    });
  const kustomizations = [...all].filter(isKustomization);
  if (kustomizations.length > MOST_KUSTOMIZATIONS) {
    throw new Error(`the repository has more than ${MOST_KUSTOMIZATIONS} kustomizations`);
  }
  const texts = await snapshot.read(kustomizations);
  const kustomized = affectedBuilds(texts, all, new Set(changed.keys()), isInPath).map(
    (build): Build => ({ ...build, tool: 'kustomize', what: build.folder, args: ['build', build.folder] }),
  );
  const charts = chartBuilds(all, changed.keys()).map(({ folder, values, files }): Build => {
    const given = values === undefined ? [] : ['--values', values];
    const what = values === undefined ? folder : `${folder} with ${values}`;
    // A name that no file decides: it would begin with a dash, or be too long.
    return { tool: 'helm', folder, what, files, args: ['template', 'preview', `./${folder}`, ...given] };
  });
  return [...kustomized, ...charts];
}

interface Stage {
  readonly snapshot: Snapshot;
  readonly after: ReadonlyMap<string, string>;
  readonly root: string;
  readonly world: Ports;
}

async function renderBuild(build: Build, stage: Stage): Promise<RenderedDiff | string | 'missing'> {
  const { snapshot, after, root, world } = stage;
  if (build.remote !== undefined)
    return `it takes ${build.remote} from elsewhere, and a preview fetches nothing`;
  if (build.files.size > MOST_FILES) return `it has more than ${MOST_FILES} files`;
  const before = await snapshot.read([...build.files]);
  const [old, now] = [join(root, 'before'), join(root, 'after')];
  writeTree(old, before);
  writeTree(now, new Map([...before].map(([path, text]) => [path, after.get(path) ?? text])));
  const home = join(root, 'home');
  mkdirSync(home, { recursive: true });
  const outputs: string[] = [];
  for (const cwd of [old, now]) {
    const output = await runTool(world, build, cwd, home);
    if (output.type === 'failed') return output.why;
    if (output.type === 'missing') return 'missing';
    outputs.push(output.text);
  }
  try {
    return diffObjects(outputs[0] ?? '', outputs[1] ?? '');
  } catch (error) {
    return `what ${build.tool} wrote cannot be compared: ${firstLine(error)}`;
  }
}

function writeTree(root: string, files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    const file = resolve(root, path);
    // Git holds no such names, and a listing of a folder neither: but nothing is written elsewhere.
    if (!file.startsWith(root + sep)) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
