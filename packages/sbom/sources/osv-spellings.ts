import type { Package } from '../types.ts';
import { withoutRevision } from '../versions/bitnami.ts';
import { orderOf } from '../versions/orders.ts';
import { publicVersion } from '../versions/pypi.ts';

/** What the API is asked about. */
export interface Spelling {
  readonly name: string;
  /** Absent: every version, of which the records tell more than the API would. */
  readonly version?: string;
}

/** All that a package has to be asked about by: the API knows names and versions as its records write them alone. */
export function spellingsOf(entry: Pick<Package, 'ecosystem' | 'name' | 'version'>): readonly Spelling[] {
  const names = [...new Set(NAMES.get(entry.ecosystem)?.(entry.name) ?? [entry.name])];
  return [...new Set(versionsOf(entry))].flatMap((version) =>
    names.map((name) => (version === undefined ? { name } : { name, version })),
  );
}

const asIsAndLower = (name: string) => [name, name.toLowerCase()];

const NAMES: ReadonlyMap<string, (name: string) => readonly string[]> = new Map([
  // Two names of a registry never differ in these signs alone; which of them a record has nobody tells.
  ['crates.io', (name) => [name, name.replaceAll('_', '-'), name.replaceAll('-', '_')]],
  // Neither owners and repositories of GitHub nor extensions have case.
  ['GitHub Actions', asIsAndLower],
  ['VSCode', asIsAndLower],
]);

function versionsOf({
  ecosystem,
  version,
}: Pick<Package, 'ecosystem' | 'version'>): readonly (string | undefined)[] {
  if (ecosystem === 'Go') return [goVersion(version)];
  if (ecosystem === 'PyPI') return [version, publicVersion(version)];
  if (ecosystem === 'Bitnami') return [withoutRevision(version)];
  return [orderOf(ecosystem)?.last(version) === undefined ? version : undefined];
}

/** As OSV writes versions of Go: without `v` or `go`, and the toolchain's `1.21rc2` as a version of semver. */
function goVersion(version: string): string {
  const [, numbers, word, number] = /^go(\d+\.\d+)(beta|rc)(\d+)$/.exec(version) ?? [];
  if (word !== undefined) return `${numbers}.0-${word}.${number}`;
  return version.replace(/^(?:v|go)(?=\d)/, '');
}
