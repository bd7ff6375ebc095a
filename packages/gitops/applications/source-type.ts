import { posix } from 'node:path';
import { isKustomization } from '../find/kustomize/kustomize.ts';
import type { ApplicationSource, ArgoApplication } from './application.ts';
import type { SourceType } from './types.ts';

const types: readonly SourceType[] = ['Directory', 'Kustomize', 'Helm', 'Plugin'];

/**
 * The type of each source as `status` lists them: empty is a Directory; undefined where the word is not known, or the list is not one
 * for each source.
 */
export function statusTypes({ sources, sourceTypes }: ArgoApplication): readonly (SourceType | undefined)[] {
  return sources.map((_, index) => {
    if (sourceTypes === undefined || sourceTypes.length !== sources.length) return undefined;
    const said = sourceTypes[index] ?? '';
    return said === '' ? 'Directory' : types.find((type) => type === said);
  });
}

/** Whether `status` speaks of other sources than `spec` has now: nothing can be told by it. */
export function isStatusOfOthers({ sources, sourceTypes }: ArgoApplication): boolean {
  return sourceTypes !== undefined && sourceTypes.length !== sources.length;
}

/** The type that the Application itself states. Argo CD renders no source that states two. */
export function explicitType(source: ApplicationSource): SourceType | undefined {
  if (source.chart !== undefined) return 'Helm';
  return source.explicitTypes.length === 1 ? source.explicitTypes[0] : undefined;
}

/** The type of a folder, as Argo CD finds it out: a kustomization counts before a chart. `paths`: all files below it. */
export function typeOfFolder(folder: string, paths: readonly string[]): SourceType {
  const own = paths.filter((path) => posix.dirname(path) === folder);
  if (own.some(isKustomization)) return 'Kustomize';
  return own.some((path) => posix.basename(path) === 'Chart.yaml') ? 'Helm' : 'Directory';
}
