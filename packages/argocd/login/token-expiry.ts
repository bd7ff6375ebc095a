import { at, text } from '../json.ts';
import { claimsOf } from './claims.ts';

const day = 24 * 60 * 60 * 1000;
const week = 7 * day;

export interface Times {
  readonly now: number;
  /** When the wait is over at the latest. */
  readonly until: number;
}

/**
 * A warning where a token of Argo CD, a JWT, expires within a week, or before the wait is over (ms since 1970); undefined where it does
 * not, has no date (`exp` of RFC 7519, in seconds), or is no JWT. `server` tells whose it is, where there are several.
 */
export function expiryWarning(token: string, { now, until }: Times, server = ''): string | undefined {
  const claims = claimsOf(token);
  const exp = at(claims, 'exp');
  if (typeof exp !== 'number' || !Number.isFinite(exp) || exp * 1000 > Math.max(until, now + week))
    return undefined;
  const date = new Date(exp * 1000);
  if (Number.isNaN(date.getTime())) return undefined;
  const whose = server === '' ? '' : ` of ${server}`;
  return `argocd-token${whose} ${when(date, { now, until })}: make a new one${command(text(at(claims, 'sub')))}.`;
}

function when(date: Date, { now, until }: Times): string {
  const at = date.getTime();
  if (at <= now) return `has expired at ${date.toISOString()}`;
  if (at <= until) return `expires at ${date.toISOString()}, before the wait may be over`;
  const days = Math.floor((at - now) / day);
  return `expires at ${date.toISOString()}, in ${days === 0 ? 'less than a day' : `${days} ${days === 1 ? 'day' : 'days'}`}`;
}

/** How the token of a project's role is made; the subject is `proj:<project>:<role>`. */
function command(subject: string | undefined): string {
  const [, project, role] = /^proj:([a-z0-9.-]+):([\w.-]+)$/.exec(subject ?? '') ?? [];
  return project === undefined ? '' : ` (argocd proj role create-token ${project} ${role} --expires-in 720h)`;
}
