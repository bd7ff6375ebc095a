import { posix } from 'node:path';
import type { ApplicationSource, ArgoApplication } from './application.ts';
import type { ValueFile } from './types.ts';

type Environment = Readonly<Record<string, string>>;

/** What Argo CD puts in place of `$NAME` in the names of values files, but for the revision, which a commit changes. */
export function buildEnvironment(
  { name, project, destination }: ArgoApplication,
  { repoURL, path, targetRevision }: ApplicationSource,
): Environment {
  return {
    ARGOCD_APP_NAME: name,
    ARGOCD_APP_NAMESPACE: destination.namespace ?? '',
    ARGOCD_APP_PROJECT_NAME: project,
    ARGOCD_APP_SOURCE_REPO_URL: repoURL,
    ARGOCD_APP_SOURCE_PATH: path ?? '',
    ARGOCD_APP_SOURCE_TARGET_REVISION: targetRevision,
  };
}

/** The values files that a chart's source names in its own repository: relative to its folder, or to the root with `/`. */
export function ownValueFiles(
  application: ArgoApplication,
  source: ApplicationSource,
  folder: string,
): readonly ValueFile[] {
  const refs = new Set(application.sources.flatMap(({ ref }) => (ref === undefined ? [] : [`$${ref}`])));
  const environment = buildEnvironment(application, source);
  return source.valueFiles
    .filter((file) => !refs.has(file.split('/')[0] ?? '') && !/^[a-z][a-z0-9+.-]*:\/\//i.test(file))
    .map((file) => substitute(file, environment))
    .map((file) => valueFile(source, file.startsWith('/') ? file.slice(1) : posix.join(folder, file)));
}

/** The values files that a source names by `$ref/…`: relative to the root of the repository that has the ref. */
export function referencedValueFiles(
  source: ApplicationSource,
  ref: string,
  environment: Environment,
): readonly ValueFile[] {
  const prefix = `$${ref}/`;
  return source.valueFiles
    .filter((file) => file.startsWith(prefix))
    .map((file) => valueFile(source, substitute(file.slice(prefix.length), environment)));
}

/** Throws an Error for a path that leads out of the repository. */
function valueFile(source: ApplicationSource, path: string): ValueFile {
  const normal = posix.normalize(path).replace(/^\/+/, '');
  if (normal.startsWith('..'))
    throw new Error(`the values file ${JSON.stringify(path)} lies outside of the repository`);
  return { path: normal, mayMiss: source.ignoreMissing };
}

/** `$NAME` and `${NAME}`; `$$` is `$`, and a name that is not known becomes nothing, as in Argo CD. */
function substitute(text: string, environment: Environment): string {
  return text.replace(
    /\$(?:\$|\{([^}]*)\}|(\w+))/g,
    (all, braced: string | undefined, plain: string | undefined) =>
      all === '$$' ? '$' : (environment[braced ?? plain ?? ''] ?? ''),
  );
}

/** Beside `values.yaml`, which Helm reads unasked, the names that Octopus takes for it; the first that is there. */
const implicitNames = ['values.yaml', 'values.yml', 'Values.yaml', 'Values.yml'];

/** The values file of the chart itself. `paths`: what lies in the folder. */
export function implicitValues(folder: string, paths: ReadonlySet<string>): string | undefined {
  return implicitNames.map((name) => posix.join(folder, name)).find((path) => paths.has(path));
}
