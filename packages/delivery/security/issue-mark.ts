import { at, items, type Json, text } from '@sluice/argocd/json';

/** What a run leaves in an issue for the next one, where nobody sees it. */
export interface Mark {
  /** All names of the vulnerability, in capitals. */
  readonly names: readonly string[];
  /** The environment that is looked at: scans of another one leave the issue alone. */
  readonly scope: string;
  /** Keys of what has it. */
  readonly found: readonly string[];
  /** There are more of them than are kept. */
  readonly more: boolean;
}

const BEGIN = '<!-- sluice:security-scan ';
const END = '<!-- /sluice:security-scan -->';

/** Of the 65,536 characters of an issue. */
const MOST_CHARACTERS = 12_000;
const MOST_NAMES = 50;

/** The part of an issue that is ours, with its marks around it. */
export function marked(content: string, { names, scope, found }: Omit<Mark, 'more'>): string {
  const kept: string[] = [];
  let left = MOST_CHARACTERS;
  for (const key of found) {
    left -= encoded(key).length + 1;
    if (left < 0) break;
    kept.push(key);
  }
  const more = kept.length < found.length;
  const mark = encoded({
    names: names.slice(0, MOST_NAMES).map((name) => name.slice(0, 200)),
    scope,
    found: kept,
    more,
  });
  return `${BEGIN}${mark} -->\n${content}\n${END}`;
}

/** JSON in which nothing ends a comment. */
const encoded = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&]|-(?=-)/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`);

/** The mark of an issue; undefined where it has none, or somebody has broken it. */
export function markOf(body: string | null | undefined): Mark | undefined {
  const begin = body?.indexOf(BEGIN) ?? -1;
  if (body === null || body === undefined || begin < 0) return undefined;
  const end = body.indexOf(' -->', begin);
  const value = parsed(body.slice(begin + BEGIN.length, Math.max(end, begin)));
  const [names, found] = [textsAt(value, 'names'), textsAt(value, 'found')];
  return names.length === 0
    ? undefined
    : { names, scope: text(at(value, 'scope')) ?? '', found, more: at(value, 'more') === true };
}

/** The text of an issue with our part put in place; what people wrote before and after it stays. */
export function withPart(body: string | null | undefined, part: string): string {
  const text = (body ?? '').replaceAll('\r\n', '\n');
  const begin = text.indexOf(BEGIN);
  const end = text.lastIndexOf(END);
  if (begin < 0 || end < begin) return part;
  return `${text.slice(0, begin)}${part}${text.slice(end + END.length)}`;
}

/** Whether an issue reads as it did: a browser changes the ends of lines. */
export const isSameText = (one: string | null | undefined, other: string): boolean =>
  (one ?? '').replaceAll('\r\n', '\n').trimEnd() === other.trimEnd();

function parsed(content: string): Json {
  try {
    const value: Json = JSON.parse(content);
    return value;
  } catch {
    return undefined;
  }
}

const textsAt = (value: Json, key: string): readonly string[] =>
  items(at(value, key)).flatMap((one) => text(one) ?? []);
