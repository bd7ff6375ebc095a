import type { Rating } from '../types.ts';

/** As long as a summary of a record is kept. */
const SUMMARY = 300;

/** The first line of a description. */
export function firstLine(words: string): string {
  const line =
    words
      .trimStart()
      .split(/[\r\n]/, 1)[0]
      ?.trim() ?? '';
  return line.length <= SUMMARY ? line : `${line.slice(0, SUMMARY - 1)}…`;
}

/** A vector by its version, which it has in front since CVSS 3. */
export function cvssOf(vector: string | undefined, version = ''): readonly Rating[] {
  if (vector === undefined) return [];
  const major = /^CVSS:(\d)/.exec(vector)?.[1] ?? /^(\d)/.exec(version)?.[1] ?? '2';
  const type = ({ 2: 'CVSS_V2', 3: 'CVSS_V3', 4: 'CVSS_V4' } as const)[major];
  return type === undefined ? [] : [{ type, value: vector }];
}
