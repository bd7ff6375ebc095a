import { notFound, unprocessable } from '../errors.ts';
import type { Hub } from '../hub.ts';
import { account, numberFor } from '../render/account.ts';
import { timestamp } from '../render/links.ts';
import { simpleRepository } from '../render/repository.ts';
import type { Access, App, Permissions, Reply } from '../types.ts';
import { type Body, texts } from './route.ts';

/** Installation tokens live one hour. */
export const INSTALLATION_TOKEN_TTL = 3_600_000;

/** `GET /repos/{owner}/{repo}/installation`. */
export function getInstallation(hub: Hub, app: App, fullName: string): Reply {
  if (!app.repositories.some((name) => name.toLowerCase() === fullName.toLowerCase())) return notFound();
  const created = timestamp(hub.now());
  return {
    status: 200,
    body: {
      id: app.installationId,
      account: account(hub.links, app.owner, 'Organization'),
      repository_selection: 'selected',
      access_tokens_url: `${hub.links.api}/app/installations/${app.installationId}/access_tokens`,
      repositories_url: `${hub.links.api}/installation/repositories`,
      html_url: `${hub.links.web}/organizations/${app.owner}/settings/installations/${app.installationId}`,
      app_id: app.id,
      app_slug: app.slug,
      target_id: numberFor(app.owner),
      target_type: 'Organization',
      permissions: { metadata: 'read', ...app.permissions },
      events: [],
      created_at: created,
      updated_at: created,
      single_file_name: null,
      suspended_by: null,
      suspended_at: null,
    },
  };
}

const isAccess = (value: unknown): value is Access => value === 'read' || value === 'write';

/** The permissions asked for; undefined when one of them was not granted to the App. */
function granted(app: App, asked: unknown): Permissions | undefined {
  if (typeof asked !== 'object' || asked === null) return app.permissions;
  const held = new Map<string, unknown>([...Object.entries(app.permissions), ['metadata', 'read']]);
  const entries = Object.entries(asked).filter(([, access]) => isAccess(access));
  const within = entries.every(
    ([name, access]) => held.get(name) === 'write' || (held.get(name) === 'read' && access === 'read'),
  );
  return within ? Object.fromEntries(entries) : undefined;
}

/** `POST /app/installations/{installation_id}/access_tokens`. */
export function createInstallationToken(
  hub: Hub,
  app: App,
  installation: string,
  body: Body,
  ttl: number,
): Reply {
  if (String(app.installationId) !== installation) return notFound();
  const names = texts(body, 'repositories').map((name) => `${app.owner}/${name}`);
  const repositories = names.length > 0 ? names : app.repositories;
  const outside = repositories.some((name) => !app.repositories.includes(name));
  if (outside) {
    return unprocessable(
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  }
  const permissions = granted(app, body.permissions);
  if (permissions === undefined) {
    return unprocessable('The permissions requested are not granted to this installation.');
  }
  const token = hub.tokens.create({
    id: `app-${app.id}-${hub.nextId()}`,
    account: `app-${app.id}`,
    actor: `${app.slug}[bot]`,
    permissions,
    repositories,
    ttl,
  });
  return {
    status: 201,
    body: {
      token,
      expires_at: timestamp(hub.now() + ttl),
      permissions: { metadata: 'read', ...permissions },
      repository_selection: 'selected',
      ...(names.length > 0 ? { repositories: rendered(hub, repositories) } : {}),
    },
  };
}

const rendered = (hub: Hub, names: readonly string[]): object[] =>
  names.flatMap((name) => {
    const repository = hub.repositories.get(name.toLowerCase());
    return repository === undefined ? [] : [simpleRepository(hub.links, repository)];
  });
