import type { ArgoCD } from '../api/port.ts';
import type { Selected } from '../select/select.ts';

/** A server as the inputs call it, or its address. */
export const serverName = ({ name, server }: Pick<ArgoCD, 'name' | 'server'>): string =>
  name || server.replace(/^https?:\/\//, '');

/** `payments`, or `us/payments` where those that are watched are on several servers. */
export function nameAmong(
  { argocd, application }: Pick<Selected, 'argocd' | 'application'>,
  all: readonly Pick<Selected, 'argocd'>[],
): string {
  const several = new Set(all.map((one) => one.argocd.server)).size > 1;
  return several ? `${serverName(argocd)}/${application.name}` : application.name;
}
