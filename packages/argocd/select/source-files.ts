import { posix } from 'node:path';
import type { Snapshot } from '@sluice/gitops/git/repository';
import { readValue } from '@sluice/gitops/yaml/events';
import { at, items, type Json, text } from '../json.ts';
import type { Source } from '../observation.ts';
import { fitsGlob } from './argo-glob.ts';

const kustomizations = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** A tree of bases that no team writes by hand. */
const mostFolders = 200;

/** Whether an application reads a file. `values`: other sources of the same application whose files it names by `$ref/…`. */
export type Reads = (path: string) => boolean;

/**
 * Which files of a commit a source is rendered from, as Argo CD's tools see it: a kustomization and all that it refers to, a Helm chart
 * and the values files that are named, or the manifests of a folder.
 */
export async function filesOf(source: Source, snapshot: Snapshot): Promise<Reads> {
  const root = normal(source.path ?? '.');
  const entries = new Set((await snapshot.list(root)).map(({ path }) => path));
  if (kustomizations.some((name) => entries.has(posix.join(root, name))))
    return kustomizeFiles([root, ...components(source)], snapshot);
  if (entries.has(posix.join(root, 'Chart.yaml'))) return await helmFiles(source, root, snapshot);
  // A plugin may read whatever lies there.
  if (at(source.raw, 'plugin') !== undefined) return (path) => isBelow(path, root);
  const recurse = at(source.raw, 'directory', 'recurse') === true;
  const [include, exclude] = ['include', 'exclude'].map((key) => text(at(source.raw, 'directory', key)));
  return (path) => {
    if (!(recurse ? isBelow(path, root) : posix.dirname(path) === root)) return false;
    const name = posix.relative(root, path);
    if (exclude !== undefined && fitsGlob(exclude, name)) return false;
    return include === undefined || fitsGlob(include, name);
  };
}

/** The files that a source's `helm.valueFiles` names by the `ref` of another source: from that repository's root. */
export function referencedValues(sources: readonly Source[], ref: string): readonly string[] {
  const prefix = `$${ref}/`;
  return sources
    .flatMap(valueFiles)
    .filter((file) => file.startsWith(prefix))
    .map((file) => normal(file.slice(prefix.length)));
}

const valueFiles = ({ raw }: Source): readonly string[] =>
  items(at(raw, 'helm', 'valueFiles')).filter((file) => typeof file === 'string');

/** Components that the Application adds to the kustomization, relative to its folder. */
const components = (source: Source): readonly string[] =>
  items(at(source.raw, 'kustomize', 'components'))
    .filter((one) => typeof one === 'string' && !one.includes('://'))
    .map((one) => posix.join(sourceFolder(source), String(one)));

async function helmFiles(source: Source, root: string, snapshot: Snapshot): Promise<Reads> {
  const parameters = items(at(source.raw, 'helm', 'fileParameters')).flatMap(
    (one) => text(at(one, 'path')) ?? [],
  );
  const local = await localCharts(root, snapshot);
  const values = [...valueFiles(source), ...parameters]
    .filter((file) => !file.startsWith('$') && !/^[a-z]+:\/\//i.test(file))
    .map((file) => (file.startsWith('/') ? normal(file.slice(1)) : posix.join(root, file)));
  const implicit = [posix.join(root, 'values.yaml'), posix.join(root, 'Chart.yaml')];
  return (path) =>
    values.some((one) => one === path || posix.matchesGlob(path, one)) ||
    local.some((folder) => isBelow(path, folder)) ||
    implicit.includes(path) ||
    ['templates', 'charts', 'crds'].some((folder) => isBelow(path, posix.join(root, folder)));
}

/** Folders of the charts that a chart depends on by `file://`. */
async function localCharts(root: string, snapshot: Snapshot): Promise<readonly string[]> {
  const [content] = (await snapshot.read([posix.join(root, 'Chart.yaml')])).values();
  return items(at(readValue(content ?? ''), 'dependencies'))
    .map((one) => text(at(one, 'repository')) ?? '')
    .filter((address) => address.startsWith('file://'))
    .map((address) => posix.join(root, address.slice('file://'.length)));
}

/** Follows `resources`, `components`, `bases`, patches and generators from one kustomization to the next. */
async function kustomizeFiles(roots: readonly string[], snapshot: Snapshot): Promise<Reads> {
  const files = new Set<string>();
  const charts: string[] = [];
  const folders = [...roots];
  for (const folder of folders) {
    if (folders.length > mostFolders) break;
    const names = kustomizations.map((name) => posix.join(folder, name));
    const [found] = [...(await snapshot.read(names))];
    if (found === undefined) continue;
    files.add(found[0]);
    const content = readValue(found[1]);
    charts.push(...inflated(content, folder));
    const references = strings(content).filter((one) => !one.includes('://') && !one.includes('\n'));
    for (const reference of references) {
      const path = posix.join(
        folder,
        reference.includes('=') ? reference.slice(reference.indexOf('=') + 1) : reference,
      );
      const below = path.startsWith('..') ? [] : await snapshot.list(path);
      if (below.some((file) => file.path === path)) files.add(path);
      else if (below.length > 0 && !folders.includes(path)) folders.push(path);
    }
  }
  return (path) => files.has(path) || charts.some((chart) => isBelow(path, chart));
}

/**
 * The folders of charts that a kustomization inflates from files beside it: `<chartHome>/<name>`, and with the version in its name as
 * what kustomize has fetched. https://kubectl.docs.kubernetes.io/references/kustomize/builtins/#_helmchartinflationgenerator_
 */
function inflated(kustomization: Json, folder: string): readonly string[] {
  const home = text(at(kustomization, 'helmGlobals', 'chartHome')) ?? 'charts';
  return items(at(kustomization, 'helmCharts')).flatMap((chart) => {
    const name = text(at(chart, 'name'));
    const version = text(at(chart, 'version'));
    if (name === undefined) return [];
    const names = version === undefined ? [name] : [name, `${name}-${version}`];
    return names.map((one) => posix.join(folder, home, one));
  });
}

function strings(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(strings);
}

/** `argocd.argoproj.io/manifest-generate-paths`: `;` between paths, relative to the source's path, or from the root with `/`. */
export function generatePaths(annotation: string | undefined, source: Source): Reads {
  const paths = (annotation ?? '')
    .split(';')
    .filter((path) => path !== '')
    .map((path) =>
      path.startsWith('/') ? normal(path.slice(1)) : posix.join(normal(source.path ?? '.'), path),
    )
    .map(normal);
  return (path) => paths.some((one) => isBelow(path, one) || posix.matchesGlob(path, one));
}

export const isBelow = (path: string, folder: string): boolean =>
  folder === '.' || path === folder || path.startsWith(`${folder}/`);

/** A folder or file without `./`, doubled or closing slashes. */
const normal = (path: string): string => posix.join('.', path).replace(/\/$/, '') || '.';

export const sourceFolder = (source: Source): string => normal(source.path ?? '.');

export const targetOf = (source: Source): string =>
  (text(source.targetRevision) ?? 'HEAD').replace(/^refs\/heads\//, '');
