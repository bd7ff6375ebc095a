import { parseAddress } from '@sluice/gitops/git/address';

/**
 * How people write the address of a repository in an Application: the filter of Argo CD's list takes the very spelling only. As it is
 * given, over HTTPS and SSH, with and without `.git`.
 */
export function spellingsOf(repository: string): readonly string[] {
  const url = parseAddress(repository);
  if (url === undefined) return [repository];
  const path = url.pathname.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  const web = url.protocol === 'ssh:' ? `https://${url.hostname}` : `${url.protocol}//${url.host}`;
  const all = [
    repository,
    ...[`${web}/${path}`, `git@${url.hostname}:${path}`, `ssh://git@${url.hostname}/${path}`].flatMap(
      (one) => [one, `${one}.git`],
    ),
  ];
  return [...new Set(all)];
}
