import type { GitObject } from '../object-store.ts';
import { parseTree } from '../trees.ts';
import type { Repository } from '../types.ts';
import type { Links } from './links.ts';
import { repositoryApi } from './repository.ts';

/** The type of the object that an entry of this mode (six digits) names. */
export const typeOfMode = (mode: string): string =>
  mode === '040000' ? 'tree' : mode === '160000' ? 'commit' : 'blob';

/** `git-tree`: one folder. */
export function treeBody(links: Links, repository: Repository, { sha, data }: GitObject): object {
  const api = `${repositoryApi(links, repository)}/git`;
  const tree = [...parseTree(data)].map(([name, entry]) => {
    const mode = entry.mode.padStart(6, '0');
    const type = typeOfMode(mode);
    const path = Buffer.from(name, 'latin1').toString();
    return { path, mode, type, sha: entry.sha, url: `${api}/${type}s/${entry.sha}` };
  });
  return { sha, url: `${api}/trees/${sha}`, tree, truncated: false };
}
