import type { ManagedResource } from './decide/types.ts';
import { at, isRecord, type Json, text } from './json.ts';

/** One item of `managed-resources`; its states come as JSON inside of strings, and as `"null"` where there is none. */
export function parseManagedResource(item: Json): ManagedResource {
  const target = state(at(item, 'targetState'));
  const live = state(at(item, 'liveState'));
  return {
    group: text(at(item, 'group')) ?? '',
    kind: text(at(item, 'kind')) ?? '',
    namespace: text(at(item, 'namespace')) ?? '',
    name: text(at(item, 'name')) ?? '',
    ...(target !== undefined && { target }),
    ...(live !== undefined && { live }),
  };
}

function state(value: Json): Json {
  const content = text(value);
  const parsed: Json = content === undefined ? undefined : JSON.parse(content);
  return isRecord(parsed) ? parsed : undefined;
}
