import type { Repository } from '../types.ts';
import type { Links } from './links.ts';
import { repositoryApi } from './repository.ts';

const STATUS: Readonly<Record<string, string>> = { A: 'added', D: 'removed', M: 'modified', T: 'changed' };

/** `diff-entry`, from what `git diff --raw -z --no-renames --no-abbrev` writes; counts of lines are not played. */
export function diffEntries(links: Links, repository: Repository, raw: string, head: string): object[] {
  return [...raw.matchAll(/:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) ([A-Z])\0([^\0]+)\0/g)].map(
    ([, sha = '', letter = '', path = '']) => {
      const file = path.split('/').map(encodeURIComponent).join('/');
      const web = `${links.web}/${repository.fullName}`;
      return {
        sha: /^0+$/.test(sha) ? null : sha,
        filename: path,
        status: STATUS[letter] ?? 'changed',
        additions: 0,
        deletions: 0,
        changes: 0,
        blob_url: `${web}/blob/${head}/${file}`,
        raw_url: `${web}/raw/${head}/${file}`,
        contents_url: `${repositoryApi(links, repository)}/contents/${file}?ref=${head}`,
      };
    },
  );
}
