import type { Links } from './links.ts';

/** A stable number for a name, so that the same account has the same id everywhere. */
export const numberFor = (text: string): number => {
  let hash = 0;
  for (const char of text) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 90_000_000;
  return hash + 1_000_000;
};

export const nodeId = (kind: string, id: number | string): string =>
  `${kind}_${Buffer.from(String(id)).toString('base64url')}`;

/** `simple-user`; `[bot]` in the name makes it a bot. */
export function account(links: Links, login: string, type?: 'User' | 'Organization'): object {
  const api = `${links.api}/users/${encodeURIComponent(login)}`;
  const id = numberFor(login);
  return {
    login,
    id,
    node_id: nodeId('U', id),
    avatar_url: `${links.web}/avatars/${id}`,
    gravatar_id: '',
    url: api,
    html_url: `${links.web}/${encodeURIComponent(login)}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: type ?? (login.endsWith('[bot]') ? 'Bot' : 'User'),
    site_admin: false,
  };
}
