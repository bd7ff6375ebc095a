import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** A repository at one commit: what a `uses:` reads. */
export interface Repository {
  /** `owner/name`. */
  readonly name: string;
  readonly ref: string;
  readonly folder: string;
  /** Files that stand in place of those in the folder, or beside them. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A file or folder of a repository. */
export interface Place {
  readonly repository: Repository;
  /** Relative; empty for the root. */
  readonly path: string;
}

export type Repositories = (name: string, ref: string) => Repository | undefined;

/** The text of a file. Throws where there is none. */
export function textOf({ repository, path }: Place): string {
  const given = repository.files?.[path];
  if (given !== undefined) return given;
  const file = join(repository.folder, path);
  if (!existsSync(file)) throw new Error(`${repository.name}@${repository.ref} has no ${path}`);
  return readFileSync(file, 'utf8');
}

/**
 * What a call names: `./x` and `$/x` stand in the repository of the file that says so, `owner/name/x@ref` in another one.
 * (In a step, `./x` is the workspace: that is not asked here.)
 */
export function resolveUses(uses: string, from: Repository, repositories: Repositories): Place {
  const [, own] = /^(?:\.|\$)\/(.*)$/.exec(uses) ?? [];
  if (own !== undefined) {
    if (own.includes('@')) throw new Error(`${uses}: a reference to the own repository has no version`);
    return { repository: from, path: posix.normalize(own).replace(/^\.?\/?$|\/$/, '') };
  }
  const [, name = '', path = '', ref = ''] = /^([^/@]+\/[^/@]+)(?:\/([^@]+))?@(.+)$/.exec(uses) ?? [];
  const repository = name === '' ? undefined : repositories(name, ref);
  if (repository === undefined) throw new Error(`Unable to resolve ${uses}`);
  return { repository, path };
}
