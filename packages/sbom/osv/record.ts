import { at, isRecord, type Json, type JsonRecord, kindOf, list, text } from '../json.ts';
import type { Rating } from '../types.ts';
import { ratingsOf, wordsOf } from './ratings.ts';
import { pageOf, summaryOf } from './words.ts';

/** One change of what is affected: https://ossf.github.io/osv-schema/#affectedrangesevents-fields */
export interface OsvEvent {
  readonly kind: (typeof EVENTS)[number];
  readonly version: string;
}

export interface OsvRange {
  /** `SEMVER`, `ECOSYSTEM`, `GIT`, or what a later schema adds. */
  readonly type: string;
  readonly events: readonly OsvEvent[];
}

/** What a record says of one package. */
export interface OsvAffected {
  /** As it is written: `Debian:12`. */
  readonly ecosystem: string;
  readonly name: string;
  readonly ranges: readonly OsvRange[];
  readonly versions: readonly string[];
  readonly ratings: readonly Rating[];
}

/** A vulnerability as https://ossf.github.io/osv-schema/ has it; only what is used here. */
export interface OsvRecord {
  readonly id: string;
  /** Milliseconds since the epoch; where it is missing, before all others. */
  readonly modified: number;
  readonly withdrawn: boolean;
  readonly aliases: readonly string[];
  /** What it tells of again, for one distribution: `DSA-5632-1` of several CVEs. No other names of it. */
  readonly upstream: readonly string[];
  readonly summary: string;
  readonly ratings: readonly Rating[];
  readonly url?: string;
  /** Without those that name no package: they are about a repository. */
  readonly affected: readonly OsvAffected[];
}

/** The order matters for a record that puts two into one event: it meant a beginning, and then an end. */
const EVENTS = ['introduced', 'fixed', 'last_affected', 'limit'] as const;

/** An OSV record from JSON; throws an Error that has the place: `affected[2].ranges is a text and must be a list`. */
export function parseRecord(json: Json): OsvRecord {
  if (!isRecord(json)) throw wrong('it', json, 'an object');
  const id = text(json.id);
  if (id === undefined) throw wrong('id', json.id, 'a text');
  const url = pageOf(id, json);
  return {
    id,
    modified: timeOf(json, 'modified') ?? Number.NEGATIVE_INFINITY,
    withdrawn: timeOf(json, 'withdrawn') !== undefined,
    aliases: texts(json.aliases, 'aliases'),
    upstream: texts(json.upstream, 'upstream'),
    summary: summaryOf(json),
    ratings: [...ratingsOf(listOf(json.severity, 'severity')), ...wordsOf(json)],
    ...(url !== undefined && { url }),
    affected: listOf(json.affected, 'affected').flatMap(affectedOf),
  };
}

function affectedOf(json: Json, index: number): readonly OsvAffected[] {
  const place = `affected[${index}]`;
  if (!isRecord(json)) throw wrong(place, json, 'an object');
  const ecosystem = nameOf(json, place, 'ecosystem');
  const name = nameOf(json, place, 'name');
  if (ecosystem === undefined && name === undefined) return [];
  if (ecosystem === undefined) throw wrong(`${place}.package.ecosystem`, undefined, 'a text');
  if (name === undefined) throw wrong(`${place}.package.name`, undefined, 'a text');
  const ranges = listOf(json.ranges, `${place}.ranges`);
  return [
    {
      ecosystem,
      name,
      ranges: ranges.map((range, number) => rangeOf(range, `${place}.ranges[${number}]`)),
      versions: texts(json.versions, `${place}.versions`),
      ratings: [...ratingsOf(listOf(json.severity, `${place}.severity`)), ...wordsOf(json)],
    },
  ];
}

function nameOf(affected: JsonRecord, place: string, key: 'ecosystem' | 'name'): string | undefined {
  const holder = at(affected, 'package');
  if (holder !== undefined && holder !== null && !isRecord(holder))
    throw wrong(`${place}.package`, holder, 'an object');
  const value = at(holder, key);
  if (value !== undefined && typeof value !== 'string')
    throw wrong(`${place}.package.${key}`, value, 'a text');
  return text(value);
}

function rangeOf(json: Json, place: string): OsvRange {
  if (!isRecord(json)) throw wrong(place, json, 'an object');
  const type = text(json.type);
  if (type === undefined) throw wrong(`${place}.type`, json.type, 'a text');
  const events = listOf(json.events, `${place}.events`);
  return { type, events: events.flatMap((event, index) => eventsOf(event, `${place}.events[${index}]`)) };
}

function eventsOf(json: Json, place: string): readonly OsvEvent[] {
  if (!isRecord(json)) throw wrong(place, json, 'an object');
  return EVENTS.flatMap((kind) => {
    const version = at(json, kind);
    if (version === undefined || version === null || version === '') return [];
    if (typeof version !== 'string') throw wrong(`${place}.${kind}`, version, 'a text');
    return [{ kind, version }];
  });
}

/** Go writes `null` for what has no entries. */
function listOf(json: Json, place: string): readonly Json[] {
  if (json !== undefined && json !== null && !Array.isArray(json)) throw wrong(place, json, 'a list');
  return list(json);
}

function texts(json: Json, place: string): readonly string[] {
  return listOf(json, place).map((value, index) => {
    if (typeof value !== 'string') throw wrong(`${place}[${index}]`, value, 'a text');
    return value;
  });
}

function timeOf(json: JsonRecord, key: 'modified' | 'withdrawn'): number | undefined {
  const value = at(json, key);
  if (value === undefined || value === null || value === '') return undefined;
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw wrong(key, value, 'a time');
  return time;
}

const wrong = (place: string, value: Json, wanted: string): Error =>
  new Error(`${place} is ${value === '' ? 'empty' : kindOf(value)} and must be ${wanted}`);
