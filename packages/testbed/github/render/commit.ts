import type { GitObject } from '../object-store.ts';
import { parseCommit } from '../objects.ts';
import type { Repository } from '../types.ts';
import { account, nodeId } from './account.ts';
import { type Links, timestamp } from './links.ts';
import { repositoryApi } from './repository.ts';

interface Person {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

/** Of an author's or committer's line: `Alice <alice@example.com> 1700000000 +0000`. */
function personOf(line: string): Person {
  const [, name = '', email = '', seconds = '0'] = /^(.*?) ?<([^>]*)> (\d+)/.exec(line) ?? [];
  return { name, email, date: timestamp(Number(seconds) * 1000) };
}

/** `verification`: a commit that GitHub itself committed counts as signed. */
const verification = (committer: Person): object => {
  const verified = committer.email === 'noreply@github.com';
  const reason = verified ? 'valid' : 'unsigned';
  const signature = verified ? '-----BEGIN PGP SIGNATURE-----' : null;
  return {
    verified,
    reason,
    signature,
    payload: verified ? 'tree' : null,
    verified_at: verified ? committer.date : null,
  };
};

/** `git-commit`. */
export function commitBody(links: Links, repository: Repository, { sha, data }: GitObject): object {
  const { tree, parents, author, committer, message } = parseCommit(data);
  const api = `${repositoryApi(links, repository)}/git`;
  const web = `${links.web}/${repository.fullName}/commit`;
  return {
    sha,
    node_id: nodeId('C', sha),
    url: `${api}/commits/${sha}`,
    html_url: `${web}/${sha}`,
    author: personOf(author),
    committer: personOf(committer),
    tree: { sha: tree, url: `${api}/trees/${tree}` },
    message,
    parents: parents.map((parent) => ({
      sha: parent,
      url: `${api}/commits/${parent}`,
      html_url: `${web}/${parent}`,
    })),
    verification: verification(personOf(committer)),
  };
}

/** `commit`: as in lists, comparisons and branches. */
export function commitEntry(links: Links, repository: Repository, { sha, data }: GitObject): object {
  const { tree, parents, author, committer, message } = parseCommit(data);
  const api = repositoryApi(links, repository);
  const web = `${links.web}/${repository.fullName}/commit`;
  return {
    sha,
    node_id: nodeId('C', sha),
    url: `${api}/commits/${sha}`,
    html_url: `${web}/${sha}`,
    comments_url: `${api}/commits/${sha}/comments`,
    commit: {
      author: personOf(author),
      committer: personOf(committer),
      message,
      tree: { sha: tree, url: `${api}/git/trees/${tree}` },
      url: `${api}/git/commits/${sha}`,
      comment_count: 0,
      verification: verification(personOf(committer)),
    },
    author: account(links, personOf(author).name),
    committer: account(links, personOf(committer).name),
    parents: parents.map((parent) => ({
      sha: parent,
      url: `${api}/commits/${parent}`,
      html_url: `${web}/${parent}`,
    })),
  };
}
