import path from 'node:path';
import type { GitReader } from '../git.ts';
import { listAt, objectAt } from '../json.ts';
import { annotate, isNamespaced, keyOf, kindOf } from '../manifest.ts';
import type { HelmSource, KustomizeSource, Manifest, Source, Spec } from '../types.ts';
import { renderDirectory } from './directory.ts';
import { renderHelm } from './helm.ts';
import { kustomizationFile, renderKustomize } from './kustomize.ts';
import { RenderError, readMapping } from './yaml.ts';

type Files = ReadonlyMap<string, string>;

export interface Rendered {
  readonly manifests: readonly Manifest[];
  /** `Directory`, `Kustomize`, `Helm`; empty for a source that is only referred to. */
  readonly types: readonly string[];
}

export const trackingId = 'argocd.argoproj.io/tracking-id';

/** Of a hydrated Application the branch that is rendered to. */
export function sourcesOf(spec: Spec): readonly Source[] {
  const { sourceHydrator: hydrator } = spec;
  if (hydrator !== undefined) {
    const { targetBranch, path: folder } = hydrator.syncSource;
    return [{ repoURL: hydrator.drySource.repoURL, path: folder, targetRevision: targetBranch }];
  }
  return spec.sources ?? (spec.source === undefined ? [] : [spec.source]);
}

/** One override file laid over a source. */
function override(source: Source, text: string, name: string): Source {
  const over = readMapping(name, text);
  const parameters = listAt(over, 'helm', 'parameters').map((parameter) => ({
    name: String(objectAt(parameter).name),
    value: String(objectAt(parameter).value),
    forceString: objectAt(parameter).forceString === true,
  }));
  const images = listAt(over, 'kustomize', 'images').filter((image) => typeof image === 'string');
  return {
    ...source,
    ...(parameters.length > 0 ? { helm: withParameters(source.helm, parameters) } : {}),
    ...(images.length > 0 ? { kustomize: withImages(source.kustomize, images) } : {}),
  };
}

/** What `.argocd-source.yaml` and `.argocd-source-<app>.yaml` beside the manifests override. */
function overridden(source: Source, files: Files, folder: string, app: string): Source {
  return ['.argocd-source.yaml', `.argocd-source-${app}.yaml`].reduce((current: Source, name) => {
    const text = files.get(path.posix.join(folder, name));
    return text === undefined ? current : override(current, text, name);
  }, source);
}

function withParameters(
  helm: HelmSource | undefined,
  parameters: NonNullable<HelmSource['parameters']>,
): HelmSource {
  return { ...helm, parameters: [...(helm?.parameters ?? []), ...parameters] };
}

function withImages(kustomize: KustomizeSource | undefined, images: readonly string[]): KustomizeSource {
  return { ...kustomize, images: [...(kustomize?.images ?? []), ...images] };
}

interface RenderRequest {
  readonly app: string;
  readonly namespace: string;
  readonly git: GitReader;
}

function renderSource(
  request: RenderRequest,
  source: Source,
  files: Files,
  refs: ReadonlyMap<string, Files>,
) {
  if (source.path === undefined) return { manifests: [], type: '' };
  const folder = path.posix.normalize(source.path);
  const below = folder === '.' ? '' : `${folder}/`;
  if (![...files.keys()].some((file) => file.startsWith(below))) {
    throw new RenderError(`${source.path}: app path does not exist`);
  }
  const effective = overridden(source, files, folder, request.app);
  if (files.has(path.posix.join(folder, 'Chart.yaml'))) {
    const release = { app: request.app, namespace: request.namespace, helm: effective.helm, refs };
    return { manifests: renderHelm(files, folder, release), type: 'Helm' };
  }
  if (kustomizationFile(files, folder) !== undefined) {
    return { manifests: renderKustomize(files, folder, effective.kustomize), type: 'Kustomize' };
  }
  return {
    manifests: renderDirectory(files, folder, source.directory?.recurse ?? false, source.directory?.include),
    type: 'Directory',
  };
}

/** The tracking annotation by which Argo CD knows whose an object is: `demo:apps/Deployment:apps/web`. */
function track(app: string, namespace: string, manifest: Manifest): Manifest {
  const key = keyOf(manifest, namespace);
  const place = isNamespaced(kindOf(manifest)) ? key.namespace : '';
  return annotate(manifest, trackingId, `${app}:${key.group}/${key.kind}:${place}/${key.name}`);
}

/** The wanted objects of an application at the given commits, one for each source. */
export async function renderSources(
  request: RenderRequest,
  sources: readonly Source[],
  commits: readonly string[],
): Promise<Rendered> {
  const trees = await Promise.all(
    sources.map((source, index) => request.git.files(source.repoURL, commits[index] ?? '')),
  );
  const refs = new Map(
    sources.flatMap((source, index): [string, Files][] => {
      const tree = trees[index];
      return source.ref === undefined || tree === undefined ? [] : [[source.ref, tree]];
    }),
  );
  const parts = sources.map((source, index) => {
    try {
      return renderSource(request, source, trees[index] ?? new Map(), refs);
    } catch (error) {
      if (!(error instanceof RenderError)) throw error;
      throw new RenderError(
        `failed to generate manifest for source ${index + 1} of ${sources.length}: rpc error: code = ${error.code} desc = ${error.message}`,
        error.code,
      );
    }
  });
  return {
    manifests: parts.flatMap((part) =>
      part.manifests.map((manifest) => track(request.app, request.namespace, manifest)),
    ),
    types: parts.map((part) => part.type),
  };
}
