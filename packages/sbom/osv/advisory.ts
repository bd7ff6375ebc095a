import type { Advisory } from '../types.ts';
import type { OsvAffected, OsvRecord } from './record.ts';

/** A record as the advisory for packages that `entries` of it are about. */
export function advisoryOf(record: OsvRecord, entries: readonly OsvAffected[]): Advisory {
  const { id, summary, url } = record;
  const upstream = [...new Set(record.upstream)].filter((name) => name !== '');
  return {
    id,
    aliases: namesOf(record),
    ...(upstream.length > 0 && { upstream }),
    summary,
    ratings: [...entries.flatMap(({ ratings }) => ratings), ...record.ratings],
    ...(url !== undefined && { url }),
  };
}

/**
 * What a distribution tells of one vulnerability again (`DEBIAN-CVE-2023-1234`) goes by that one's name as well. An
 * advisory about several has none of their names: what is said of one of them is not said of it. `upstream` has them.
 * `related` is never a name: https://ossf.github.io/osv-schema/#related-field
 */
function namesOf({ id, aliases, upstream }: OsvRecord): readonly string[] {
  const names = upstream.length === 1 ? [...aliases, ...upstream] : aliases;
  return [...new Set(names)].filter((name) => name !== id && name !== '');
}
