import { isList, isObject, type Json, type JsonObject, sameJson, textAt } from './json.ts';

/** Lists of named elements (containers, env, volumes, ports of a Service) are merged by name, all others replaced. */
function named(list: readonly Json[]): boolean {
  return list.length > 0 && list.every((item) => textAt(item, 'name') !== undefined);
}

function byName(list: readonly Json[], name: string | undefined): Json | undefined {
  return list.find((item) => textAt(item, 'name') === name);
}

function mergeLists(live: readonly Json[], target: readonly Json[], last: readonly Json[]): readonly Json[] {
  if (!named(target) || !named(live)) return target;
  const kept = live.filter((item) => {
    const name = textAt(item, 'name');
    return byName(target, name) === undefined && byName(last, name) === undefined;
  });
  const merged = target.map((item) => {
    const name = textAt(item, 'name');
    return merge(byName(live, name), item, byName(last, name));
  });
  return [...merged, ...kept];
}

/**
 * The three-way merge of `kubectl apply`: what `target` says is set, what `last` said and `target` does not is removed,
 * everything else of `live` stays.
 */
export function merge(live: Json | undefined, target: Json, last?: Json): Json {
  if (isList(target)) return mergeLists(isList(live) ? live : [], target, isList(last) ? last : []);
  if (!isObject(target) || !isObject(live)) return target;
  const before: JsonObject = isObject(last) ? last : {};
  const out: Record<string, Json | undefined> = {};
  for (const [key, value] of Object.entries(live)) {
    if (target[key] === undefined && before[key] === undefined) out[key] = value;
  }
  for (const [key, value] of Object.entries(target)) {
    if (value !== undefined && value !== null) out[key] = merge(live[key], value, before[key]);
  }
  return out;
}

/** Whether applying `target` would change `live`: the test behind Synced and OutOfSync. */
export function differs(live: JsonObject, target: JsonObject, last: JsonObject): boolean {
  return !sameJson(merge(live, target, last), live);
}
