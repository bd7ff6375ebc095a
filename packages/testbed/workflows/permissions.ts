import { mapping, scalar } from './shape.ts';

export type Access = 'none' | 'read' | 'write';
/** By scope: `contents`, `pull-requests` … */
export type Permissions = Readonly<Record<string, Access>> | 'read-all' | 'write-all';

const levels: readonly Access[] = ['none', 'read', 'write'];

/** What `permissions:` of a workflow or a job says. What a mapping does not name is `none`. */
export function permissionsOf(value: unknown): Permissions {
  if (value === 'read-all' || value === 'write-all') return value;
  const asked = Object.entries(mapping(value, 'permissions'));
  return Object.fromEntries(asked.map(([name, level]) => [name, accessOf(scalar(level, name))]));
}

function accessOf(text: string): Access {
  const level = levels.find((one) => one === text);
  if (level === undefined) throw new Error(`${text} is no level of access`);
  return level;
}

function access(permissions: Permissions, scope: string): Access {
  if (permissions === 'write-all') return 'write';
  if (permissions === 'read-all') return 'read';
  return permissions[scope] ?? 'none';
}

/**
 * What a job of a called workflow asks for beyond what its caller may: GitHub then starts nothing
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations).
 */
export function beyond(asked: Permissions, allowed: Permissions): readonly string[] {
  const scopes = typeof asked === 'string' ? ['contents'] : Object.keys(asked);
  return scopes
    .filter((scope) => levels.indexOf(access(asked, scope)) > levels.indexOf(access(allowed, scope)))
    .map(
      (scope) => `${scope}: ${access(asked, scope)}, but is only allowed ${scope}: ${access(allowed, scope)}`,
    );
}

/** What a token of a pull request from a fork may: nothing but read. */
export function readOnly(permissions: Permissions): Permissions {
  if (typeof permissions === 'string') return 'read-all';
  return Object.fromEntries(
    Object.entries(permissions).map(([scope, level]) => [scope, level === 'write' ? 'read' : level]),
  );
}
