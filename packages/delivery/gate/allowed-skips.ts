import { namesOf } from '@sluice/core/input-syntax';
import { isRecord, type Json } from '@sluice/core/json';
import { oneLine } from '@sluice/core/one-line';
import { repeatedKey } from './repeated-key.ts';

/**
 * Which jobs may be skipped, by name: `stated` is what the workflow says of it now, as text; a name alone states `true`.
 * Only `true` allows the skip. Empty is what an output is whose job did not run.
 */
export type AllowedSkips = ReadonlyMap<string, Stated>;

export interface Stated {
  readonly allowed: boolean;
  /** Every text that was given for the job. */
  readonly stated: readonly string[];
}

/**
 * Reads `allowed-skips`: names, also several on a line with commas, or one line `<name>: <true|false>`; or JSON, an array of
 * names or an object of booleans. A job that is named twice may be skipped when both lines say so. Throws an Error that says what is allowed.
 */
export function parseAllowedSkips(raw: string): AllowedSkips {
  const skips = new Map<string, Stated>();
  for (const [name, stated] of raw.trimStart().startsWith('{') ? entriesOfJson(raw) : entriesOfLines(raw)) {
    const before = skips.get(name);
    const isTrue = /^(true|True|TRUE)$/.test(stated);
    skips.set(name, {
      allowed: isTrue && before?.allowed !== false,
      stated: [...(before?.stated ?? []), stated],
    });
  }
  return skips;
}

type Entry = readonly [name: string, stated: string];

function entriesOfJson(raw: string): readonly Entry[] {
  let value: Json;
  try {
    value = JSON.parse(raw);
  } catch {
    value = undefined;
  }
  if (!isRecord(value))
    throw new Error(
      'allowed: names, one line `<name>: <true|false>`, or JSON; this begins as JSON and is none',
    );
  const repeated = repeatedKey(raw);
  if (repeated !== undefined)
    throw new Error(
      `${JSON.stringify(oneLine(repeated, 80))} stands there twice, and one would hide the other`,
    );
  return Object.entries(value).map(([name, stated]) => [
    name,
    typeof stated === 'string' ? stated.trim() : (JSON.stringify(stated) ?? ''),
  ]);
}

function entriesOfLines(raw: string): readonly Entry[] {
  if (raw.trimStart().startsWith('[')) return namesOf(raw).map((name): Entry => [name, 'true']);
  return raw.split(/\r\n|\r|\n/).flatMap((line): readonly Entry[] => {
    const colon = line.indexOf(':');
    // A comma after the colon is part of what is stated: a text with one is not `true`.
    if (colon < 0 || line.trimStart().startsWith('#'))
      return namesOf(line).map((name): Entry => [name, 'true']);
    return [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]];
  });
}

/** `"false"`, or that nothing stands there. */
export function statedText({ stated }: Stated): string {
  const other = stated.find((one) => !/^true$/i.test(one)) ?? '';
  return other === '' ? 'nothing' : JSON.stringify(oneLine(other, 40));
}
