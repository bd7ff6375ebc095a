import type { Hub } from '../hub.ts';
import type { Operation } from '../operations.ts';
import type { Access, PermissionName, Reply, Repository, Token } from '../types.ts';

export type Body = Readonly<Record<string, unknown>>;

/** One request that passed the description and the permissions. */
export interface Call {
  readonly hub: Hub;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Body;
  /** The header of that name. */
  readonly accept: string;
  readonly repository: Repository;
  readonly token: Token;
  readonly docs: string;
}

/** An operation on a repository. A list is answered whole; the server cuts it into pages. */
export interface Route {
  readonly permission: PermissionName;
  readonly access: Access;
  /** Another permission that does as well: labels of a pull request may be set with `issues` or `pull_requests`. */
  readonly or?: PermissionName;
  /** Address of GitHub's documentation, after `https://docs.github.com/rest/`. */
  readonly docs: string;
  readonly handle: (call: Call) => Promise<Reply> | Reply;
}

export type Routes = Partial<Readonly<Record<Operation, Route>>>;

/** Records what GitHub would answer badly to or what our own rules forbid; tests ask for none of it. */
export function violation(call: Call, sentence: string): void {
  call.hub.violations.push(sentence);
}

/** A value of the body that the description has checked to be text, or undefined. */
export function text(body: Body, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' ? value : undefined;
}

/** The texts of a list in the body. */
export function texts(body: Body, name: string): string[] {
  const value = body[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A path parameter that the description has checked to be there. */
export const param = (call: Call, name: string): string => call.params[name] ?? '';
