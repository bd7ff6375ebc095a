import { type Account, demand } from './accounts.ts';
import { type App, isAutomated, isMultiSource, targetRevisions } from './app.ts';
import { ApiError } from './errors.ts';
import { at, isObject, type Json, type JsonObject, listAt, textAt } from './json.ts';
import { sourcesOf } from './render/render.ts';
import { blocked, type Rig } from './rig.ts';
import type { Operation, Retry, Source } from './types.ts';

/** Fields of `ApplicationSyncRequest`, with those below them. The API ignores others; the stand-in reports them. */
const fields: Readonly<Record<string, readonly string[]>> = {
  appNamespace: [],
  dryRun: [],
  infos: ['name', 'value'],
  manifests: [],
  name: [],
  project: [],
  prune: [],
  resources: ['group', 'kind', 'name', 'namespace', 'exclude'],
  retryStrategy: ['limit', 'backoff', 'refresh', 'duration', 'factor', 'maxDuration'],
  revision: [],
  revisions: [],
  sourcePositions: [],
  strategy: ['apply', 'hook', 'force'],
  syncOptions: ['items'],
};

function keysBelow(value: Json | undefined): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(keysBelow);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysBelow(inner)]);
}

/** Names of body fields that Argo CD does not know. */
export function unknownFields(body: JsonObject): readonly string[] {
  return Object.entries(body).flatMap(([key, value]) => {
    const allowed = fields[key];
    if (allowed === undefined) return [key];
    return keysBelow(value)
      .filter((inner) => !allowed.includes(inner))
      .map((inner) => `${key}.${inner}`);
  });
}

const goTypes: Readonly<Record<string, 'bool' | 'string'>> = {
  prune: 'bool',
  dryRun: 'bool',
  revision: 'string',
  project: 'string',
  appNamespace: 'string',
};

function checkTypes(body: JsonObject): void {
  const bad = (kind: string, field: string, type: string) =>
    new ApiError(
      3,
      `json: cannot unmarshal ${kind} into Go struct field ApplicationSyncRequest.${field} of type ${type}`,
    );
  for (const [field, type] of Object.entries(goTypes)) {
    const value = body[field];
    const wanted = type === 'bool' ? 'boolean' : 'string';
    if (value !== undefined && value !== null && typeof value !== wanted) {
      throw bad(typeof value === 'boolean' ? 'bool' : typeof value, field, type);
    }
  }
  for (const position of listAt(body, 'sourcePositions')) {
    if (typeof position !== 'number') throw bad('string', 'sourcePositions', 'int64');
  }
}

async function resolve(rig: Rig, source: Source, revision: string): Promise<string> {
  try {
    return await rig.git.resolve(source.repoURL, revision);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const described = text.startsWith('code = ') ? text : `code = Unknown desc = ${text}`;
    throw new ApiError(9, `error resolving repo revision: rpc error: ${described}`);
  }
}

/** `revisions` with `sourcePositions` (from 1) pin single sources; without positions they are ignored without a word. */
async function multiSource(rig: Rig, app: App, body: JsonObject): Promise<Partial<Operation['sync']>> {
  const positions = listAt(body, 'sourcePositions').map(Number);
  const revisions = listAt(body, 'revisions').map(String);
  const count = sourcesOf(app.spec).length;
  const pinned = new Map<number, string>();
  positions.forEach((position, index) => {
    if (position < 1 || position > count) throw new ApiError(2, 'source position is out of range');
    const revision = revisions[index];
    if (revision === undefined) {
      throw new ApiError(13, `runtime error: index out of range [${index}] with length ${revisions.length}`);
    }
    pinned.set(position - 1, revision);
  });
  const sources = sourcesOf(app.spec).map((source, index) => {
    const revision = pinned.get(index);
    return revision === undefined ? source : { ...source, targetRevision: revision };
  });
  const commits = await Promise.all(
    sources.map((source) => resolve(rig, source, source.targetRevision ?? 'HEAD')),
  );
  return { sources, revisions: commits };
}

