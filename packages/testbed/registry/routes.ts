import type { IncomingMessage } from 'node:http';
import type { Guard } from './auth.ts';
import type { Errs } from './start.ts';
import type { Repository } from './store.ts';

export interface Registry {
  readonly guard: Guard;
  readonly repositories: ReadonlyMap<string, Repository>;
  readonly violations: string[];
  readonly errs: Errs;
  readonly pageSize: number;
  readonly blobHost: string;
}

// https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#endpoints
const NAME = '([a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*)';
const TAGS = new RegExp(`^/v2/${NAME}/tags/list$`);
const MANIFEST = new RegExp(`^/v2/${NAME}/manifests/(\\w[\\w.-]{0,127}|sha256:[0-9a-f]{64})$`);
const BLOB = new RegExp(`^/v2/${NAME}/blobs/(sha256:[0-9a-f]{64})$`);

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The answer to one request. */
export function answerRegistry(registry: Registry, request: IncomingMessage, posted: string): Reply {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://registry');
  if (pathname === '/token') {
    const asked = request.method === 'POST' ? new URLSearchParams(posted) : searchParams;
    const { status, body } = registry.guard.token(request, asked);
    return json(status, body);
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    registry.violations.push(`${request.method} ${pathname}: only reading is expected`);
    return failed(405, 'UNSUPPORTED');
  }
  const found = [TAGS, MANIFEST, BLOB].map((route) => route.exec(pathname)).find((match) => match !== null);
  const [, name, reference = ''] = found ?? [];
  if (name === undefined && pathname !== '/v2/') {
    registry.violations.push(`${request.method} ${pathname}: no such address`);
    return failed(404, 'NAME_INVALID');
  }
  const refusal = registry.guard.check(request, name);
  if (refusal !== undefined) {
    const { status, code, challenge } = refusal;
    return failed(status, code, challenge === undefined ? {} : { 'WWW-Authenticate': challenge });
  }
  if (name === undefined) return json(200, {});
  const repository = registry.repositories.get(name);
  if (repository === undefined) return failed(404, 'NAME_UNKNOWN');
  if (TAGS.test(pathname)) return tagsReply(registry, { name, repository, query: searchParams });
  if (BLOB.test(pathname)) return blobReply(registry, { name, repository, digest: reference });
  return manifestReply(registry, repository, reference, request);
}

function tagsReply(
  { violations, errs, pageSize }: Registry,
  asked: { readonly name: string; readonly repository: Repository; readonly query: URLSearchParams },
): Reply {
  const { name, repository, query } = asked;
  const n = query.get('n');
  if (n !== null && !/^[1-9]\d*$/.test(n)) violations.push(`n=${n} is no number of tags`);
  const size = Math.min(Number(n ?? pageSize), pageSize);
  const all = [...repository.tags.keys()].sort();
  const last = query.get('last');
  const left = last === null ? all : all.filter((tag) => tag > last);
  const page = left.slice(0, size);
  const after = `/v2/${name}/tags/list?n=${size}&last=${encodeURIComponent(page.at(-1) ?? '')}`;
  const next = errs.nextPage ?? (left.length > size ? after : undefined);
  return json(200, { name, tags: page }, next === undefined ? {} : { Link: `<${next}>; rel="next"` });
}

function blobReply(
  { errs, blobHost }: Registry,
  asked: { readonly name: string; readonly repository: Repository; readonly digest: string },
): Reply {
  const { name, repository, digest } = asked;
  const blob = repository.blobs.get(digest);
  if (blob === undefined) return failed(404, 'BLOB_UNKNOWN');
  if (errs.redirectBlobs) {
    const headers = { Location: `http://${blobHost}/${name}/${digest}` };
    return { status: 307, headers, body: Buffer.alloc(0) };
  }
  const body = errs.wrongBlobs ? Buffer.from('{"config":{"Labels":{}}}') : blob.bytes;
  return { status: 200, headers: { 'Content-Type': 'application/octet-stream' }, body };
}

function manifestReply(
  { errs }: Registry,
  repository: Repository,
  reference: string,
  request: IncomingMessage,
): Reply {
  if (request.method === 'HEAD' && errs.noHead) return failed(405, 'UNSUPPORTED');
  const digest = repository.tags.get(reference) ?? reference;
  const manifest = repository.manifests.get(digest);
  const accepted = (request.headers.accept ?? '').split(',').map((type) => type.trim());
  // As Docker's registry: what the client does not say it can read does not exist.
  if (manifest === undefined || !accepted.includes(manifest.mediaType))
    return failed(404, 'MANIFEST_UNKNOWN');
  const named = errs.digestHeader ?? digest;
  return {
    status: 200,
    headers: {
      'Content-Type': manifest.mediaType,
      ...(named === 'none' ? {} : { 'Docker-Content-Digest': named }),
    },
    body: manifest.bytes,
  };
}

function failed(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return json(status, { errors: [{ code, message: code.toLowerCase().replaceAll('_', ' ') }] }, headers);
}

function json(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(body)),
  };
}
