import type { FileNote } from '../decide/types.ts';
import { isRecord, type Json, kindOf } from '../json.ts';
import { DocumentError } from '../read/json-builder.ts';
import { refuseRepeated, watch } from '../read/repeated.ts';

/** What a file holds, or all that is wrong with it: of a file with a problem nothing is used. */
export interface Parsed<T> {
  readonly value: T;
  readonly problems: readonly FileNote[];
}

/** Gathers what is wrong with one file. */
export interface Notes {
  readonly problems: FileNote[];
  add(message: string, line?: number): void;
  /** The text at a place; undefined where there is none, which is a problem if it is something else than a text, or `required`. */
  text(value: Json, place: string, required?: 'required'): string | undefined;
  /** The list at a place; nothing where there is none. */
  list(value: Json, place: string): readonly Json[];
  /** The milliseconds since the epoch of a time; a text that is none is a problem. */
  time(value: Json, place: string): number | undefined;
}

/** As many as a person mends before trying again. */
const LISTED = 20;

export function notesOn(file: string): Notes {
  const problems: FileNote[] = [];
  const add = (message: string, line?: number): void => {
    if (problems.length < LISTED) problems.push({ file, ...(line !== undefined && { line }), message });
    else if (problems.length === LISTED) problems.push({ file, message: 'and more' });
  };
  const text: Notes['text'] = (value, place, required) => {
    if (typeof value === 'string' && value.trim() !== '') return value;
    const isMissing = value === undefined || value === null || value === '';
    if (!isMissing) add(`\`${place}\` is ${kindOf(value)}, not a text`);
    else if (required) add(`\`${place}\` is missing`);
    return undefined;
  };
  return {
    problems,
    add,
    text,
    list: (value, place) => {
      if (Array.isArray(value)) return value;
      if (value !== undefined && value !== null) add(`\`${place}\` is ${kindOf(value)}, not a list`);
      return [];
    },
    time: (value, place) => {
      const written = text(value, place);
      if (written === undefined) return undefined;
      const time = Date.parse(written);
      if (!Number.isNaN(time)) return time;
      add(`\`${place}\` is no time`);
      return undefined;
    },
  };
}

/** As much of a reason as people read: it is told with each finding. */
const LONGEST_REASON = 1000;

/** The texts among these, one after the other. */
export function reasonOf(...parts: readonly Json[]): string {
  const texts = parts.filter((part): part is string => typeof part === 'string' && part.trim() !== '');
  const reason = texts.map((one) => one.trim()).join(': ');
  return reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON)}…` : reason;
}

/** What is read of VEX documents, of what they may be wrapped in, and of the catalog of exploited vulnerabilities. */
const NAMES = watch([
  ...['dsseEnvelope', 'payload', 'payloadType', 'predicate', 'predicateType'],
  ...['@context', 'timestamp', 'statements', 'vulnerability', 'name', 'aliases', 'status', 'justification'],
  ...['impact_statement', 'last_updated', 'products', 'subcomponents', 'identifiers', 'purl', '@id'],
  ...['bomFormat', 'serialNumber', 'version', 'metadata', 'component', 'components', 'bom-ref'],
  ...['vulnerabilities', 'id', 'references', 'analysis', 'state', 'lastUpdated', 'firstIssued'],
  ...['affects', 'ref', 'versions', 'cveID', 'count', 'dateReleased'],
]);

/** The object that a JSON text holds; what is wrong goes to `notes`, and that it says one thing twice: which of the two counts nobody knows. */
export function readJson(content: string, notes: Notes) {
  const text = content.replace(/^\u{feff}/u, '');
  let value: Json;
  try {
    value = JSON.parse(text);
    refuseRepeated(Buffer.from(text), NAMES);
  } catch (error) {
    if (error instanceof DocumentError) {
      notes.add(error.message);
      return undefined;
    }
    // V8 gives the place only with some of its sentences, and repeats the text in others.
    const line = /\(line (\d+) column \d+\)/.exec(error instanceof Error ? error.message : '')?.[1];
    notes.add('this is not JSON', line === undefined ? undefined : Number(line));
    return undefined;
  }
  if (isRecord(value)) return value;
  notes.add(`this is ${kindOf(value)}, not an object`);
  return undefined;
}
