import { posix } from 'node:path';

/** `helm template` of one chart. */
export interface HelmBuild {
  readonly folder: string;
  /** A file of values beside the chart's own, relative to the repository. */
  readonly values?: string;
  readonly files: ReadonlySet<string>;
}

/** The charts whose values changed, with each file of values that did. One that lies in no chart's folder has no chart that we know. */
export function chartBuilds(all: ReadonlySet<string>, changed: Iterable<string>): readonly HelmBuild[] {
  return [...changed].flatMap((path) => {
    const folder = chartOf(path, all);
    if (folder === undefined || !isValues(posix.relative(folder, path))) return [];
    const prefix = folder === '.' ? '' : `${folder}/`;
    const files = new Set([...all].filter((file) => file.startsWith(prefix)));
    const isOwn = path === posix.join(folder, 'values.yaml');
    return [{ folder, files, ...(isOwn ? {} : { values: path }) }];
  });
}

function chartOf(path: string, all: ReadonlySet<string>): string | undefined {
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    if (all.has(posix.join(folder, 'Chart.yaml'))) return folder;
    if (folder === '.' || folder === '/') return undefined;
  }
}

function isValues(path: string): boolean {
  return /\.ya?ml$/.test(path) && !/^(?:templates|crds|charts)\//.test(path) && path !== 'Chart.yaml';
}
