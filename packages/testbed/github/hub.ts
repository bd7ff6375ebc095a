import type { Faults } from './faults.ts';
import type { GitPool } from './git-pool.ts';
import type { Lags } from './lag.ts';
import type { Limits } from './limits.ts';
import type { Links } from './render/links.ts';
import type { Secondary } from './secondary-limits.ts';
import type { Tokens } from './tokens.ts';
import type { App, LoggedRequest, Repository, Token } from './types.ts';

/** The state of one stand-in, as the routes see it. */
export interface Hub {
  readonly links: Links;
  readonly now: () => number;
  readonly repositories: Map<string, Repository>;
  readonly apps: Map<number, App>;
  readonly tokens: Tokens;
  readonly limits: Limits;
  readonly secondary: Secondary;
  readonly faults: Faults;
  readonly git: GitPool;
  readonly lags: Lags;
  readonly requests: LoggedRequest[];
  /** One sentence for each request that GitHub would not take from us, or that our own rules forbid. */
  readonly violations: string[];
  /** Numbers for deployments, statuses: one counter, so that a later one is greater. */
  nextId(): number;
}

/** A repository by `owner/name`, whatever the case, if the token reaches it. */
export function visible(hub: Hub, fullName: string, token: Token | undefined): Repository | undefined {
  const repository = hub.repositories.get(fullName.toLowerCase());
  if (repository === undefined) return undefined;
  const reached = token?.repositories.some((name) => name.toLowerCase() === fullName.toLowerCase());
  return reached === true || !repository.private ? repository : undefined;
}
