import { escapeMarkdown } from '@sluice/core/summary';
import type { Verdict } from '../decide/types.ts';
import { httpsUrl } from '../select/git-url.ts';
import type { ApplicationVerdict } from '../watch/wait.ts';

/** A link of Markdown; where the address is none of the web, the text alone. `text` is Markdown already. */
export function link(text: string, url: string | undefined): string {
  if (url === undefined || !URL.canParse(url)) return text;
  const { protocol, href } = new URL(url);
  // A bracket would end the address, and a pipe the cell of a table.
  const safe = href.replace(/[()<>|\s]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
  return protocol === 'https:' || protocol === 'http:' ? `[${text}](${safe})` : text;
}

/** The page of an application in Argo CD, which shows at once what the verdict is about. */
export function applicationUrl({ selected, verdict }: ApplicationVerdict): string {
  const { argocd, application } = selected;
  const path = [application.namespace, application.name]
    .filter((part) => part !== '')
    .map(encodeURIComponent);
  return `${argocd.server.replace(/\/+$/, '')}/applications/${path.join('/')}${shows(verdict)}`;
}

/** `resource`: a filter of the resources; `operation`: what the last sync did. */
function shows({ reason, missing }: Verdict): string {
  if (reason === 'operation-failed' || reason === 'sync-error') return '?operation=true';
  if (reason === 'degraded' || reason === 'rollout-aborted') return '?resource=health%3ADegraded';
  if (missing.includes('synced')) return '?resource=sync%3AOutOfSync';
  return '';
}

/** The page of a commit, where GitHub has one: on github.com, and on the server that the job runs on. */
export function commitUrl(
  repository: string,
  sha: string,
  gitHub = 'https://github.com',
): string | undefined {
  if (!/^[0-9a-f]{40,64}$/.test(sha) || repository === '') return undefined;
  const url = httpsUrl(repository, gitHub)
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  if (!URL.canParse(url)) return undefined;
  const hosts = ['github.com', new URL(gitHub).host];
  return hosts.includes(new URL(url).host) ? `${url}/commit/${sha}` : undefined;
}

/** Text as Markdown in which the first characters of these commits lead to their pages. */
export function linked(text: string, commits: ReadonlyMap<string, string>): string {
  let markdown = escapeMarkdown(text);
  for (const [sha, url] of commits) {
    const short = sha.slice(0, 7);
    markdown = markdown.replace(new RegExp(`(?<![\\w-])${short}(?![\\w-])`, 'g'), () =>
      link(`\`${short}\``, url),
    );
  }
  return markdown;
}
