import type { ExecResult } from '@sluice/core/exec';
import { at, kindOf, list, text } from '../json.ts';
import { count } from '../page/words.ts';
import { formatPurl, parsePurl } from '../purl/purl.ts';
import type { Advisory, Match, Package, Rating, Source } from '../types.ts';
import { answered, refuseMore } from './answered.ts';
import { isOfDistribution, type Systems, systemOf } from './distribution.ts';
import {
  answerError,
  databaseError,
  failedError,
  lastWords,
  readJson,
  runScanner,
  type ScannerPorts,
} from './scanner.ts';
import { groupBy, purlKey, scannerSbom, typeOf } from './scanner-sbom.ts';
import { cvssOf, firstLine } from './scanner-words.ts';

const PROGRAM = 'grype';
const NO_DATABASE =
  /failed to load vulnerability db|db could not be loaded|vulnerability database (?:is|was) /i;
/** What stands before each line of its log: seconds and level. */
const LEVEL = /^\[\d+\]\s+[A-Z]+\s+/;
const HINT = 'Run `grype db update` in a step before, or let grype reach the place where its database is.';

/** grype on PATH. Its own database; how it gets that is what its variables GRYPE_DB_… say. */
export function grypeSource(ports: ScannerPorts): Source {
  return async (packages) => {
    const sent = packages.filter(isLookedUp);
    const isSent = new Set(sent);
    const left = packages
      .filter((entry) => !isSent.has(entry))
      .map((entry) => ({ package: entry, why: 'unknown-ecosystem' as const }));
    if (sent.length === 0) return { ...answered({ matches: [], left }), source: PROGRAM, warnings: [] };
    ports.log.info(`Running grype over ${count(sent.length, 'package')}`);
    const result = await runScanner(ports, {
      program: PROGRAM,
      // With a configuration of ours it takes none from the workspace or the home folder: those may hide findings.
      files: { 'sbom.cdx.json': scannerSbom(sent, grypePurl), 'grype.yaml': 'check-for-app-update: false\n' },
      args: (path) => [`sbom:${path('sbom.cdx.json')}`, '--output=json', `--config=${path('grype.yaml')}`],
      variables: /^GRYPE_DB_/,
    });
    if (result.code !== 0) throw failure(result);
    const json = readJson(PROGRAM, result);
    const built = databaseOf(json);
    const version = text(at(json, 'descriptor', 'version'));
    return {
      ...answered({ matches: matchesIn(json, sent), left }),
      source: `grype${version === undefined ? '' : ` ${lastWords(version)}`}, database of ${built}`,
      day: built,
      warnings: [
        'grype does not say which packages it has looked up: all that are of an ecosystem of its database count as looked up, and of any release of a distribution.',
        ...hidden(json),
      ],
    };
  };
}

/**
 * What grype/distro/type.go in anchore/grype calls the distributions of which its database has something: others it takes, and finds
 * nothing for them.
 */
const SYSTEMS: Systems = {
  AlmaLinux: 'almalinux',
  Alpine: 'alpine',
  Chainguard: 'chainguard',
  Debian: 'debian',
  'Rocky Linux': 'rocky',
  Ubuntu: 'ubuntu',
  Wolfi: 'wolfi',
};

/**
 * The types of purl of which its database has something: `getPackageType` in grype/db/v6/build/transformers/github/transform.go of
 * anchore/grype, and Bitnami's records beside it. It has GitHub Actions by a name that no purl leads to.
 */
const LIBRARIES: ReadonlySet<string> = new Set([
  ...['bitnami', 'cargo', 'composer', 'gem', 'golang', 'hex', 'maven', 'npm', 'nuget', 'pub', 'pypi'],
  'swift',
]);

/** Others it takes as well, finds nothing for them, and does not say so. */
const isLookedUp = (entry: Package): boolean =>
  isOfDistribution(entry) ? systemOf(entry, SYSTEMS) !== undefined : LIBRARIES.has(typeOf(entry));

/** `VERSION_ID` of /etc/os-release in images of Wolfi and Chainguard, which have no releases. */
const NO_RELEASE = '20230201';

