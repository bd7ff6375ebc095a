import { at, items, type Json, text } from '@sluice/argocd/json';

/** What a run leaves in an issue for the next one, where nobody sees it. */
export interface Mark {
  /** All names of the vulnerability, in capitals. */
  readonly names: readonly string[];
  /** The environment that is looked at: scans of another one leave the issue alone. */
  readonly scope: string;
  /** Keys of what has it. */
  readonly found: readonly string[];
  /** By these keys the packages in which they have it, by `nameOfPackage`; none of those for which there is no room. */
  readonly packages: ReadonlyMap<string, readonly string[]>;
  /** There are more of them than are kept. */
  readonly more: boolean;
}

const BEGIN = '<!-- sluice:security-scan ';
const END = '<!-- /sluice:security-scan -->';

/** Characters, of the 65,536 of an issue. */
const MOST_OF_FOUND = 12_000;
const MOST_OF_NAMES = 4000;

/** The part of an issue that is ours, with its marks around it. */
export function marked(content: string, { names, scope, found, packages }: Omit<Mark, 'more'>): string {
  const kept = within(found, MOST_OF_FOUND);
  const more = kept.length < found.length;
  let left = MOST_OF_FOUND - kept.reduce((sum, key) => sum + encoded(key).length + 1, 0);
  const listed = new Map<string, number>();
  const has: (readonly number[])[] = [];
  for (const key of kept) {
    const own = packages.get(key) ?? [];
    const added = own.filter((name) => !listed.has(name));
    left -= own.length * 5 + 3 + added.reduce((sum, name) => sum + encoded(name).length + 1, 0);
    if (left < 0) break;
    for (const name of added) listed.set(name, listed.size);
    has.push(own.flatMap((name) => listed.get(name) ?? []));
  }
  const mark = encoded({
    names: within(names, MOST_OF_NAMES),
    scope,
    found: kept,
    packages: [...listed.keys()],
    has,
    more,
  });
  return `${BEGIN}${mark} -->\n${content}\n${END}`;
}

/** The first of them, as many as fit. */
function within(texts: readonly string[], limit: number): readonly string[] {
  let left = limit;
  const end = texts.findIndex((one) => {
    left -= encoded(one).length + 1;
    return left < 0;
  });
  return end < 0 ? texts : texts.slice(0, end);
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
    : {
        ...{ names, scope: text(at(value, 'scope')) ?? '', found, packages: packagesAt(value, found) },
        more: at(value, 'more') === true,
      };
}

/** For each key the numbers of its packages in the list. What is broken tells of no package. */
function packagesAt(value: Json, found: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const [listed, has] = [textsAt(value, 'packages'), items(at(value, 'has'))];
  return new Map(
    found.map((key, index) => [
      key,
      items(has[index]).flatMap((number) => (typeof number === 'number' ? (listed[number] ?? []) : [])),
    ]),
  );
}

/** What two issues of one vulnerability know of where it was found. */
export function joined(one: Mark, other: Mark): Mark {
  const found = [...new Set([...one.found, ...other.found])];
  const packages = found.map((key) => {
    const lists = [one, other].flatMap((mark) =>
      mark.found.includes(key) ? [mark.packages.get(key) ?? []] : [],
    );
    // Where one of them does not tell which, none is known.
    return [key, lists.some(({ length }) => length === 0) ? [] : [...new Set(lists.flat())]] as const;
  });
  return { ...one, found, packages: new Map(packages), more: one.more || other.more };
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
