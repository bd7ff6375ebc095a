import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import type { World } from '@sluice/core/run';
import type { Part } from '../bump-parts.ts';
import type { Snapshot } from '../repository.ts';
import { workspaceSnapshot } from '../workspace.ts';
import { chartBuilds } from './charts.ts';
import { affectedBuilds, isKustomization } from './kustomizations.ts';
import { diffObjects, type RenderedDiff } from './objects.ts';
import { pageOf, type Rendered } from './page.ts';

/** A tree with more is not read for a preview. */
const MOST_KUSTOMIZATIONS = 2000;
const MOST_FILES = 2000;
/** Builds for which a reviewer waits, and what one may take. */
const MOST_BUILDS = 20;
const TIMEOUT_MS = 30_000;
const LARGEST_OUTPUT = 10 * 1024 * 1024;

/** One call of a renderer. */
interface Build {
  readonly tool: 'kustomize' | 'helm';
  readonly folder: string;
  /** What a person reads: the folder, with the file of values. */
  readonly what: string;
  readonly args: readonly string[];
  readonly files: ReadonlySet<string>;
  readonly remote?: string;
}

type Ports = Pick<World, 'context' | 'env' | 'exec' | 'signal'>;

/**
 * What kustomize and Helm make of a planned change, as Markdown; '' where neither is on the PATH or nothing is rendered. They see
 * copies of the files that a build reads, and no network. Whatever goes wrong is a sentence.
 */
export async function renderPart({ source, plan, inputs }: Part, world: Ports): Promise<string> {
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
    const isMissing = new Set<string>();
    for (const build of builds.slice(0, MOST_BUILDS)) {
      if (isMissing.has(build.tool)) continue;
      const result = await renderBuild(build, {
        snapshot,
        after,
        root: join(root, String(rendered.length)),
        world,
      });
      if (result === 'missing') isMissing.add(build.tool);
      else rendered.push({ what: build.what, tool: build.tool, result });
    }
    const isLeft = builds.length > MOST_BUILDS && isMissing.size === 0;
    return pageOf(
      rendered,
      isLeft ? builds.length - MOST_BUILDS : 0,
      inputs.render === 'always' ? [...isMissing] : [],
    );
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
  const texts =
    kustomizations.length > MOST_KUSTOMIZATIONS
      ? new Map<string, string>()
      : await snapshot.read(kustomizations);
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

type Output =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'missing' }
  | { readonly type: 'failed'; readonly why: string };

async function runTool(
  { exec, env, signal }: Ports,
  { tool, args }: Build,
  cwd: string,
  home: string,
): Promise<Output> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const options = {
    ...{ cwd, env: hermetic(env.PATH ?? '', home), maxBytes: LARGEST_OUTPUT },
    signal: AbortSignal.any([signal, timeout]),
  };
  try {
    const { code, stdout, stderr } = await exec(tool, args, options);
    if (code === 0) return { type: 'text', text: stdout };
    const said = stderr.trim().split('\n').at(-1)?.replaceAll(cwd, '.') ?? '';
    return { type: 'failed', why: said === '' ? `${tool} ended with the code ${code}` : said };
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) return { type: 'failed', why: `it took longer than ${TIMEOUT_MS / 1000} s` };
    if (isMissing(error)) return { type: 'missing' };
    return { type: 'failed', why: firstLine(error) };
  }
}

/** Nothing of the runner's but its PATH: no login, no plugin, no cluster, and a proxy behind which there is nothing. */
function hermetic(path: string, home: string): Readonly<Record<string, string>> {
  const nowhere = 'http://127.0.0.1:9';
  return {
    PATH: path,
    HOME: home,
    TMPDIR: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_DATA_HOME: join(home, 'data'),
    KUBECONFIG: join(home, 'no-cluster'),
    HELM_PLUGINS: join(home, 'no-plugins'),
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_TERMINAL_PROMPT: '0',
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    http_proxy: nowhere,
    https_proxy: nowhere,
  };
}

function isMissing(error: unknown): boolean {
  return Object(error).code === 'program-missing';
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