/** With the release, which the SBOM may have said of all packages at once: grype looks up no package of a distribution without. */
function grypePurl(entry: Package): string {
  const system = isOfDistribution(entry) ? systemOf(entry, SYSTEMS) : undefined;
  const purl = system && parsePurl(entry.purl);
  if (purl === undefined) return entry.purl;
  const distro = `${system?.name}-${system?.version || NO_RELEASE}`;
  return formatPurl({ ...purl, qualifiers: new Map([...purl.qualifiers, ['distro', distro]]) }, [
    ...purl.qualifiers.keys(),
    ...(purl.qualifiers.has('distro') ? [] : ['distro']),
  ]);
}

function failure(result: ExecResult): Error {
  const isDatabase = NO_DATABASE.test(result.stderr);
  return isDatabase
    ? databaseError(PROGRAM, lastWords(result.stderr).replace(LEVEL, ''), HINT)
    : failedError(PROGRAM, result);
}

/** The date of the database; it stands in `descriptor.db`, since version 0.88 in `status` there. */
function databaseOf(json: unknown): string {
  const db = at(json, 'descriptor', 'db');
  const status = at(db, 'status') ?? db;
  const error = text(at(status, 'error'));
  if (error !== undefined) throw databaseError(PROGRAM, lastWords(error), HINT);
  if (at(status, 'valid') === false) throw databaseError(PROGRAM, 'it says that it is not valid', HINT);
  const built = text(at(status, 'built'));
  if (built === undefined || Number.isNaN(Date.parse(built))) {
    throw databaseError(PROGRAM, 'it does not say of when it is', HINT);
  }
  return new Date(built).toISOString().slice(0, 10);
}

function hidden(json: unknown): readonly string[] {
  const count = list(at(json, 'ignoredMatches')).length;
  return count === 0 ? [] : [`grype left ${count} matches out by rules of its own.`];
}

function matchesIn(json: unknown, packages: readonly Package[]): readonly Match[] {
  const matches = at(json, 'matches');
  if (!Array.isArray(matches)) throw answerError(PROGRAM, `\`matches\` is ${kindOf(matches)}`);
  const known = groupBy(packages, ({ purl }) => purlKey(purl));
  const read: Match[] = [];
  for (const [index, match] of matches.entries()) {
    const purl = text(at(match, 'artifact', 'purl'));
    const found = purl === undefined ? undefined : known.get(purlKey(purl));
    if (found === undefined) {
      throw answerError(PROGRAM, `\`matches[${index}]\` is of a package that it was not asked about`);
    }
    const advisory = advisoryOf(match, index);
    const fix = at(match, 'vulnerability', 'fix');
    const fixed =
      at(fix, 'state') === 'fixed' ? list(at(fix, 'versions')).flatMap((value) => text(value) ?? []) : [];
    refuseMore(read.length + found.length);
    for (const entry of found) read.push({ package: entry, advisory, fixed });
  }
  return read;
}

function advisoryOf(match: unknown, index: number): Advisory {
  const vulnerability = at(match, 'vulnerability');
  const related = list(at(match, 'relatedVulnerabilities'));
  const id = text(at(vulnerability, 'id'));
  if (id === undefined) throw answerError(PROGRAM, `\`matches[${index}].vulnerability.id\` is no text`);
  const names = new Set(related.flatMap((other) => text(at(other, 'id')) ?? []));
  names.delete(id);
  const own = cvssIn(vulnerability);
  const word = text(at(vulnerability, 'severity'));
  const url = text(at(vulnerability, 'dataSource'));
  return {
    id,
    // An advisory about several vulnerabilities has none of their names.
    aliases: names.size === 1 ? [...names] : [],
    ...(names.size > 1 && { upstream: [...names] }),
    summary: firstLine(text(at(vulnerability, 'description')) ?? text(at(related[0], 'description')) ?? ''),
    ratings: [
      ...(own.length > 0 ? own : related.flatMap(cvssIn)),
      ...(word === undefined ? [] : [{ type: 'word', value: word } as const]),
    ],
    ...(url?.startsWith('https://') && { url }),
  };
}

const cvssIn = (vulnerability: unknown): readonly Rating[] =>
  list(at(vulnerability, 'cvss')).flatMap((entry) =>
    cvssOf(text(at(entry, 'vector')), text(at(entry, 'version'))),
  );
