import { posix } from 'node:path';
import { repositoryPath } from '@sluice/core/repository-path';
import { type ImageTemplate, parseImageTemplate } from '../image-replace-paths.ts';
import { annotationsOf, sameKey } from './annotations.ts';
import type { ApplicationSource, ArgoApplication } from './application.ts';
import { followedBy } from './branch.ts';
import { buildEnvironment, ownValueFiles, referencedValueFiles } from './helm-files.ts';
import { repositoryOn, withoutLogin } from './repository-url.ts';
import { explicitType, statusTypes } from './source-type.ts';
import type {
  DeploymentKey,
  Scope,
  ScopeRefusal,
  SourceContent,
  SourceReport,
  TargetScope,
} from './types.ts';

/** What one source of an Application comes to. */
export interface SourceScope {
  readonly report: SourceReport;
  /** Empty where nothing of it is written. */
  readonly target?: TargetScope;
  readonly warnings: readonly string[];
  readonly refusal?: ScopeRefusal;
}

export interface ScopeContext {
  /** Of GitHub, where the workflow runs. */
  readonly serverUrl: string;
  readonly defaultRegistry: string;
}

/** The sources of an Application that belong to the deployment. */
export function sourcesInScope(application: ArgoApplication, key: DeploymentKey): readonly number[] {
  return application.sources.flatMap((_, index) => {
    const own = annotationsOf(application, index).key;
    return own !== undefined && sameKey(own, key) ? [index] : [];
  });
}

/** Decides what of a repository one source of an Application lets a deployment change, and where. */
export function scopeOf(application: ArgoApplication, index: number, context: ScopeContext): SourceScope {
  const source = application.sources[index];
  if (source === undefined) throw new RangeError(`there is no source ${index}`);
  const which = describeSource(application, index);
  const repository = repositoryOn(context.serverUrl, source.repoURL);
  const followed = followedBy(source.targetRevision);
  const about = {
    index,
    ...(source.name === undefined ? {} : { name: source.name }),
    repository: repository ?? withoutLogin(source.repoURL),
    branch: followed.type === 'branch' ? followed.branch : source.targetRevision,
    ...(source.path === undefined ? {} : { path: source.path }),
  };
  const leftOut = (why: string): SourceScope => ({
    report: { ...about, status: 'left-out', message: why },
    warnings: [`${which} was left out: ${why}.`],
  });
  const refused = (reason: ScopeRefusal['reason'], why: string, hint: string): SourceScope => ({
    report: { ...about, status: 'refused', message: why },
    warnings: [],
    refusal: { reason, message: `${which} ${why}`, hint },
  });

  const unwritable = whyUnwritable(application, index);
  if (unwritable !== undefined) return leftOut(unwritable);
  if (repository === undefined)
    return leftOut(`${about.repository} is not a repository of ${context.serverUrl}`);
  if (followed.type === 'pinned') {
    const why = `follows ${followed.what}, ${JSON.stringify(source.targetRevision)}, and a commit can be added to a branch only`;
    return refused('pinned-revision', why, 'Set its targetRevision to a branch.');
  }
  try {
    const contents = contentsOf(application, index);
    if (contents.length === 0) return leftOut(`no values file names it by $${source.ref}/`);
    const scopes = contents.map(
      ({ content, templates }): Scope => ({
        application: { name: application.name, namespace: application.namespace },
        index,
        source: which,
        content,
        imageReplacePaths: templates,
        templatesOnly: annotationsOf(application, index).isOctopus,
        defaultRegistry: context.defaultRegistry,
      }),
    );
    const isRefWithPath = source.ref !== undefined && source.path !== undefined;
    return {
      report: { ...about, status: 'in-scope' },
      target: { repository, branch: followed.branch, scopes },
      warnings: isRefWithPath
        ? [`${which} has a ref: only the values files that name it are changed, and nothing below its path.`]
        : [],
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refused('invalid-application', `cannot be read: ${why}`, 'Correct the Application.');
  }
}

/** `Application argocd/shop, source 1 (values)`: for messages. */
export function describeSource({ namespace, name, sources }: ArgoApplication, index: number): string {
  const named = sources[index]?.name;
  const of = `Application ${namespace === '' ? '' : `${namespace}/`}${name}`;
  if (sources.length === 1 && named === undefined) return of;
  return `${of}, source ${index}${named === undefined ? '' : ` (${named})`}`;
}

function whyUnwritable(application: ArgoApplication, index: number): string | undefined {
  const source = application.sources[index];
  if (source?.ref !== undefined) return undefined;
  if (source?.chart !== undefined) {
    return 'its chart comes from a registry: annotate the source that holds its values files in Git (`ref`), or name the manifest of the Application in `path` where the values stand in that';
  }
  if (typeOf(application, index) === 'Plugin')
    return 'a plugin renders it, and only that knows what it reads';
  return source?.path === undefined ? 'it has no path' : undefined;
}

const typeOf = (application: ArgoApplication, index: number) => {
  const source = application.sources[index];
  return statusTypes(application)[index] ?? (source === undefined ? undefined : explicitType(source));
};

interface Content {
  readonly content: SourceContent;
  readonly templates: readonly ImageTemplate[];
}

function contentsOf(application: ArgoApplication, index: number): readonly Content[] {
  const source = application.sources[index];
  if (source === undefined) return [];
  // Whatever type Argo CD reports: it says Helm of a source whose path happens to hold a chart.
  if (source.ref !== undefined) return valuesOf(application, source.ref);
  const path = repositoryPath(source.path || '.');
  const sourceType = typeOf(application, index);
  return [
    {
      content: {
        type: 'folder',
        path,
        ...(sourceType === undefined ? {} : { sourceType }),
        directory: source.directory,
        valueFiles: ownValueFiles(application, source, path),
        components: source.components.map((component) => posix.join(path, component)),
      },
      templates: templatesOf(application, index),
    },
  ];
}

/** The files of a ref, by the Helm source that names them: the templates stand in the annotations of that one. */
function valuesOf(application: ArgoApplication, ref: string): readonly Content[] {
  return application.sources.flatMap((source: ApplicationSource, index): readonly Content[] => {
    const valueFiles = referencedValueFiles(source, ref, buildEnvironment(application, source));
    const templates = templatesOf(application, index);
    return valueFiles.length === 0 ? [] : [{ content: { type: 'values', valueFiles }, templates }];
  });
}

function templatesOf(application: ArgoApplication, index: number): readonly ImageTemplate[] {
  const { imageReplacePaths = '' } = annotationsOf(application, index);
  return imageReplacePaths
    .split(',')
    .map((template) => template.trim())
    .filter((template) => template !== '')
    .map(parseImageTemplate);
}
