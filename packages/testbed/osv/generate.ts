import { KINDS, type Kind, type Numbers } from './kinds.ts';
import { createRandom, type Random } from './random.ts';
import type { Affected, OsvRecord } from './records.ts';

export interface Size {
  readonly records: number;
  readonly components: number;
  readonly seed: number;
}

export interface Generated {
  /** By the ecosystem before its colon, as OSV's archives hold them. */
  readonly records: ReadonlyMap<string, readonly OsvRecord[]>;
  /** CycloneDX 1.6. */
  readonly sbom: string;
}

/** As long as real ones are. */
const DETAILS =
  'A crafted request makes the parser read past the end of its buffer, and what lies there is part of the answer. ';

/** A database of many ecosystems, and a bill whose components it speaks of. Always the same for a seed. */
export function generate(size: Size): Generated {
  const random = createRandom(size.seed);
  const names = Math.max(1, Math.ceil(size.records / KINDS.length / 2));
  const records = new Map<string, OsvRecord[]>();
  for (let index = 0; index < size.records; index++) {
    const kind = KINDS[index % KINDS.length] ?? KINDS[0];
    const [base = ''] = kind.ecosystem.split(':');
    const group = records.get(base) ?? [];
    group.push(recordOf(index, kind, names, random));
    records.set(base, group);
  }
  return { records, sbom: sbomOf(size.components, names, random) };
}

const numbers = (random: Random): Numbers => [random.below(4), random.below(6), random.below(10)];

function recordOf(index: number, kind: Kind, names: number, random: Random): OsvRecord {
  const id = `TEST-2026-${index}`;
  const count = 1 + (random.oneIn(10) ? 1 : 0);
  return {
    ...{ schema_version: '1.6.0', id, modified: '2026-01-02T03:04:05Z', published: '2025-01-02T03:04:05Z' },
    ...(random.oneIn(50) && { withdrawn: '2026-01-03T00:00:00Z' }),
    aliases: [`CVE-2026-${index}`],
    summary: `${id} lets strangers read the memory of ${kind.ecosystem} packages`,
    details: DETAILS.repeat(5 + random.below(10)),
    severity: [
      {
        type: 'CVSS_V3',
        score: `CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:${random.pick(['N', 'L', 'H'])}/I:N/A:H`,
      },
    ],
    affected: Array.from({ length: count }, () => affectedOf(kind, names, random)),
    references: [{ type: 'ADVISORY', url: `https://advisories.example/${id}` }],
  };
}

function affectedOf(kind: Kind, names: number, random: Random): Affected {
  const name = kind.name(random.below(names));
  const version = () => kind.version(numbers(random), random);
  const ranges = Array.from({ length: random.oneIn(5) ? 2 : 1 }, () => ({
    type: kind.range,
    events: eventsOf(version, random),
  }));
  const versions = random.oneIn(4) ? [version(), version()] : [];
  return {
    package: { ecosystem: kind.ecosystem, name, purl: kind.purl(name) },
    ...(versions.length > 0 && { versions }),
    ranges,
  };
}

/** Most records begin with the first version and end with a fix; some have no end, or name the last one that is affected. */
function eventsOf(version: () => string, random: Random): Readonly<Record<string, string>>[] {
  const introduced = random.oneIn(2) ? '0' : version();
  if (random.oneIn(12)) return [{ introduced }];
  return [{ introduced }, random.oneIn(5) ? { last_affected: version() } : { fixed: version() }];
}

function sbomOf(count: number, names: number, random: Random): string {
  const components = Array.from({ length: count }, (_, index) => {
    const kind = KINDS[index % KINDS.length] ?? KINDS[0];
    // As many again have no record.
    const name = kind.name(random.below(names * 2));
    const written = kind.version(numbers(random), random);
    const version = kind.listed?.(written) ?? written;
    const purl = `${kind.purl(name)}@${encodeURIComponent(version)}${kind.qualifiers?.(name) ?? ''}`;
    return { type: 'library', 'bom-ref': `ref-${index}`, name, version, purl };
  });
  const root = { type: 'application', 'bom-ref': 'root', name: 'shop', version: '1.0.0' };
  const dependencies = [{ ref: 'root', dependsOn: components.map((component) => component['bom-ref']) }];
  return JSON.stringify({
    ...{ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 },
    ...{ metadata: { component: root }, components, dependencies },
  });
}
