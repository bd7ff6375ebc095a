import type { ResourceKey } from '../observation.ts';
import type { Client } from './client.ts';
import type { ApplicationName, SyncAnswer, SyncRequest } from './port.ts';
import { allowed, FAILED_PRECONDITION, forbidden, PERMISSION_DENIED, type Refused } from './refusal.ts';

/** The body of `POST sync`. For several sources a `revision` alone would be ignored in silence; positions are numbers from 1. */
export function syncBody({ name, project, namespace }: ApplicationName, request: SyncRequest): object {
  const { revision, sourceIndex, prune, marker, options, resources } = request;
  const pinned =
    revision === undefined
      ? {}
      : sourceIndex === undefined
        ? { revision }
        : { revisions: [revision], sourcePositions: [sourceIndex + 1] };
  return {
    ...{ name, project, appNamespace: namespace || undefined, prune },
    infos: request.request === undefined ? [marker] : [marker, request.request],
    ...(options !== undefined && { syncOptions: { items: options } }),
    ...(resources !== undefined && { resources: resources.map(resource) }),
    ...pinned,
  };
}

const resource = ({ group, kind, name, namespace }: ResourceKey) => ({ group, kind, name, namespace });

/** What a refusal of `POST sync` means. A 400 with code 9 may pass by itself: only its text tells. */
export async function classifySync(
  client: Client,
  application: ApplicationName,
  { status, code, message }: Refused,
): Promise<SyncAnswer> {
  if (/blocked by sync window/.test(message)) return { result: 'window', message };
  if (/another operation is already in progress/.test(message)) return { result: 'busy', message };
  if (/auto-sync currently set to/.test(message)) return { result: 'unpinned', message };
  if (code === PERMISSION_DENIED || status === 403) {
    // `application.sync.requireOverridePrivilegeForRevisionSync`: another revision than the Application's own takes this right.
    if (/permission denied: applications, override/.test(message)) {
      const { message: sentence } = forbidden(client, application, 'override', message);
      return { result: 'unpinned', message: sentence };
    }
    // With the right named, the policy said no; a bare "permission denied" also comes while kube-apiserver is away.
    const named = /permission denied: applications/.test(message);
    if (!named && (await allowed(client, application, 'sync'))) return { result: 'transient', message };
    return { result: 'forbidden', message: forbidden(client, application, 'sync', message).message };
  }
  if (code === FAILED_PRECONDITION && /code = (Unavailable|DeadlineExceeded|Canceled)/.test(message)) {
    return { result: 'transient', message };
  }
  const passes = status === 409 || status === 429 || status >= 500;
  return { result: passes ? 'transient' : 'refused', message };
}
