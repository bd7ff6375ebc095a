/** Whom a commit that we make ourselves names as author and committer. */
export interface Author {
  readonly name: string;
  readonly email: string;
}

/** The user of GitHub Actions, as actions that commit name it: id 41898282 on github.com, another or none on a server of one's own. */
export function actionsBot(serverUrl: string): Author {
  const { hostname } = new URL(serverUrl);
  const id = hostname === 'github.com' ? '41898282+' : '';
  return { name: 'github-actions[bot]', email: `${id}github-actions[bot]@users.noreply.${hostname}` };
}
