import { SluiceError } from '@sluice/core/errors';
import type { ManagedResource } from '../decide/types.ts';
import { at, isRecord, type Json, text } from '../json.ts';

/** One item of `managed-resources`; its states come as JSON inside of strings, and as `"null"` where there is none. */
export function parseManagedResource(item: Json): ManagedResource {
  const target = state(at(item, 'targetState'));
  const live = state(at(item, 'liveState'));
  const normalized = state(at(item, 'normalizedLiveState'));
  return {
    group: text(at(item, 'group')) ?? '',
    kind: text(at(item, 'kind')) ?? '',
    namespace: text(at(item, 'namespace')) ?? '',
    name: text(at(item, 'name')) ?? '',
    ...(target !== undefined && { target }),
    ...(live !== undefined && { live }),
    ...(live === undefined && text(at(item, 'liveState')) === 'null' && { missing: true }),
    ...(normalized !== undefined && { normalized }),
  };
}

function state(value: Json): Json {
  const parsed = embedded(value);
  return isRecord(parsed) ? parsed : undefined;
}

/**
 * JSON inside of a string. Throws a SluiceError where it is none: what cannot be read must not pass for *nothing is there*.
 */
export function embedded(value: Json): Json {
  const content = text(value);
  if (content === undefined) return undefined;
  try {
    return JSON.parse(content);
  } catch {
    throw new SluiceError('platform', 'argocd-answer', 'Argo CD answered with an object that is no JSON.', {
      hint: 'Check that nothing between the runner and argocd-server changes or cuts its answers.',
    });
  }
}
