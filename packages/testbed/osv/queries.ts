import { PackageURL } from 'packageurl-js';
import type { Asked } from './records.ts';

/** An answer that is an error, as the API writes one: https://grpc.io/docs/guides/status-codes/ */
export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

export interface Query extends Asked {
  readonly token?: string;
}

// `_MAX_BATCH_QUERY` in gcp/api/server.py of google/osv.dev.
const MOST_QUERIES = 1000;

/** What OSV's schema lists, before a colon: https://ossf.github.io/osv-schema/#affectedpackage-field */
const ECOSYSTEMS: ReadonlySet<string> = new Set([
  ...['AlmaLinux', 'Alpaquita', 'Alpine', 'Android', 'BellSoft Hardened Containers', 'Bioconductor'],
  ...['Bitnami', 'Chainguard', 'ConanCenter', 'CRAN', 'crates.io', 'Debian', 'Echo', 'GHC', 'GIT'],
  ...['GitHub Actions', 'Go', 'Hackage', 'Hex', 'Julia', 'Kubernetes', 'Linux', 'Mageia', 'Maven', 'MinimOS'],
  ...['npm', 'NuGet', 'openEuler', 'opam', 'openSUSE', 'OSS-Fuzz', 'Packagist', 'Photon OS', 'Pub', 'PyPI'],
  ...['Red Hat', 'Rocky Linux', 'RubyGems', 'SUSE', 'SwiftURL', 'Ubuntu', 'VSCode', 'Wolfi'],
]);

/** Of `PURL_ECOSYSTEMS` in osv/purl_helpers.py those whose names need no rule of their own. */
const OF_PURLS: Readonly<Record<string, string>> = {
  cargo: 'crates.io',
  gem: 'RubyGems',
  golang: 'Go',
  maven: 'Maven',
  npm: 'npm',
  nuget: 'NuGet',
  pypi: 'PyPI',
};

/** `BatchQuery` of osv_service_v1.proto; one wrong query is the end of the whole batch. */
export function readBatch(body: string): readonly (Query | undefined)[] | Refusal {
  const batch = parse(body);
  const wrong = oddField(batch, { queries: 'object' }, '');
  if (wrong !== undefined) return invalid(wrong);
  const { queries } = fields(batch);
  if (!Array.isArray(queries)) return invalid('queries: invalid value');
  if (queries.length > MOST_QUERIES) return invalid('Too many queries.');
  const read: (Query | undefined)[] = [];
  for (const [index, value] of queries.entries()) {
    const query = readQuery(value, `queries[${index}]`);
    if (typeof query === 'string') return invalid(query);
    read.push(query);
  }
  return read;
}

/** `Query`: the sentence of the error, or undefined where it names a purl that OSV does not know, for which the answer is empty. */
function readQuery(value: unknown, place: string): Query | undefined | string {
  const types = { commit: 'string', version: 'string', package: 'object', page_token: 'string' };
  const wrong = oddField(value, types, place);
  if (wrong !== undefined) return wrong;
  const { commit, version, package: named = {}, page_token: token } = fields(value);
  if (commit !== undefined && version !== undefined) return `${place}: oneof param is already set`;
  if (commit !== undefined) return 'Queries by commit are not in this stand-in.';
  const odd = oddField(named, { name: 'string', ecosystem: 'string', purl: 'string' }, `${place}.package`);
  if (odd !== undefined) return odd;
  const asked = readPackage(fields(named), textOf(version));
  if (typeof asked !== 'object') return asked;
  return { ...asked, ...(textOf(token) === '' ? {} : { token: textOf(token) }) };
}

function readPackage(named: Readonly<Record<string, unknown>>, version: string): Asked | undefined | string {
  const [name, ecosystem, purl] = [textOf(named.name), textOf(named.ecosystem), textOf(named.purl)];
  if (purl !== '') return readPurl(purl, { name, ecosystem, version });
  if (ecosystem !== '' && !ECOSYSTEMS.has(ecosystem.split(':')[0] ?? '')) return 'Invalid ecosystem.';
  // Without an ecosystem OSV looks through all; who names a package of an SBOM knows which.
  if (name === '' || ecosystem === '') return 'Invalid query.';
  return { name, ecosystem, ...(version === '' ? {} : { version }) };
}

function readPurl(purl: string, beside: Required<Asked>): Asked | undefined | string {
  if (beside.name !== '') return 'name specified in a PURL query';
  if (beside.ecosystem !== '') return 'ecosystem specified in a PURL query';
  let parsed: PackageURL;
  try {
    parsed = PackageURL.fromString(purl);
  } catch {
    return 'Invalid Package URL.';
  }
  const ecosystem = OF_PURLS[parsed.type];
  if (ecosystem === undefined) return undefined;
  if (parsed.version && beside.version !== '') return 'version specified in params and PURL query';
  const between = ecosystem === 'Maven' ? ':' : '/';
  const name = [parsed.namespace, parsed.name].filter(Boolean).join(between);
  const version = parsed.version || beside.version;
  return { name, ecosystem, ...(version === '' ? {} : { version }) };
}

export function invalid(message: string): Refusal {
  return { status: 400, code: 3, message };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A field that the message does not have, or of another type: the gateway refuses both. */
function oddField(
  value: unknown,
  types: Readonly<Record<string, string>>,
  place: string,
): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${place}: no object`;
  for (const [name, entry] of Object.entries(value)) {
    if (types[name] === undefined) return `(${place}) ${name}: Cannot find field.`;
    if (typeof entry !== types[name] || entry === null) return `(${place}.${name}): invalid value`;
  }
  return undefined;
}
