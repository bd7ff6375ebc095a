import { isRecord, type Json } from '@sluice/core/json';
import { oneLine } from '@sluice/core/one-line';
import { repeatedKey } from './repeated-key.ts';

/** One job that the gate needs, with its result as it was given: GitHub's are success, failure, cancelled and skipped. */
export interface NeededJob {
  readonly name: string;
  readonly result: string;
}

export interface Needs {
  readonly jobs: readonly NeededJob[];
  /** Of the text that the runner handed over, UTF-8. */
  readonly bytes: number;
}

/** What the input may be, for a sentence. */
export const NEEDS_FORMS = `\`\${{ toJSON(needs) }}\`, or for each job one line \`<job>: \${{ needs.<job>.result }}\``;

const FORMS = `allowed: ${NEEDS_FORMS}`;

/**
 * Reads the input `needs`: GitHub's own `toJSON(needs)`, a JSON object of results, or the bounded form of one line for each job.
 * `{}`, `[]` and `null` name no job, which is no error of form. Throws an Error that says what is allowed.
 */
export function parseNeeds(raw: string): Needs {
  const bytes = Buffer.byteLength(raw);
  const json = /^[[{"]|^null$/.test(raw);
  return { jobs: json ? jobsOfJson(raw) : jobsOfLines(raw), bytes };
}

function jobsOfJson(raw: string): readonly NeededJob[] {
  let value: Json;
  try {
    value = JSON.parse(raw);
  } catch (error) {
    const said = error instanceof Error ? oneLine(error.message, 120) : '';
    throw new Error(`this is no JSON (${said}); ${FORMS}`);
  }
  if (value === null || (Array.isArray(value) && value.length === 0)) return [];
  if (Array.isArray(value)) throw new Error(`a list of results does not say which job each is of; ${FORMS}`);
  if (!isRecord(value)) throw new Error(`this names no job; ${FORMS}`);
  const repeated = repeatedKey(raw);
  if (repeated !== undefined)
    throw new Error(`${quoted(repeated)} stands there twice, and one would hide the other`);
  return Object.entries(value).map(([name, entry]) => ({ name, result: resultIn(entry) }));
}

/** Anything that is no text is put as JSON: no result that GitHub gives reads so, and the sentence shows what was there. */
function resultIn(entry: Json): string {
  const given = isRecord(entry) && Object.hasOwn(entry, 'result') ? entry.result : entry;
  if (typeof given === 'string') return given;
  return isRecord(entry) && given === entry ? '' : (JSON.stringify(given) ?? '');
}

function jobsOfLines(raw: string): readonly NeededJob[] {
  const lines = raw
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const seen = new Set<string>();
  return lines.map((line) => {
    const colon = line.indexOf(':');
    if (/^toJSON\(/i.test(line))
      throw new Error(`the expression itself was given, not what it yields; ${FORMS}`);
    if (colon < 1) throw new Error(`${quoted(line)} names no result; ${FORMS}`);
    const name = line.slice(0, colon).trim();
    if (seen.has(name)) throw new Error(`${quoted(name)} stands there twice, and one would hide the other`);
    seen.add(name);
    return { name, result: line.slice(colon + 1).trim() };
  });
}

const quoted = (value: string): string => JSON.stringify(oneLine(value, 80));
