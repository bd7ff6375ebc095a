import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Answers of a real Argo CD 3.2.11; they lie beside the repository, not in it. */
const folder = fileURLToPath(new URL('../../../shared/recipes/argocd/recorded/', import.meta.url));

export const recordingsAreHere = existsSync(folder);

export function recording(name: string): string {
  return readFileSync(`${folder}${name}`, 'utf8');
}

/** Every file that holds one exchange; two hold something of their own shape. */
export function exchanges(): readonly string[] {
  if (!recordingsAreHere) return [];
  const own = new Set(['refresh-lost.json', 'stream-rollout.timeline.json']);
  return readdirSync(folder).filter((name) => name.endsWith('.json') && !own.has(name));
}

/** What of the files of their own shape a server answered, each as one exchange. */
export function ownShapes(): readonly { readonly name: string; readonly contents: string }[] {
  if (!recordingsAreHere) return [];
  const exchange = (name: string, path: string, response: object) => ({
    name,
    contents: JSON.stringify({ request: { method: 'GET', path, account: 'ci' }, response }),
  });
  const stream = (name: string, status: number, contentType: string) =>
    exchange(name, '/api/v1/stream/applications?name=wh', { status, contentType, body: recording(name) });
  const lost = JSON.parse(recording('refresh-lost.json'));
  const app = '/api/v1/applications/kdemo';
  const ok = (body: unknown) => ({ status: 200, contentType: 'application/json', body });
  return [
    stream('stream-rollout.sse.txt', 200, 'text/event-stream'),
    stream('stream-rollout.ndjson.txt', 200, 'application/json'),
    stream('stream-401.sse.txt', 401, 'text/event-stream'),
    stream('stream-resource-tree-403-missing.sse.txt', 403, 'text/event-stream'),
    exchange('refresh-lost.json, first', `${app}?refresh=normal`, ok(lost.responses.first.body)),
    exchange('refresh-lost.json, second', `${app}?refresh=normal`, ok(lost.responses.second.body)),
    exchange('refresh-lost.json, GET afterwards', app, ok(lost.plainGetAfterwards)),
    exchange('refresh-lost.json, third', `${app}?refresh=normal`, ok(lost.thirdRefresh)),
  ];
}

/** `status.resources[].name` for every field, at any depth. */
export function fieldPaths(value: unknown, prefix = ''): ReadonlySet<string> {
  if (Array.isArray(value)) return new Set(value.flatMap((item) => [...fieldPaths(item, `${prefix}[]`)]));
  if (typeof value !== 'object' || value === null) return new Set([prefix]);
  const entries = Object.entries(value);
  if (entries.length === 0) return new Set([`${prefix}{}`]);
  const dot = prefix === '' ? '' : `${prefix}.`;
  return new Set(entries.flatMap(([key, inner]) => [...fieldPaths(inner, `${dot}${key}`)]));
}