async function singleSource(rig: Rig, app: App, body: JsonObject): Promise<Partial<Operation['sync']>> {
  const [source] = sourcesOf(app.spec);
  if (source === undefined) throw new ApiError(9, 'application has no source');
  const revision = textAt(body, 'revision') || (source.targetRevision ?? 'HEAD');
  return { revision: await resolve(rig, source, revision), source };
}

function retryOf(app: App, body: JsonObject): Retry {
  const asked = at(body, 'retryStrategy');
  if (!isObject(asked)) return app.spec.syncPolicy?.retry ?? {};
  const limit = asked.limit;
  const duration = textAt(asked, 'backoff', 'duration');
  const factor = at(asked, 'backoff', 'factor');
  const maxDuration = textAt(asked, 'backoff', 'maxDuration');
  const backoff = {
    ...(duration === undefined ? {} : { duration }),
    ...(typeof factor === 'number' ? { factor } : {}),
    ...(maxDuration === undefined ? {} : { maxDuration }),
  };
  return {
    ...(limit === undefined || limit === null ? {} : { limit: Number(limit) }),
    ...(Object.keys(backoff).length > 0 ? { backoff } : {}),
  };
}

function resourcesOf(body: JsonObject): Operation['sync']['resources'] {
  return listAt(body, 'resources').map((one) => {
    const group = textAt(one, 'group');
    const namespace = textAt(one, 'namespace');
    return {
      ...(group === undefined || group === '' ? {} : { group }),
      kind: textAt(one, 'kind') ?? '',
      name: textAt(one, 'name') ?? '',
      ...(namespace === undefined ? {} : { namespace }),
    };
  });
}

function optionsOf(app: App, body: JsonObject): readonly string[] | undefined {
  const asked = at(body, 'syncOptions', 'items');
  return Array.isArray(asked) ? asked.map(String) : app.spec.syncPolicy?.syncOptions;
}

/** Whether a revision is asked for that the Application does not name itself. */
function isOther(app: App, body: JsonObject): boolean {
  const targets = targetRevisions(app.spec);
  const positions = isMultiSource(app.spec) ? listAt(body, 'sourcePositions').map(Number) : [1];
  const asked = isMultiSource(app.spec) ? listAt(body, 'revisions').map(String) : [textAt(body, 'revision')];
  return positions.some(
    (position, index) => (asked[index] ?? '') !== '' && asked[index] !== targets[position - 1],
  );
}

/** What `POST …/sync` starts, or the refusal in Argo CD's words. */
export async function operationOf(
  rig: Rig,
  app: App,
  account: Account,
  body: JsonObject,
): Promise<Operation> {
  checkTypes(body);
  const dryRun = body.dryRun === true;
  if (blocked(rig, app, false)) throw new ApiError(7, 'cannot sync: blocked by sync window');
  const revision = textAt(body, 'revision') ?? '';
  const [target = 'HEAD'] = targetRevisions(app.spec);
  if (
    isAutomated(app.spec) &&
    !dryRun &&
    revision !== '' &&
    revision !== target &&
    !isMultiSource(app.spec)
  ) {
    throw new ApiError(9, `Cannot sync to ${revision}: auto-sync currently set to ${target}`);
  }
  if (rig.requireOverride && isOther(app, body)) demand(account, 'override', app.spec.project, app.name);
  const where = isMultiSource(app.spec)
    ? await multiSource(rig, app, body)
    : await singleSource(rig, app, body);
  if (app.operation !== undefined) throw new ApiError(9, 'another operation is already in progress');
  const syncOptions = optionsOf(app, body);
  const resources = resourcesOf(body) ?? [];
  const info = listAt(body, 'infos').map((one) => ({
    name: textAt(one, 'name') ?? '',
    value: textAt(one, 'value') ?? '',
  }));
  return {
    sync: {
      ...where,
      ...(body.prune === true ? { prune: true } : {}),
      ...(dryRun ? { dryRun: true } : {}),
      ...(resources.length > 0 ? { resources } : {}),
      ...(syncOptions === undefined ? {} : { syncOptions }),
    },
    initiatedBy: { username: account.name },
    ...(info.length > 0 ? { info } : {}),
    retry: retryOf(app, body),
  };
}
